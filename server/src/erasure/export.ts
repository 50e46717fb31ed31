import { formatId } from "@causeway/contract/ids"
import type { Database } from "../database/database.ts"
import type { Subject } from "./held.ts"

/** Everything that is held about a person as the pieces of one JSON document, a conversation at a time. */
export async function* exportOf(db: Database, subject: Subject, origin: string): AsyncGenerator<string> {
  const { companyId, contactId } = subject
  const [contact] = await db.query<{ document: object }>({
    text: `select json_build_object('name', name, 'description', description, 'links', links, 'custom_fields', custom_fields, 'created_at', created_at,
             'handles', (select coalesce(json_agg(json_build_object('source', source, 'handle', handle)), '[]') from contact_handle
                where contact_handle.company_id = contact.company_id and contact_id = contact.id),
             'notes', (select coalesce(json_agg(to_jsonb(note) - '{company_id,contact_id}'::text[]), '[]') from contact_note note
                where note.company_id = contact.company_id and contact_id = contact.id),
             'lists', (select coalesce(json_agg(list.name), '[]') from contact_list_member member
                join contact_list list on list.company_id = member.company_id and list.id = member.list_id
                where member.company_id = contact.company_id and member.contact_id = contact.id)) as document
           from contact where company_id = $1 and id = $2`,
    values: [companyId, contactId],
  })
  const head = { exported_at: new Date().toISOString(), id: formatId("crd", contactId), ...contact?.document }
  yield `${JSON.stringify(head).slice(0, -1)},"conversations":[`
  let isFirst = true
  for (const id of subject.conversationIds) {
    const [row] = await db.query<{ document: object }>({
      name: "erasure.export", // message_conversation, comment_conversation, attachment_message
      text: conversationText,
      values: [companyId, id],
    })
    if (row === undefined) continue
    yield `${isFirst ? "" : ","}\n${JSON.stringify({ id: formatId("cnv", id), link: `${origin}/app/inbox/open/${formatId("cnv", id)}`, ...row.document })}`
    isFirst = false
  }
  yield "\n]}\n"
}

const conversationText = `select json_build_object('subject', subject, 'status', status, 'created_at', created_at, 'custom_fields', custom_fields,
  'messages', (select coalesce(json_agg(json_build_object('direction', direction, 'type', type, 'at', message.created_at, 'recipients', recipients,
      'subject', message.subject, 'text', text, 'body', body, 'external_id', external_id,
      'call', (select to_jsonb(call) - '{company_id,channel_id}'::text[] from call where call.company_id = $1 and call.id = message.id),
      'files', (select coalesce(json_agg(json_build_object('filename', filename, 'content_type', content_type, 'size', size, 'sha256', encode(sha256, 'hex'))), '[]')
         from attachment where attachment.company_id = $1 and attachment.message_id = message.id))
      order by message.created_at, number), '[]')
    from message where message.company_id = $1 and message.conversation_id = conversation.id and deleted_at is null),
  'comments', (select coalesce(json_agg(to_jsonb(comment) - '{company_id,conversation_id}'::text[] order by comment.id), '[]') from comment
    where comment.company_id = $1 and comment.conversation_id = conversation.id)) as document
  from conversation where company_id = $1 and id = $2`
