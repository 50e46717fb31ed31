import type { Tx } from "../database/database.ts"
import { cancelDeliveries } from "../delivery/places.ts"
import type { Member } from "../http/callers.ts"
import { HttpError } from "../http/errors.ts"
import { appendEvents } from "../live/feed.ts"
import { requireAdmin } from "../teammates/roles.ts"
import { type ChangeDeps, lockForChange, sourceOf } from "./change.ts"

/**
 * Deletes a conversation for good. Its threads begin anew with their next message. Of its messages nothing stays but their ids: a partner that repeats one
 * still gets its first answer. Throws 400 unless it is in the trash, 403 for a session that is no admin's. Source: Core API DeleteConversation.
 */
export async function deleteConversation(deps: ChangeDeps, member: Member, id: number): Promise<void> {
  requireAdmin(member)
  const { companyId } = member
  await deps.ids.reserve(1)
  await deps.db.tx(async (tx) => {
    const { status } = await lockForChange(tx, companyId, id)
    if (status !== "deleted" && status !== "spam")
      throw new HttpError(
        400,
        "Only a conversation that is in the trash can be deleted: set its status to deleted first",
      )
    await forgetConversation(tx, companyId, id)
    await appendEvents(tx, companyId, [
      { id: deps.ids.take(), type: "conversation_deleted", conversationId: id, source: sourceOf(member) },
    ])
  })
  deps.committed([companyId])
}

/** Everything that a conversation holds; the caller has its lock and tells the feed. */
export async function forgetConversation(tx: Tx, companyId: number, id: number): Promise<void> {
  await forgetMessages(tx, companyId, id)
  for (const table of [
    "thread_key",
    "comment",
    "draft",
    "conversation_tag",
    "conversation_link",
    "conversation_follower",
    "conversation_reminder",
    "conversation_read",
  ])
    await tx.query({
      name: `remove.${table}`,
      text: `delete from ${table} where company_id = $1 and conversation_id = $2`,
      values: [companyId, id],
    })
  await cancelDeliveries(tx, companyId, id)
  await tx.query({
    name: "remove.conversation", // those that were merged into it lead nowhere any more
    text: "delete from conversation where company_id = $1 and (id = $2 or merged_into = $2)",
    values: [companyId, id],
  })
}

/** Walks message_conversation and comment_conversation; files of messages, drafts and comments go by attachment_message. */
async function forgetMessages(tx: Tx, companyId: number, id: number): Promise<void> {
  const owners = ["message", "comment", "draft"]
    .map((table) => `select id from ${table} where company_id = $1 and conversation_id = $2`)
    .join(" union all ")
  await tx.query({
    name: "remove.attachments", // their files go a while later, where nothing else names them: attachments/sweep.ts
    text: `with gone as (delete from attachment where company_id = $1 and message_id in (${owners}) returning sha256)
           insert into file_removal (sha256, due_at) select distinct sha256, now() + interval '1 hour' from gone on conflict do nothing`,
    values: [companyId, id],
  })
  // A call is known by its own id, which may begin a new one: what the partner still has to say of the old one finds nothing.
  for (const [table, key] of [
    ["call_recording", "call_id"],
    ["call_step", "call_id"],
    ["call", "id"],
  ])
    await tx.query({
      name: `remove.${table}`,
      text: `delete from ${table} where company_id = $1
               and ${key} in (select id from message where company_id = $1 and conversation_id = $2 and type = 'call')`,
      values: [companyId, id],
    })
  await tx.query({
    name: "remove.attempt_bodies", // delivery_message, and the primary key of attempt
    text: `update attempt set request_body = null, response_body = null from delivery, message
           where message.company_id = $1 and message.conversation_id = $2 and delivery.company_id = $1 and delivery.message_id = message.id
             and attempt.company_id = $1 and attempt.delivery_id = delivery.id`,
    values: [companyId, id],
  })
  await tx.query({
    name: "remove.messages",
    text: `update message set deleted_at = now(), subject = '', body = '', body_source = null, text = '', blurb = '', recipients = '[]', headers = '{}',
             sender_name = null, error_reason = null, version = version + 1
           where company_id = $1 and conversation_id = $2 and deleted_at is null`,
    values: [companyId, id],
  })
}
