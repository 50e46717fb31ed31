import type { Tx } from "../database/database.ts"

/** How a conversation stands after its failures were counted. */
export interface Counted {
  id: number
  /** It was archived, and its failure has brought it back. */
  reopened: boolean
  inbox_id: number
  /** Null: it has no messages. */
  first_message_id: number | null
}

/**
 * Counts again the replies that somebody has to look at, failed or unknown, of conversations that the caller has locked. One with a new failure comes back
 * to the list when it was archived.
 */
export const countFailures = (
  tx: Tx,
  companyId: number,
  conversations: readonly { id: number; hasNewFailure: boolean }[],
): Promise<Counted[]> =>
  tx.query({
    name: "conversations.count_failures",
    text: `update conversation set version = conversation.version + 1, updated_at = now(),
             status = case when new.has_failure and conversation.status = 'archived' then 'open' else conversation.status end,
             failed_count = (select count(*) from message where message.company_id = $1 and message.conversation_id = new.id
               and message.error_code is not null and message.state in ('failed', 'unknown'))
           from unnest($2::bigint[], $3::boolean[]) as new(id, has_failure) join conversation before on before.company_id = $1 and before.id = new.id
           where conversation.company_id = $1 and conversation.id = new.id
           returning conversation.id, before.status = 'archived' and new.has_failure as reopened, conversation.inbox_id,
             (select message.id from message where message.company_id = $1 and message.conversation_id = conversation.id
              order by message.created_at, message.number limit 1) as first_message_id`,
    values: [companyId, conversations.map(({ id }) => id), conversations.map(({ hasNewFailure }) => hasNewFailure)],
  })
