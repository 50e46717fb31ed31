import type { Held } from "@causeway/contract/endpoints/erasures"
import type { Tx } from "../database/database.ts"

/** A person and what is theirs: every conversation with them, in whatever state. */
export interface Subject {
  companyId: number
  contactId: number
  handles: string[]
  conversationIds: number[]
}

/** By contact_handle_contact, private_handle_contact and conversation_contact. */
export async function readSubject(tx: Tx, companyId: number, contactId: number): Promise<Subject> {
  const handles = await tx.query<{ handle: string }>({
    text: `select handle from contact_handle where company_id = $1 and contact_id = $2
           union select handle from private_handle where company_id = $1 and contact_id = $2`,
    values: [companyId, contactId],
  })
  const conversations = await tx.query<{ id: number }>({
    text: "select id from conversation where company_id = $1 and contact_id = $2 order by id",
    values: [companyId, contactId],
  })
  return {
    companyId,
    contactId,
    handles: handles.map(({ handle }) => handle),
    conversationIds: conversations.map(({ id }) => id),
  }
}

/** Counted by the indexes that lead from a conversation to what is in it, and message_handles. */
export async function countHeld(tx: Tx, subject: Subject): Promise<Held> {
  const { companyId, contactId, handles, conversationIds } = subject
  const rows = await tx.query<Held>({
    text: `with theirs as (select id, type from message where company_id = $1 and conversation_id = any($2::bigint[]) and deleted_at is null),
             owners as (select id from theirs union all select id from comment where company_id = $1 and conversation_id = any($2::bigint[])
               union all select id from draft where company_id = $1 and conversation_id = any($2::bigint[]))
           select cardinality($2::bigint[]) as conversations, cardinality($4::text[]) as handles,
             (select count(*)::int from theirs) as messages,
             (select count(*)::int from theirs where type = 'call') as calls,
             (select count(*)::int from comment where company_id = $1 and conversation_id = any($2::bigint[])) as comments,
             (select count(*)::int from draft where company_id = $1 and conversation_id = any($2::bigint[])) as drafts,
             (select count(*)::int from attachment where company_id = $1 and message_id in (select id from owners))
               + (select count(avatar_sha256)::int from contact where company_id = $1 and id = $3) as files,
             (select count(*)::int from delivery where company_id = $1 and message_id in (select id from theirs)) as deliveries,
             (select count(*)::int from contact_note where company_id = $1 and contact_id = $3) as notes,
             (select count(*)::int from message where company_id = $1 and deleted_at is null and conversation_id <> all($2::bigint[])
                and jsonb_path_query_array(recipients, '$[*]."handle"') ?| $4::text[]) as mentions`,
    values: [companyId, conversationIds, contactId, handles],
  })
  return rows[0] as Held
}

/** The content of what is theirs: attachments of messages, comments and drafts (recordings among them), and the picture. */
export async function filesOf(tx: Tx, subject: Subject): Promise<Buffer[]> {
  const rows = await tx.query<{ sha256: Buffer }>({
    text: `select sha256 from attachment where company_id = $1 and message_id in (
             select id from message where company_id = $1 and conversation_id = any($2::bigint[])
             union all select id from comment where company_id = $1 and conversation_id = any($2::bigint[])
             union all select id from draft where company_id = $1 and conversation_id = any($2::bigint[]))
           union select avatar_sha256 from contact where company_id = $1 and id = $3 and avatar_sha256 is not null`,
    values: [subject.companyId, subject.conversationIds, subject.contactId],
  })
  return rows.map(({ sha256 }) => sha256)
}
