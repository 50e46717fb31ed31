import {
  type ApiCallView,
  getApiCall,
  getDelivery,
  listLog,
  traceId,
  tryDelivery,
} from "@causeway/contract/endpoints/log"
import { formatId, type IdPrefix, parseId } from "@causeway/contract/ids"
import type { Channels } from "../channels/store.ts"
import type { Database } from "../database/database.ts"
import { type DeliveryRow, listDeliveryRows, viewDeliveries } from "../delivery/read.ts"
import type { Principal } from "../http/callers.ts"
import { invalid, notFound } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import { memberOf, requireBuilder, requireDeveloper } from "../teammates/roles.ts"
import { etagOf, type LogFilter, readLog } from "./list.ts"
import { trace } from "./trace.ts"
import { type TryDeps, tryAgain } from "./try.ts"

export interface TrafficRouteDeps extends TryDeps {
  channels: Channels
  config: { keepDeliveriesDays: number }
  /** Makes what was just noted readable. */
  flushCalls(): Promise<void>
}

/** How soon a change shows to whoever waits for one. */
const lookEveryMs = 120
const pageDefault = 100

export const trafficRoutes = (deps: TrafficRouteDeps): Route[] => {
  const { db } = deps
  const companyOf = (principal: Principal): number => {
    requireDeveloper(principal)
    return memberOf(principal).companyId
  }
  return [
    route(listLog, async ({ query, principal, request }) => {
      const companyId = companyOf(principal)
      const max = query.limit ?? pageDefault
      const filter: LogFilter = {
        companyId,
        channelIds: await channelsOf(deps.channels, companyId, query),
        conversationId:
          query.conversation_id === undefined ? null : idOf("cnv", "conversation_id", query.conversation_id),
        direction: query.direction ?? null,
        what: query.what ?? null,
        outcome: query.outcome ?? null,
        text: query.text ?? null,
        since: query.since === undefined ? null : new Date(query.since * 1000),
        before:
          query.before === undefined ? null : (parseId("dlv", query.before) ?? idOf("req", "before", query.before)),
        max,
      }
      const endsAt = Date.now() + (query.wait_seconds ?? 0) * 1000
      for (;;) {
        await deps.flushCalls()
        const found = await readLog(db, filter)
        const entries = found.slice(0, max)
        const etag = etagOf(entries)
        if (etag !== query.etag || Date.now() >= endsAt || request.raw.destroyed) {
          const next = found.length > max ? (entries.at(-1)?.id ?? null) : null
          return { status: 200, body: { entries, next, etag, kept_days: deps.config.keepDeliveriesDays } }
        }
        await new Promise((resolve) => setTimeout(resolve, lookEveryMs).unref())
      }
    }),
    route(getDelivery, async ({ params, principal }) => {
      const companyId = companyOf(principal)
      const row = await getRow(db, companyId, params.delivery_id)
      const [view] = await viewDeliveries(db, companyId, [row])
      return { status: 200, body: view }
    }),
    route(tryDelivery, async ({ params, principal, body }) => {
      requireBuilder(principal)
      const { companyId } = memberOf(principal)
      const id = await tryAgain(deps, companyId, await getRow(db, companyId, params.delivery_id), body.body)
      const [view] = await viewDeliveries(db, companyId, await listDeliveryRows(db, { companyId, id, max: 1 }))
      return { status: 200, body: view }
    }),
    route(getApiCall, async ({ params, principal }) => {
      const companyId = companyOf(principal)
      await deps.flushCalls()
      const call = await findCall(db, companyId, parseId("req", params.api_call_id))
      if (call === null) throw notFound("API call", params.api_call_id.slice(0, 200))
      return { status: 200, body: call }
    }),
    route(traceId, async ({ query, principal }) => {
      const companyId = companyOf(principal)
      await deps.flushCalls()
      const found = await trace(db, companyId, query.id?.trim() ?? "")
      if (found === null)
        return { status: 200, body: { message_id: null, conversation_id: null, direction: null, steps: [] } }
      return {
        status: 200,
        body: {
          message_id: found.messageId === null ? null : formatId("msg", found.messageId),
          conversation_id: found.conversationId === null ? null : formatId("cnv", found.conversationId),
          direction: found.direction,
          steps: found.steps,
        },
      }
    }),
  ]
}

/** Null: whatever channel. One that the company does not have shows nothing. */
async function channelsOf(
  channels: Channels,
  companyId: number,
  query: { channel_id?: string; app_uid?: string },
): Promise<number[] | null> {
  if (query.channel_id !== undefined) return [idOf("cha", "channel_id", query.channel_id)]
  if (query.app_uid === undefined) return null
  return (await channels.list(companyId)).filter(({ appUid }) => appUid === query.app_uid).map(({ id }) => id)
}

function idOf(prefix: IdPrefix, field: string, text: string): number {
  const id = parseId(prefix, text)
  if (id === null) throw invalid(`query.${field}`, `must be an id like ${prefix}_1a (was ${text.slice(0, 60)})`)
  return id
}

async function getRow(db: Database, companyId: number, text: string): Promise<DeliveryRow> {
  const id = parseId("dlv", text)
  const [row] = id === null ? [] : await listDeliveryRows(db, { companyId, id, max: 1 })
  if (row === undefined) throw notFound("delivery", text.slice(0, 200))
  return row
}

async function findCall(db: Database, companyId: number, id: number | null): Promise<ApiCallView | null> {
  const rows = await db.query<
    Omit<ApiCallView, "id" | "at" | "channel_id"> & { id: number; at: Date; channel_id: number | null }
  >({
    name: "traffic.find",
    text: `select id, at, channel_id, what, method, url, status, took_ms, request_headers, request_body, response_body, external_id, message_uid
           from api_call where company_id = $1 and id = $2`,
    values: [companyId, id],
  })
  const [row] = rows
  if (row === undefined) return null
  return {
    ...row,
    id: formatId("req", row.id),
    at: row.at.getTime() / 1000,
    channel_id: row.channel_id === null ? null : formatId("cha", row.channel_id),
  }
}
