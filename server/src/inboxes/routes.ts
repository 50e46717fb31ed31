import {
  createInbox,
  getInbox as getInboxEndpoint,
  listInboxChannels,
  listInboxes as listInboxesEndpoint,
} from "@causeway/contract/endpoints/channels"
import type { Channels } from "../channels/store.ts"
import { channelResource } from "../channels/views.ts"
import type { Database } from "../database/database.ts"
import { wholeList } from "../http/lists.ts"
import { type Route, route } from "../http/route.ts"
import type { Ids } from "../ids.ts"
import { memberOf, requireAdmin } from "../teammates/roles.ts"
import { getInbox, inboxResource, insertInbox, listInboxes } from "./store.ts"

export const inboxRoutes = ({ db, ids, channels }: { db: Database; ids: Ids; channels: Channels }): Route[] => [
  route(listInboxesEndpoint, async ({ principal, origin, request }) => {
    const inboxes = await listInboxes(db, memberOf(principal).companyId)
    return {
      status: 200,
      body: wholeList(
        request,
        origin,
        inboxes.map((inbox) => inboxResource(inbox, origin)),
      ),
    }
  }),

  route(createInbox, async ({ body, principal, origin }) => {
    requireAdmin(principal)
    await ids.reserve(1)
    const inbox = await insertInbox(db, {
      companyId: memberOf(principal).companyId,
      id: ids.take(),
      name: body.name,
      isPublic: body.is_public ?? true,
    })
    return { status: 201, body: inboxResource(inbox, origin) }
  }),

  route(getInboxEndpoint, async ({ params, principal, origin }) => {
    return {
      status: 200,
      body: inboxResource(await getInbox(db, memberOf(principal).companyId, params.inbox_id), origin),
    }
  }),

  route(listInboxChannels, async ({ params, principal, origin, request }) => {
    const { companyId } = memberOf(principal)
    const inbox = await getInbox(db, companyId, params.inbox_id)
    const list = await channels.list(companyId, inbox.id)
    return {
      status: 200,
      body: wholeList(
        request,
        origin,
        list.map((channel) => channelResource(channel, origin)),
      ),
    }
  }),
]
