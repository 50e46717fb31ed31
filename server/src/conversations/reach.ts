import type { Tx } from "../database/database.ts"

/**
 * The condition that a conversation is open to a teammate: its inbox is public or names them, or they follow what is between teammates only. `viewer`
 * is the parameter with the teammate's id (see `opensFor`); null, for admins and tokens, reaches everything. By the primary keys.
 */
export const reachableBy = (viewer: string): string =>
  `(${viewer}::bigint is null
    or conversation.inbox_id in (select id from inbox where inbox.company_id = conversation.company_id and (inbox.is_public or exists (
         select from inbox_teammate access where access.company_id = inbox.company_id and access.inbox_id = inbox.id and access.teammate_id = ${viewer})))
    or conversation.inbox_id is null and exists (
         select from conversation_follower follower where follower.company_id = conversation.company_id
           and follower.conversation_id = conversation.id and follower.teammate_id = ${viewer}))`

/** Those of `ids` that are open to a teammate; null as in `reachableBy`. */
export async function reachableOf(
  tx: Tx,
  companyId: number,
  viewer: number | null,
  ids: readonly number[],
): Promise<Set<number>> {
  if (viewer === null || ids.length === 0) return new Set(ids)
  const rows = await tx.query<{ id: number }>({
    name: "conversations.reachable",
    text: `select id from conversation where company_id = $1 and id = any($2::bigint[]) and ${reachableBy("$3")}`,
    values: [companyId, ids, viewer],
  })
  return new Set(rows.map((row) => row.id))
}

/** Whether a channel has to do with a conversation: it is its own, or one of its threads was merged into it. Walks thread_key_conversation. */
export async function threadsInto(
  tx: Tx,
  companyId: number,
  channelId: number,
  conversationId: number,
): Promise<boolean> {
  const rows = await tx.query({
    name: "threads.lead_into",
    text: "select from thread_key where company_id = $1 and conversation_id = $2 and channel_id = $3 limit 1",
    values: [companyId, conversationId, channelId],
  })
  return rows.length > 0
}
