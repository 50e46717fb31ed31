import { listDeliveries, redriveDeliveries, replayDelivery } from "@causeway/contract/endpoints/deliveries"
import { formatId, type IdPrefix, parseId } from "@causeway/contract/ids"
import { pageDefault } from "@causeway/contract/limits"
import type { Principal } from "../http/callers.ts"
import { HttpError, notFound } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import { memberOf, requireBuilder, requireDeveloper } from "../teammates/roles.ts"
import { listDeliveryRows, viewDeliveries } from "./read.ts"
import { countRedrive, countTold, type RedriveFilter, redrive } from "./redrive.ts"
import { type ReplayDeps, replay } from "./replay.ts"

export interface DeliveryRouteDeps extends ReplayDeps {
  /** After a commit: wakes the delivery and the live feed. */
  committed(companyIds: Iterable<number>): void
}

export const deliveryRoutes = (deps: DeliveryRouteDeps): Route[] => [
  route(listDeliveries, async ({ query, principal }) => {
    requireDeveloper(principal)
    const { companyId } = memberOf(principal)
    const max = query.limit ?? pageDefault
    const rows = await listDeliveryRows(deps.db, {
      companyId,
      channelId: idIn("cha", "channel_id", query.channel_id),
      webhookId: idIn("whk", "webhook_id", query.webhook_id),
      messageId: idIn("msg", "message_id", query.message_id),
      before: idIn("dlv", "before", query.before),
      status: query.status,
      max: max + 1,
    })
    const page = rows.slice(0, max)
    const next = rows.length > max ? formatId("dlv", (page.at(-1) as { id: number }).id) : null
    return { status: 200, body: { deliveries: await viewDeliveries(deps.db, companyId, page), next } }
  }),
  route(replayDelivery, async ({ params, principal }) => {
    const companyId = senderOf(principal)
    const id = parseId("dlv", params.delivery_id)
    const [row] = id === null ? [] : await listDeliveryRows(deps.db, { companyId, id, max: 1 })
    if (row === undefined) throw notFound("delivery", params.delivery_id.slice(0, 200))
    const replayId = await replay(deps, companyId, row)
    deps.committed([companyId])
    return { status: 202, body: { delivery_id: formatId("dlv", replayId) } }
  }),
  route(redriveDeliveries, async ({ body, principal }) => {
    const companyId = senderOf(principal)
    const channelId = parseId("cha", body.channel_id)
    if (channelId === null) throw notFound("channel", body.channel_id)
    const filter: RedriveFilter = {
      companyId,
      channelId,
      states: body.status ?? ["failed"],
      since: new Date(body.since * 1000),
      until: body.until === undefined ? null : new Date(body.until * 1000),
    }
    const found = await countRedrive(deps.db, filter)
    if (body.confirm !== true) {
      const oldest_at = found.oldest_at === null ? null : found.oldest_at.getTime() / 1000
      // To the next millisecond: what was counted lies before it.
      const counted_at = (found.counted_at.getTime() + 1) / 1000
      return {
        status: 200,
        body: { count: found.count, oldest_at, counted_at, told: await countTold(deps.db, filter) },
      }
    }
    const count = await redrive(deps, filter, body.limit)
    deps.committed([companyId])
    return { status: 202, body: { count, left: (await countRedrive(deps.db, filter)).count } }
  }),
]

/** The company of whoever may have partners told again. */
function senderOf(principal: Principal): number {
  requireBuilder(principal)
  return memberOf(principal).companyId
}

function idIn(prefix: IdPrefix, field: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const id = parseId(prefix, text)
  if (id === null)
    throw new HttpError(400, `${field} must be an id like ${prefix}_1a (was ${text.slice(0, 60)})`, {
      details: [`query.${field} is no id`],
    })
  return id
}
