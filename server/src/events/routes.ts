import * as endpoints from "@causeway/contract/endpoints/events"
import { vendorEventTypes } from "@causeway/contract/event-types"
import { formatId, parseId } from "@causeway/contract/ids"
import { eventsPageMax } from "@causeway/contract/limits"
import type { Principal } from "../http/callers.ts"
import { HttpError, invalid, notFound } from "../http/errors.ts"
import { pagedList, readIdPlace, readLimit } from "../http/lists.ts"
import { readQ, wordsOf } from "../http/q.ts"
import { type Answer, type Call, type Route, route } from "../http/route.ts"
import { opensFor } from "../inboxes/store.ts"
import { getConversationFor } from "../messages/access.ts"
import { viewerFor } from "../messages/resource.ts"
import type { Services } from "../services.ts"
import { memberOf } from "../teammates/roles.ts"
import { eventResources } from "./resource.ts"
import { type EventFilter, findEvent, listEvents } from "./store.ts"

type Deps = Pick<Services, "db">

export const eventRoutes = (deps: Deps): Route[] => [
  route(endpoints.listEvents, async (call) => {
    const { query, principal } = call
    if (query.sort_by !== undefined && query.sort_by !== "created_at")
      throw invalid("query.sort_by", "must be created_at")
    return await answerPage(deps, call, {
      companyId: memberOf(principal).companyId,
      viewer: opensFor(principal),
      ...readFilter(query),
      order: query.sort_order ?? "desc",
      place: readIdPlace(query.page_token),
      limit: readLimit(query.limit, { default: eventsPageMax, max: eventsPageMax }),
    })
  }),

  route(endpoints.listConversationEvents, async (call) => {
    const { params, query, principal } = call
    const { company_id: companyId, id: conversationId } = await getConversationFor(
      deps.db,
      principal,
      params.conversation_id,
    )
    return await answerPage(deps, call, {
      companyId,
      viewer: null,
      conversationId,
      types: null,
      inboxIds: null,
      before: null,
      after: null,
      order: "desc",
      place: readIdPlace(query.page_token),
      limit: readLimit(query.limit),
    })
  }),

  route(endpoints.getEvent, async ({ params, principal, origin }) => {
    const { companyId } = memberOf(principal)
    const id = parseId("evt", params.event_id)
    const row = id === null ? null : await findEvent(deps.db, companyId, id)
    if (row?.conversation_id == null || !(await mayReach(deps, principal, row.conversation_id)))
      throw notFound("event", params.event_id)
    const [event] = await eventResources(deps.db, companyId, [row], viewerFor(principal, origin))
    if (event === undefined) throw notFound("event", params.event_id)
    return { status: 200, body: event }
  }),
]

/** A conversation that was merged away (301) is reached where it went. */
async function mayReach({ db }: Deps, principal: Principal, conversationId: number): Promise<boolean> {
  try {
    await getConversationFor(db, principal, formatId("cnv", conversationId))
    return true
  } catch (error) {
    if (error instanceof HttpError && error.status < 500) return error.status === 301
    throw error
  }
}

async function answerPage(
  deps: Deps,
  call: Pick<Call<unknown>, "principal" | "origin" | "request">,
  filter: EventFilter,
): Promise<Answer> {
  const rows = await listEvents(deps.db, { ...filter, limit: filter.limit + 1 })
  const shown = rows.slice(0, filter.limit)
  const events = await eventResources(deps.db, filter.companyId, shown, viewerFor(call.principal, call.origin))
  const byId = new Map(events.map((event) => [event.id, event]))
  const body = pagedList(call, rows, {
    limit: filter.limit,
    placeOf: (row) => String(row.position),
    resource: (row) => byId.get(formatId("evt", row.id)),
  })
  // A conversation may have been deleted between the two reads.
  return { status: 200, body: { ...body, _results: (body._results as unknown[]).filter((one) => one !== undefined) } }
}

const known: ReadonlySet<string> = new Set(vendorEventTypes)

/** Source: Core API parameter activityQuery. */
function readFilter(query: object): Pick<EventFilter, "types" | "inboxIds" | "before" | "after"> {
  const q = readQ(query)
  const types = wordsOf(q.types, "query.q.types")
  const unknown = types?.find((type) => !known.has(type))
  if (unknown !== undefined) throw invalid("query.q.types", `names ${unknown.slice(0, 100)}, which is no type of event`)
  const inboxes = wordsOf(q.inboxes, "query.q.inboxes")
  return {
    types,
    // An inbox that there is not has no events.
    inboxIds: inboxes?.map((reference) => parseId("inb", reference) ?? 0) ?? null,
    before: readTime(q.before, "query.q.before"),
    after: readTime(q.after, "query.q.after"),
  }
}

/** seconds since 1970, with up to three decimals */
function readTime(value: unknown, field: string): Date | null {
  if (value === undefined || value === null || value === "") return null
  const time = typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN
  if (!(time >= 0 && time <= 253_402_300_799)) throw invalid(field, "must be a time in seconds since 1970")
  return new Date(Math.round(time * 1000))
}
