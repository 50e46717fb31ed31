import { listDeliveries, replayDelivery } from "@causeway/contract/endpoints/deliveries"
import { formatId, type IdPrefix, parseId } from "@causeway/contract/ids"
import { pageDefault } from "@causeway/contract/limits"
import { forbidden, HttpError, notFound } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import { memberOf, requireDeveloper } from "../teammates/roles.ts"
import { listDeliveryRows, viewDeliveries } from "./read.ts"
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
    requireDeveloper(principal)
    if (principal.kind === "session" && principal.role === "observer")
      throw forbidden("An observer reads and comments, but sends nothing")
    const { companyId } = memberOf(principal)
    const id = parseId("dlv", params.delivery_id)
    const [row] = id === null ? [] : await listDeliveryRows(deps.db, { companyId, id, max: 1 })
    if (row === undefined) throw notFound("delivery", params.delivery_id.slice(0, 200))
    const replayId = await replay(deps, companyId, row)
    deps.committed([companyId])
    return { status: 202, body: { delivery_id: formatId("dlv", replayId) } }
  }),
]

function idIn(prefix: IdPrefix, field: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const id = parseId(prefix, text)
  if (id === null)
    throw new HttpError(400, `${field} must be an id like ${prefix}_1a (was ${text.slice(0, 60)})`, {
      details: [`query.${field} is no id`],
    })
  return id
}
