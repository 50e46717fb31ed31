import { formatId } from "@causeway/contract/ids"
import type { Newcomer } from "@causeway/contract/inbox"
import type { Tx } from "../database/database.ts"
import { HttpError } from "../http/errors.ts"

/** 409. `position` is the feed's, up to which the sender has seen the conversation once these are shown. */
const unseen = (newcomers: Newcomer[], position: number): HttpError =>
  new HttpError(409, "Something was added to the conversation since you read it: look at it, then send again", {
    code: "newcomers",
    details: newcomers.map(({ type, id, by }) => `${type} ${id} by ${by}`),
    more: { newcomers, position },
  })

interface Row {
  position: number
  message_id: number | null
  comment_id: number | null
  by: string | null
}

/** More than anybody reads before sending. */
const newcomersMax = 20

/**
 * What refuses a reply because a customer, a teammate or an integration wrote into the conversation after the feed's `position`; null: nobody did. The
 * sender's own, what rules did and what was taken back do not count. Under the conversation's lock, so that of two who send at once the second sees the first.
 * Walks event_conversation and event_reply_kept.
 */
export async function findUnseen(
  tx: Tx,
  seen: { companyId: number; conversationId: number; position: number; teammateId: number },
): Promise<HttpError | null> {
  const rows = await tx.query<Row>({
    name: "messages.newcomers",
    text: `with added as (
             select position, type, message_id, case when type = 'comment' then (target ->> 'comment_id')::bigint end as comment_id from event
             where company_id = $1 and conversation_id = $2 and position > $3 and is_public and type in ('inbound', 'outbound', 'out_reply', 'comment')
             union all
             select position, type, message_id, null from event
             where company_id = $1 and conversation_id = $2 and position > $3 and type = 'reply_kept')
           select added.position, message.id as message_id, comment.id as comment_id,
             coalesce(nullif(trim(author.first_name || ' ' || author.last_name), ''), author.email, comment.bot ->> 'name', message.sender_name,
               message.recipients #>> '{0,name}', message.recipients #>> '{0,handle}') as by
           from added
           left join message on message.company_id = $1 and message.id = added.message_id and message.deleted_at is null
             and message.state is distinct from 'undone' and message.origin <> 'auto_reply'
             and (added.type in ('inbound', 'reply_kept') or message.origin = 'partner')
           left join comment on comment.company_id = $1 and comment.id = added.comment_id and coalesce(comment.bot ->> 'type', '') <> 'rule'
           left join teammate author on author.company_id = $1 and author.id = coalesce(message.author_id, comment.author_id)
           where (message.id is not null or comment.id is not null) and coalesce(message.author_id, comment.author_id) is distinct from $4
           order by added.position limit ${newcomersMax}`,
    values: [seen.companyId, seen.conversationId, seen.position, seen.teammateId],
  })
  return rows.length === 0 ? null : unseen(rows.map(newcomerOf), rows.at(-1)?.position ?? seen.position)
}

const newcomerOf = (row: Row): Newcomer =>
  row.message_id !== null
    ? { type: "message", id: formatId("msg", row.message_id), by: row.by ?? "" }
    : { type: "comment", id: formatId("com", row.comment_id as number), by: row.by ?? "" }
