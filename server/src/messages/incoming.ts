import type { ImportedMessage, IncomingMessage } from "@causeway/contract/endpoints/messages"
import type { Channel } from "../channels/store.ts"
import { normaliseHandle, type Source } from "../contacts/handles.ts"
import type { UploadedFile } from "../http/multipart.ts"
import type { Incoming } from "./batch.ts"
import { type Body, readBody } from "./html.ts"
import { markdownToHtml } from "./markdown.ts"
import { newUid } from "./reply.ts"

/**
 * A custom channel's message, from the wire to what is accepted. It threads by thread_ref, else by external_conversation_id (one key space: an
 * integration may use both operations on one channel), else by sender. Source: Core API CustomMessage; quirks R14 and R15 of live clients.
 */
export function readIncoming(
  channel: Channel,
  body: IncomingMessage,
  files: UploadedFile[],
  contactId: number | null,
): Incoming {
  const { sender, metadata } = body
  const ref = metadata?.thread_ref ?? metadata?.external_conversation_id ?? null
  const handle = normaliseHandle(channel.contactType, sender.handle)
  return {
    channel,
    direction: "inbound",
    uid: newUid(),
    externalId: metadata?.external_id ?? null,
    threadKey: ref === null ? { kind: "sender", key: handle } : { kind: "ref", key: ref },
    people: [{ handle, name: sender.name?.trim() || null, email: null, ...(contactId !== null && { contactId }) }],
    authorId: null,
    senderName: sender.name ?? null,
    subject: body.subject ?? "",
    body: body.body_format === "html" ? readBody(body.body, { format: "html" }) : markdownToHtml(body.body),
    headers: metadata?.headers ?? {},
    createdAt: new Date(),
    repliesToExternalId: null,
    files,
  }
}

const sources: Record<string, Source> = { email: "email", sms: "phone" }

/**
 * A message of the past, from the wire to what is accepted: over the inbox's own import channel, whose keys meet no other channel's.
 * Source: Core API ImportMessage.
 */
export function readImported(
  channel: Channel,
  body: ImportedMessage,
  files: UploadedFile[],
  authorId: number | null,
): Incoming {
  const { sender, metadata } = body
  const source = sources[body.type ?? "email"] ?? "custom"
  const person = (handle: string, name: string | null = null) => ({
    handle: normaliseHandle(source, handle),
    name,
    email: null,
  })
  const from = person(sender.handle, sender.name?.trim() || null)
  const people = metadata.is_inbound ? [from] : body.to.map((handle) => person(handle))
  return {
    channel: { ...channel, contactType: source, address: metadata.is_inbound ? (body.to[0] ?? "") : sender.handle },
    direction: metadata.is_inbound ? "inbound" : "outbound",
    uid: newUid(),
    externalId: body.external_id,
    threadKey: metadata.thread_ref
      ? { kind: "ref", key: metadata.thread_ref }
      : { kind: "sender", key: people[0]?.handle ?? from.handle },
    people: people.length > 0 ? people : [from],
    authorId: metadata.is_inbound ? null : authorId,
    senderName: sender.name ?? null,
    subject: body.subject ?? "",
    body: importedBody(body),
    type: body.type ?? "email",
    recipients: [
      { role: "from", ...named(from) },
      ...(["to", "cc", "bcc"] as const).flatMap((role) =>
        (body[role] ?? []).map((handle) => ({ role, ...named(person(handle)) })),
      ),
    ],
    headers: {},
    createdAt: new Date(body.created_at * 1000),
    repliesToExternalId: null,
    files,
    history: { isArchived: metadata.is_archived ?? true, skipsRules: metadata.should_skip_rules ?? true },
  }
}

const named = ({ handle, name }: { handle: string; name: string | null }) => ({ handle, name })

/** Of an e-mail the body is markdown unless it says html; of other types it is HTML or plain text, and the format is not theirs to say. */
function importedBody({ body, body_format, type = "email" }: ImportedMessage): Body {
  if (body_format === "html") return readBody(body, { format: "html" })
  return type === "email" || body_format === "markdown" ? markdownToHtml(body) : readBody(body)
}
