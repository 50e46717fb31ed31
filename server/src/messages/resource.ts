import { createHash } from "node:crypto"
import { formatId } from "@causeway/contract/ids"
import type { MessageView } from "@causeway/contract/inbox"
import { botResource } from "../comments/author.ts"
import type { Principal } from "../http/callers.ts"
import { isSimple } from "./html.ts"
import type { AttachmentRow, AuthorRow, MessageRow } from "./read.ts"
import { sessionKey } from "./store.ts"

/** How a resource is written out: links on `origin`; external ids are shown to a channel's token only (protocol: Message.metadata). */
export interface Viewer {
  origin: string
  isChannel: boolean
  /** Whose token it is. */
  channelId?: number
  /** Whose session it is: of what is private they see their own. */
  teammateId?: number
}

export const viewerFor = (principal: Principal, origin: string): Viewer => ({
  origin,
  isChannel: principal.kind === "channel",
  ...(principal.kind === "channel" && { channelId: principal.channelId }),
  ...(principal.kind === "session" && { teammateId: principal.teammateId }),
})

/** seconds with milliseconds, as every created_at of the vendor */
export const seconds = (date: Date): number => date.getTime() / 1000

/** A reply that has not reached the partner is a draft to the outside (recorded payloads: is_draft true while being sent). */
const isDraft = (row: MessageRow): boolean => row.state !== null && row.state !== "sent"

/** The vendor's Message. Source: Core API MessageResponse; is_draft is kept because typed clients still read it. */
export function messageResource(row: MessageRow, viewer: Viewer): Record<string, unknown> {
  const self = `${viewer.origin}/messages/${formatId("msg", row.id)}`
  return {
    _links: {
      self,
      related: {
        conversation: `${viewer.origin}/conversations/${formatId("cnv", row.conversation_id)}`,
        ...(row.reply_to_id !== null && {
          message_replied_to: `${viewer.origin}/messages/${formatId("msg", row.reply_to_id)}`,
        }),
        message_seen: `${self}/seen`,
      },
    },
    id: formatId("msg", row.id),
    message_uid: row.uid,
    type: row.type,
    is_inbound: row.direction === "inbound",
    is_draft: isDraft(row),
    draft_mode: isDraft(row) ? "private" : null,
    error_type: row.state === "failed" || row.state === "unknown" || row.error_code !== null ? "webhook_error" : null,
    version: row.direction === "inbound" ? null : versionOf(row),
    created_at: seconds(row.created_at),
    subject: row.subject,
    blurb: row.blurb,
    author: authorOf(row, viewer.origin),
    recipients: row.recipients.map((recipient) => ({
      _links: { related: { contact: contactLink(row, recipient.handle, viewer.origin) } },
      name: recipient.name,
      handle: recipient.handle,
      role: recipient.role,
    })),
    body: row.body,
    text: row.text,
    attachments: row.attachments.map((file) => attachmentResource(file, row.id, viewer.origin)),
    signature: null,
    metadata: metadataOf(row, viewer),
  }
}

/** The teammate, or the rule that answered in one's place; nobody of us for what came over a channel. */
function authorOf(row: MessageRow, origin: string): Record<string, unknown> | null {
  if (row.author !== null) return authorResource(row.author, origin)
  return row.origin === "auto_reply" ? botResource({ type: "rule", id: 0, name: "Rule" }, origin) : null
}

function contactLink(row: MessageRow, handle: string, origin: string): string | null {
  const contactId = row.contacts?.[handle]
  return contactId === undefined ? null : `${origin}/contacts/${formatId("crd", contactId)}`
}

function metadataOf(row: MessageRow, viewer: Viewer): Record<string, unknown> {
  const headers = row.direction === "outbound" ? { ...row.headers, in_reply_to: row.reply_to_external_id } : row.headers
  return {
    ...(viewer.isChannel && row.external_id !== null && { external_id: row.external_id }),
    ...(!viewer.isChannel &&
      row.direction === "inbound" &&
      row.external_conversation_id !== null && { thread_ref: row.external_conversation_id }),
    headers,
  }
}

/** `<32 hex>-<company>-<epoch ms>-<4 hex>`: the form of the vendor's examples, from what it stands for here. */
function versionOf(row: MessageRow): string {
  const digest = createHash("md5").update(`${row.id}:${row.version}`).digest("hex")
  return `${digest}-${row.company_id}-${row.created_at.getTime()}-${digest.slice(0, 4)}`
}

export const attachmentResource = (
  file: AttachmentRow,
  messageId: number,
  origin: string,
): Record<string, unknown> => ({
  id: formatId("fil", file.id),
  filename: file.filename,
  url: `${origin}/messages/${formatId("msg", messageId)}/download/${formatId("fil", file.id)}`,
  content_type: file.content_type,
  size: file.size,
  metadata: { is_inline: file.is_inline, ...(file.cid !== null && { cid: file.cid }) },
})

/** Core API TeammateResponse; a bot has the same shape with another type. */
export const authorResource = (author: AuthorRow, origin: string): Record<string, unknown> => {
  const self = `${origin}/teammates/${formatId("tea", author.id)}`
  return {
    _links: { self, related: { inboxes: `${self}/inboxes`, conversations: `${self}/conversations`, botSource: null } },
    id: formatId("tea", author.id),
    email: author.email,
    username: author.username,
    first_name: author.first_name,
    last_name: author.last_name,
    is_admin: author.role === "admin",
    is_available: author.is_available,
    is_blocked: author.is_blocked,
    type: "user",
    custom_fields: {},
  }
}

/** A reply that is queued in a lane that pauses waits for its partner: that is told by the lane's one row, not by every message in it. */
function replyStateOf(row: MessageRow): Pick<MessageView, "state" | "due_at" | "error"> {
  if (row.pause !== null) {
    const { until, code, reason } = row.pause
    return { state: "waiting", due_at: Date.parse(until) / 1000, error: { code, reason } }
  }
  return {
    state: row.state,
    // 'infinity' comes as no date: it waits until somebody acts
    due_at: row.due_at instanceof Date && Number.isFinite(row.due_at.getTime()) ? seconds(row.due_at) : null,
    error: row.error_code === null ? null : { code: row.error_code, reason: row.error_reason },
  }
}

/** The key that its author's browser gave it: there the reply stood before we had it. Keys of programs are nobody's but theirs. */
function ownKey({ origin, author, client_key }: MessageRow): string | null {
  const prefix = author === null ? null : sessionKey(author.id, "")
  return origin === "teammate" && prefix !== null && client_key?.startsWith(prefix)
    ? client_key.slice(prefix.length)
    : null
}

/** The inbox's own shape. */
export function messageView(row: MessageRow): MessageView {
  const from = row.recipients.find((recipient) => recipient.role === "from")
  const authorName = row.author ? `${row.author.first_name} ${row.author.last_name}`.trim() || row.author.email : null
  return {
    id: formatId("msg", row.id),
    uid: row.uid,
    conversation_id: formatId("cnv", row.conversation_id),
    number: row.number,
    direction: row.direction,
    origin: row.origin,
    author: row.author && authorName !== null ? { id: formatId("tea", row.author.id), name: authorName } : null,
    client_key: ownKey(row),
    sender_name: row.sender_name,
    from:
      row.direction === "inbound"
        ? from?.name || from?.handle || ""
        : (authorName ?? row.sender_name ?? from?.handle ?? ""),
    subject: row.subject,
    body: row.body,
    text: row.text,
    is_simple: isSimple(row.body),
    created_at: seconds(row.created_at),
    attachments: row.attachments.map((file) => ({
      id: formatId("fil", file.id),
      filename: file.filename,
      url: `/messages/${formatId("msg", row.id)}/download/${formatId("fil", file.id)}`,
      content_type: file.content_type,
      size: file.size,
      is_inline: file.is_inline,
    })),
    // What we answer always answers something; only what the partner named explicitly is worth quoting.
    reply_to:
      row.reply_to_id === null || row.origin !== "partner"
        ? null
        : { id: formatId("msg", row.reply_to_id), blurb: row.reply_to_blurb ?? "" },
    channel_id: formatId("cha", row.channel_id),
    external_id: row.external_id,
    external_conversation_id: row.external_conversation_id,
    ...replyStateOf(row),
    seen_at: row.seen_at && seconds(row.seen_at),
    version: row.version,
  }
}
