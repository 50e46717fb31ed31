import * as endpoints from "@causeway/contract/endpoints/conversation-parts"
import { formatId } from "@causeway/contract/ids"
import { wholeList } from "../http/lists.ts"
import { type Answer, type Call, type Route, route } from "../http/route.ts"
import { getInbox, inboxResource } from "../inboxes/store.ts"
import { getConversationFor } from "../messages/access.ts"
import type { Services } from "../services.ts"
import { memberOf } from "../teammates/roles.ts"
import { listTeammatesOf, teammateResource } from "../teammates/store.ts"
import { changeLocked } from "./change.ts"
import { addFollowers, addLinks, addParts, readTagIds, removeFollowers, removeLinks, removeParts } from "./parts.ts"
import type { ConversationRow } from "./read.ts"
import { setReminder } from "./reminders.ts"

type AnyCall = Pick<Call<typeof endpoints.addTags>, "params" | "principal">

/** Followers, inboxes, links, reminders and tags of a conversation. */
export const conversationPartRoutes = (deps: Services): Route[] => {
  const conversationOf = ({ params, principal }: AnyCall): Promise<ConversationRow> =>
    getConversationFor(deps.db, principal, params.conversation_id)
  /** 204 when it is done. */
  const change = async (call: AnyCall, work: (row: ConversationRow) => Promise<void>): Promise<Answer> => {
    await work(await conversationOf(call))
    return { status: 204 }
  }

  return [
    route(endpoints.listFollowers, async (call) => {
      const { company_id, id } = await conversationOf(call)
      const list = { table: "conversation_follower", key: "conversation_id" } as const
      const rows = await listTeammatesOf(deps.db, company_id, list, id)
      const followers = rows.map((row) => teammateResource(row, call.origin))
      return { status: 200, body: wholeList(call.request, call.origin, followers) }
    }),
    route(endpoints.addFollowers, (call) =>
      change(call, ({ id }) =>
        addFollowers(deps, memberOf(call.principal), id, call.body.teammate_ids, call.query.ignore_errors === true),
      ),
    ),
    route(endpoints.removeFollowers, (call) =>
      change(call, ({ id }) => removeFollowers(deps, memberOf(call.principal), id, call.body.teammate_ids)),
    ),

    route(endpoints.listConversationInboxes, async (call) => {
      const { company_id, inbox_id } = await conversationOf(call)
      const inboxes = inbox_id === null ? [] : [await getInbox(deps.db, company_id, formatId("inb", inbox_id))]
      const shown = inboxes.map((inbox) => inboxResource(inbox, call.origin))
      return { status: 200, body: wholeList(call.request, call.origin, shown) }
    }),

    route(endpoints.addLinks, (call) =>
      change(call, ({ id }) => addLinks(deps, memberOf(call.principal), id, call.body)),
    ),
    route(endpoints.removeLinks, (call) =>
      change(call, ({ id }) => removeLinks(deps, memberOf(call.principal), id, call.body.link_ids)),
    ),

    route(endpoints.updateReminders, (call) =>
      change(call, ({ id }) => setReminder(deps, memberOf(call.principal), id, call.body)),
    ),

    route(endpoints.addTags, (call) =>
      change(call, async ({ company_id, id }) => {
        const member = memberOf(call.principal)
        const ids = await readTagIds(deps.db, member, call.body.tag_ids)
        await changeLocked(deps, member, id, (locked) => addParts(locked, company_id, "tag", ids))
      }),
    ),
    route(endpoints.removeTags, (call) =>
      change(call, async ({ company_id, id }) => {
        const member = memberOf(call.principal)
        const ids = await readTagIds(deps.db, member, call.body.tag_ids)
        await changeLocked(deps, member, id, (locked) => removeParts(locked, company_id, "tag", ids))
      }),
    ),
  ]
}
