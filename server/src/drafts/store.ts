import { createHash } from "node:crypto"
import { formatId } from "@causeway/contract/ids"
import type { DraftView } from "@causeway/contract/inbox"
import type { Message } from "@causeway/contract/resources/message"
import { attachmentView, personView } from "../comments/author.ts"
import { normaliseHandle } from "../contacts/handles.ts"
import type { Tx } from "../database/database.ts"
import type { Body } from "../messages/html.ts"
import type { MessageRow } from "../messages/read.ts"
import { messageResource, seconds, type Viewer } from "../messages/resource.ts"
import { type SignatureRow, signatureResource } from "../signatures/store.ts"

export type DraftMode = "private" | "shared"

/** What a draft has of a message, and what only a draft has. */
export interface DraftRow
  extends Pick<
    MessageRow,
    | "company_id"
    | "id"
    | "uid"
    | "conversation_id"
    | "channel_id"
    | "sender_name"
    | "subject"
    | "body"
    | "text"
    | "blurb"
    | "author"
    | "reply_to_id"
    | "reply_to_external_id"
    | "reply_to_blurb"
    | "attachments"
    | "created_at"
    | "version"
  > {
  body_source: string | null
  /** The conversation is there once the draft is shared or sent. */
  starts_conversation: boolean
  /** How it was written: who may see it while it is private. */
  origin: "teammate" | "api" | "channel"
  author_id: number | null
  mode: DraftMode
  /** Null: whom the conversation is with. */
  to_handles: string[] | null
  cc_handles: string[]
  bcc_handles: string[]
  signature_id: number | null
  updated_at: Date
  channel_address: string
  contact_type: string
  /** Whom the conversation is with. */
  recipient: { handle: string; name: string | null } | null
  signature: Omit<SignatureRow, "id"> | null
}

const select = `
  select draft.company_id, draft.id, draft.uid, draft.conversation_id, draft.starts_conversation, draft.channel_id, draft.origin, draft.author_id, draft.mode,
    draft.sender_name, draft.subject, draft.body, draft.body_source, draft.text, draft.blurb, draft.to_handles, draft.cc_handles, draft.bcc_handles, draft.signature_id,
    draft.reply_to_id, draft.version, draft.created_at, draft.updated_at, channel.address as channel_address, channel.contact_type, conversation.recipient,
    parent.external_id as reply_to_external_id, parent.blurb as reply_to_blurb,
    case when author.id is not null then json_build_object('id', author.id, 'email', author.email, 'username', author.username,
      'first_name', author.first_name, 'last_name', author.last_name, 'role', author.role, 'is_available', author.is_available,
      'is_blocked', author.is_blocked) end as author,
    (select row_to_json(signature) from signature where signature.company_id = draft.company_id and signature.id = draft.signature_id) as signature,
    coalesce((select json_agg(json_build_object('id', file.id, 'filename', file.filename, 'content_type', file.content_type, 'size', file.size,
      'is_inline', file.is_inline, 'cid', file.cid) order by file.position)
      from attachment file where file.company_id = draft.company_id and file.message_id = draft.id), '[]') as attachments
  from draft
  join channel on channel.company_id = draft.company_id and channel.id = draft.channel_id
  left join conversation on conversation.company_id = draft.company_id and conversation.id = draft.conversation_id
  left join message parent on parent.company_id = draft.company_id and parent.id = draft.reply_to_id
  left join teammate author on author.company_id = draft.company_id and author.id = draft.author_id`

/** By the primary key. Missing ones are simply not there. */
export const findDrafts = (tx: Tx, companyId: number, ids: readonly number[]): Promise<DraftRow[]> =>
  tx.query<DraftRow>({
    name: "drafts.find",
    text: `${select} where draft.company_id = $1 and draft.id = any($2::bigint[])`,
    values: [companyId, ids],
  })

/** Walks draft_uid. */
export async function findDraftByUid(tx: Tx, companyId: number, uid: string): Promise<DraftRow | null> {
  const rows = await tx.query<DraftRow>({
    name: "drafts.find_uid",
    text: `${select} where draft.company_id = $1 and draft.uid = $2 collate "C"`,
    values: [companyId, uid],
  })
  return rows[0] ?? null
}

/** Oldest first, walking draft_conversation. */
export const listDrafts = (tx: Tx, companyId: number, conversationId: number): Promise<DraftRow[]> =>
  tx.query<DraftRow>({
    name: "drafts.list",
    text: `${select} where draft.company_id = $1 and draft.conversation_id = $2 order by draft.id`,
    values: [companyId, conversationId],
  })

/** A teammate's own, everywhere, newest first; as many as anybody keeps. Walks draft_author. */
export const listDraftsBy = (tx: Tx, companyId: number, authorId: number): Promise<DraftRow[]> =>
  tx.query<DraftRow>({
    name: "drafts.by_author",
    text: `${select} where draft.company_id = $1 and draft.author_id = $2 order by draft.id desc limit 200`,
    values: [companyId, authorId],
  })

/** What a draft says, where it goes and under whose name. */
export interface DraftValues {
  channelId: number
  authorId: number | null
  mode: DraftMode
  senderName: string | null
  subject: string
  body: Body
  to: string[] | null
  cc: string[]
  bcc: string[]
  signatureId: number | null
}

const valuesOf = (companyId: number, id: number, values: DraftValues): unknown[] => [
  companyId,
  id,
  values.channelId,
  values.authorId,
  values.mode,
  values.senderName,
  values.subject,
  values.body.body,
  values.body.source,
  values.body.text,
  values.body.blurb,
  values.to,
  values.cc,
  values.bcc,
  values.signatureId,
]

/** A draft answers what came in last, if anything did. It has the number of its conversation before the conversation is there. */
export async function insertDraft(
  tx: Tx,
  draft: DraftValues & {
    companyId: number
    id: number
    uid: string
    conversationId: number
    startsConversation: boolean
    origin: DraftRow["origin"]
  },
): Promise<void> {
  await tx.query({
    name: "drafts.insert",
    text: `insert into draft (company_id, id, channel_id, author_id, mode, sender_name, subject, body, body_source, text, blurb, to_handles, cc_handles,
             bcc_handles, signature_id, uid, conversation_id, starts_conversation, origin, reply_to_id)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
             (select id from message where company_id = $1 and conversation_id = $17 and direction = 'inbound' order by created_at desc, number desc limit 1))`,
    values: [
      ...valuesOf(draft.companyId, draft.id, draft),
      draft.uid,
      draft.conversationId,
      draft.startsConversation,
      draft.origin,
    ],
  })
}

export async function saveDraft(tx: Tx, companyId: number, id: number, values: DraftValues): Promise<void> {
  await tx.query({
    name: "drafts.save",
    text: `update draft set channel_id = $3, author_id = $4, mode = $5, sender_name = $6, subject = $7, body = $8, body_source = $9, text = $10, blurb = $11,
             to_handles = $12, cc_handles = $13, bcc_handles = $14, signature_id = $15, version = version + 1, updated_at = now()
           where company_id = $1 and id = $2`,
    values: valuesOf(companyId, id, values),
  })
}

/** Held until the end of the transaction; null when it is gone: sent or deleted. */
export async function lockDraft(tx: Tx, companyId: number, id: number): Promise<DraftRow | null> {
  const locked = await tx.query({
    name: "drafts.lock",
    text: "select id from draft where company_id = $1 and id = $2 for update",
    values: [companyId, id],
  })
  return locked.length === 0 ? null : ((await findDrafts(tx, companyId, [id]))[0] ?? null)
}

/** Takes away files; `kept` null: all of them stay. Walks attachment_message. */
export async function keepFiles(tx: Tx, companyId: number, id: number, kept: readonly number[] | null): Promise<void> {
  if (kept === null) return
  await tx.query({
    name: "drafts.keep_files",
    text: "delete from attachment where company_id = $1 and message_id = $2 and id <> all($3::bigint[])",
    values: [companyId, id, kept],
  })
}

/** `<32 hex>-<company>-<epoch ms>-<4 hex>`, as the versions of messages; it is compared as a whole. */
export function versionOf(row: Pick<DraftRow, "id" | "version" | "company_id" | "updated_at">): string {
  const digest = createHash("md5").update(`draft:${row.id}:${row.version}`).digest("hex")
  return `${digest}-${row.company_id}-${row.updated_at.getTime()}-${digest.slice(0, 4)}`
}

/** The vendor's Message, of a draft. */
export function draftResource(row: DraftRow, viewer: Viewer): Message {
  const { signature } = row
  return {
    ...messageResource(messageOf(row), viewer),
    is_draft: true,
    draft_mode: row.mode,
    version: versionOf(row),
    signature:
      signature && row.signature_id !== null
        ? signatureResource({ ...signature, id: row.signature_id }, viewer.origin)
        : null,
  } as Message
}

function messageOf(row: DraftRow): MessageRow {
  const named = (role: string, handles: readonly string[]) =>
    handles.map((handle) => ({ role, handle: normaliseHandle(row.contact_type as "custom", handle), name: null }))
  const to =
    row.to_handles === null
      ? row.recipient
        ? [{ role: "to", handle: row.recipient.handle, name: row.recipient.name }]
        : []
      : named("to", row.to_handles)
  return {
    ...row,
    number: 0,
    type: "custom",
    direction: "outbound",
    origin: "teammate",
    recipients: [
      { role: "from", handle: row.channel_address, name: null },
      ...to,
      ...named("cc", row.cc_handles),
      ...named("bcc", row.bcc_handles),
    ],
    client_key: null,
    external_id: null,
    external_conversation_id: null,
    headers: {},
    state: null,
    state_at: null,
    due_at: null,
    template: null,
    error_code: null,
    error_reason: null,
    pause: null,
    seen_at: null,
    contacts: null,
  }
}

/** The inbox's own shape. */
export const draftView = (row: DraftRow): DraftView => ({
  id: formatId("msg", row.id),
  conversation_id: formatId("cnv", row.conversation_id),
  channel_id: formatId("cha", row.channel_id),
  mode: row.mode,
  author: row.author && personView(row.author),
  subject: row.subject,
  body: row.body,
  text: row.text,
  to: row.to_handles,
  cc: row.cc_handles,
  bcc: row.bcc_handles,
  signature_id: row.signature_id === null ? null : formatId("sig", row.signature_id),
  attachments: row.attachments.map((file) => attachmentView(file, `/messages/${formatId("msg", row.id)}`)),
  updated_at: seconds(row.updated_at),
  version: versionOf(row),
})
