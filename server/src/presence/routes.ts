import { listPresence, listTyping, reportPresence, reportTyping } from "@causeway/contract/endpoints/presence"
import { formatId } from "@causeway/contract/ids"
import type { Person } from "@causeway/contract/inbox"
import { getChannelFor } from "../channels/access.ts"
import { reachableOf } from "../conversations/reach.ts"
import { findThreads } from "../conversations/thread.ts"
import type { Database } from "../database/database.ts"
import { HttpError, notFound } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import { opensFor } from "../inboxes/store.ts"
import type { Typing } from "../live/hints.ts"
import { getConversationFor } from "../messages/access.ts"
import type { Services } from "../services.ts"
import { findTeammates, type TeammateRow } from "../teammates/store.ts"
import type { Presence } from "./presence.ts"

interface PresenceDeps extends Pick<Services, "db"> {
  presence: Presence
  /** Tells the browsers of all processes. */
  typed(typing: Typing): void
}

/** How long teammates are told that a customer is writing, unless it is said again. */
const typingMs = 10_000

export const presenceRoutes = ({ db, presence, typed }: PresenceDeps): Route[] => [
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

  route(listTyping, async ({ params, principal }) => {
    const { companyId, id: channelId } = await getChannelFor(db, principal, params.channel_id)
    const writers = new Map(
      presence.conversations(companyId).flatMap((id) => {
        const writer = presence.at(companyId, id).find(({ state }) => state === "replying")
        return writer === undefined ? [] : [[id, writer.name] as const]
      }),
    )
    const keys = await externalIdsOf(db, { companyId, channelId, conversationIds: [...writers.keys()] })
    const typing = [...keys].map(([id, ids]) => ({
      external_conversation_ids: ids,
      name: writers.get(id)?.split(" ")[0] ?? "",
    }))
    return { status: 200, body: { typing } }
  }),

  route(reportTyping, async ({ params, body, principal }) => {
    const { companyId, id: channelId } = await getChannelFor(db, principal, params.channel_id)
    const key = { companyId, channelId, kind: "ref" as const, key: body.external_conversation_id }
    const [conversationId] = (await findThreads(db, [key])).values()
    if (conversationId === undefined) throw notFound("conversation", body.external_conversation_id)
    typed({ companyId, conversationId, forMs: body.typing ? typingMs : 0 })
    return { status: 204 }
  }),
]

/** What a channel calls those of the conversations that are its own. Walks thread_key_conversation. */
async function externalIdsOf(
  db: Database,
  of: { companyId: number; channelId: number; conversationIds: readonly number[] },
): Promise<Map<number, string[]>> {
  if (of.conversationIds.length === 0) return new Map()
  const rows = await db.query<{ conversation_id: number; keys: string[] }>({
    name: "presence.external_ids",
    text: `select conversation_id, array_agg(key order by id) as keys from thread_key
           where company_id = $1 and conversation_id = any($3) and channel_id = $2 and kind = 'ref' group by conversation_id`,
    values: [of.companyId, of.channelId, of.conversationIds],
  })
  return new Map(rows.map(({ conversation_id, keys }) => [conversation_id, keys]))
}

const personOf = ({ id, first_name, last_name, email }: TeammateRow): Person => ({
  id: formatId("tea", id),
  name: `${first_name} ${last_name}`.trim() || email,
})
