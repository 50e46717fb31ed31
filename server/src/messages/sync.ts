import type { Correspondent, InboundMessage, OutboundMessage } from "@causeway/contract/endpoints/messages"
import type { Channel } from "../channels/store.ts"
import { normaliseHandle } from "../contacts/handles.ts"
import type { UploadedFile } from "../http/multipart.ts"
import type { Incoming } from "./batch.ts"
import { readBody } from "./html.ts"
import { markdownToHtml } from "./markdown.ts"
import { newUid } from "./reply.ts"

/** The two sync operations, from the wire to what is accepted. Source: Channel API; quirks R6, R10 and R11 of live clients. */
export function readInbound(channel: Channel, body: InboundMessage, files: UploadedFile[]): Incoming {
  return {
    ...readShared(channel, body, files),
    direction: "inbound",
    people: [personOf(channel, body.sender)],
    senderName: body.sender.name ?? null,
    authorId: null,
  }
}

export function readOutbound(
  channel: Channel,
  body: OutboundMessage,
  files: UploadedFile[],
  authorId: number | null,
): Incoming {
  const to = Array.isArray(body.to) ? body.to : [body.to]
  const people = to.map((addressee) =>
    personOf(channel, typeof addressee === "string" ? { handle: addressee } : addressee),
  )
  return {
    ...readShared(channel, body, files),
    direction: "outbound",
    people,
    senderName: body.sender_name ?? null,
    authorId,
  }
}

function readShared(channel: Channel, body: InboundMessage | OutboundMessage, files: UploadedFile[]) {
  const { metadata } = body
  return {
    channel,
    uid: newUid(),
    externalId: metadata.external_id,
    threadKey: { kind: "ref" as const, key: metadata.external_conversation_id },
    subject: body.subject ?? "",
    body:
      body.body_format === "markdown"
        ? markdownToHtml(body.body)
        : readBody(body.body, body.body_format === "html" ? { format: "html" } : {}),
    headers: {},
    createdAt: typeof body.delivered_at === "number" ? new Date(Math.round(body.delivered_at * 1000)) : new Date(),
    repliesToExternalId: metadata.referenced_message_external_id ?? null,
    files,
  }
}

/** Handles are compared in one form, so the same person is the same contact however a client writes it. */
function personOf(channel: Channel, person: Correspondent): Incoming["people"][number] {
  return {
    handle: normaliseHandle(channel.contactType, person.handle),
    name: person.name?.trim() || null,
    email: person.email ? normaliseHandle("email", person.email) : null,
  }
}
