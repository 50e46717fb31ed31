import { listPresence, reportPresence } from "@causeway/contract/endpoints/presence"
import { formatId } from "@causeway/contract/ids"
import type { Person } from "@causeway/contract/inbox"
import { reachableOf } from "../conversations/reach.ts"
import { HttpError } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import { opensFor } from "../inboxes/store.ts"
import { getConversationFor } from "../messages/access.ts"
import type { Services } from "../services.ts"
import { findTeammates, type TeammateRow } from "../teammates/store.ts"
import type { Presence } from "./presence.ts"

interface PresenceDeps extends Pick<Services, "db"> {
  presence: Presence
}

export const presenceRoutes = ({ db, presence }: PresenceDeps): Route[] => [
  route(reportPresence, async ({ params, body, principal }) => {
    if (principal.kind !== "session") throw new HttpError(403, "Presence is of people, who have sessions")
    const { companyId, teammateId } = principal
    const { id: conversationId } = await getConversationFor(db, principal, params.conversation_id)
    const [teammate] = await findTeammates(db, companyId, [teammateId])
    if (teammate === undefined) throw new HttpError(403, "Presence is of people, who have sessions")
    presence.note({ companyId, conversationId, teammateId, person: personOf(teammate), ...body })
    const teammates = presence.at(companyId, conversationId)
    return { status: 200, body: { conversation_id: formatId("cnv", conversationId), teammates } }
  }),

  route(listPresence, async ({ principal }) => {
    if (principal.kind !== "session") throw new HttpError(403, "Presence is shown to people, who have sessions")
    const { companyId } = principal
    const open = await reachableOf(db, companyId, opensFor(principal), presence.conversations(companyId))
    const conversations = [...open].map((id) => ({
      conversation_id: formatId("cnv", id),
      teammates: presence.at(companyId, id),
    }))
    return { status: 200, body: { conversations } }
  }),
]

const personOf = ({ id, first_name, last_name, email }: TeammateRow): Person => ({
  id: formatId("tea", id),
  name: `${first_name} ${last_name}`.trim() || email,
})
