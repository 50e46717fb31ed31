import * as endpoints from "@causeway/contract/endpoints/links"
import type { ChangeDeps } from "../company/changes.ts"
import { conversationList } from "../conversations/list.ts"
import { invalid } from "../http/errors.ts"
import { pagedList, readIdOrder, readIdPlace, readLimit } from "../http/lists.ts"
import { readQ, wordsOf } from "../http/q.ts"
import { type Route, route } from "../http/route.ts"
import { memberOf, refuseObserver } from "../teammates/roles.ts"
import { getLink, linkFor, linkResource, listLinks, renameLink } from "./store.ts"
import { refuseOddUrl } from "./url.ts"

export const linkRoutes = ({ db, ids }: ChangeDeps): Route[] => [
  route(endpoints.listLinks, async (call) => {
    const { principal, query, origin } = call
    const limit = readLimit(query.limit)
    const types = wordsOf(readQ(query).types, "query.q.types")
    const page = { limit, after: readIdPlace(query.page_token), order: readIdOrder(query), types }
    const rows = await listLinks(db, memberOf(principal).companyId, page)
    const body = pagedList(call, rows, {
      limit,
      placeOf: (link) => String(link.id),
      resource: (link) => linkResource(link, origin),
    })
    return { status: 200, body }
  }),

  route(endpoints.createLink, async ({ body, principal, origin }) => {
    refuseObserver(principal)
    if (body.external_url === undefined) {
      if (body.pattern === undefined) throw invalid("body.external_url", "is required")
      throw invalid("body.pattern", "matches no application object: there are none here, give external_url instead")
    }
    if (body.pattern !== undefined) throw invalid("body.pattern", "cannot be combined with external_url")
    refuseOddUrl(body.external_url, "body.external_url")
    await ids.reserve(1)
    const link = await linkFor(db, memberOf(principal).companyId, {
      id: ids.take(),
      url: body.external_url,
      ...(body.name !== undefined && { name: body.name }),
    })
    return { status: 201, body: linkResource(link, origin) }
  }),

  route(endpoints.getLink, async ({ params, principal, origin }) => {
    const link = await getLink(db, memberOf(principal).companyId, params.link_id)
    return { status: 200, body: linkResource(link, origin) }
  }),

  route(endpoints.listLinkConversations, async (call) => {
    const { id } = await getLink(db, memberOf(call.principal).companyId, call.params.link_id)
    return { status: 200, body: await conversationList({ db }, call, { of: "link", id }) }
  }),

  route(endpoints.updateLink, async ({ params, body, principal }) => {
    refuseObserver(principal)
    const { companyId } = memberOf(principal)
    const link = await getLink(db, companyId, params.link_id)
    if (body.name !== undefined) await renameLink(db, companyId, link.id, body.name)
    return { status: 204 }
  }),
]
