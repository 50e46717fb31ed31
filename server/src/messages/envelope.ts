import { formatId } from "@causeway/contract/ids"
import { findApp } from "../apps/store.ts"
import { type Channel, findChannel } from "../channels/store.ts"
import type { Database } from "../database/database.ts"
import type { ClaimedDelivery, Outgoing } from "../delivery/engine.ts"
import { findMessage, type MessageRow } from "./read.ts"
import { messageResource } from "./resource.ts"

interface ComposeDeps {
  db: Database
  origin(): string
  /** What webhooks of channels without an app are signed with. */
  companySecret(companyId: number): Promise<string>
}

/**
 * The webhook of a delivery as it goes out now: where, signed with what, and the exact text. Source of the shapes: the vendor's application channel
 * guide (`message`, `message_autoreply`, `message_imported`, `delete`) and recorded payloads (metadata on replies, `from` first, headers.in_reply_to).
 */
export async function composeWebhook(
  deps: ComposeDeps,
  delivery: ClaimedDelivery,
): Promise<Outgoing | { gone: string }> {
  const channel = await findChannel(deps.db, delivery.companyId, delivery.channelId, {
    deleted: delivery.type === "delete",
  })
  if (channel === null) return { gone: "the channel was deleted" }
  if (channel.appUid === null) return composeCustom(deps, channel, delivery)
  const app = await findApp(deps.db, channel.appUid)
  if (app === null) return { gone: "the channel's app was deleted" }
  const envelope = delivery.type === "delete" ? deleteEnvelope(channel.id) : await messageEnvelope(deps, delivery)
  if (envelope === null) return { gone: "the message is gone" }
  return {
    url: channel.webhookUrl ?? app.webhookUrl,
    method: delivery.type === "delete" ? "DELETE" : "POST",
    authorization: channel.authorization,
    secret: app.signingSecret,
    body: JSON.stringify(envelope),
    strict: app.strict,
    listenerId: app.listenerId,
  }
}

/** A custom channel gets the bare message, signed over the body alone. Source: the vendor's custom channel guide and its webhook section. */
async function composeCustom(
  deps: ComposeDeps,
  channel: Channel,
  delivery: ClaimedDelivery,
): Promise<Outgoing | { gone: string }> {
  if (channel.webhookUrl === null) return { gone: "the channel has no outgoing URL: give it one in its settings" }
  const message =
    delivery.messageId === null ? null : await findMessage(deps.db, delivery.companyId, delivery.messageId)
  if (message === null) return { gone: "the message is gone" }
  const isRepeat = await hasFailedBefore(deps.db, delivery)
  const payload = payloadOf(message, deps.origin(), { isImport: false, isRepeat })
  const [threadRef] = await externalConversationIds(deps.db, delivery.companyId, channel.id, message.conversation_id)
  // The channel's own word for the conversation: its server knows no other.
  const metadata = { ...(payload.metadata as object), ...(threadRef !== undefined && { thread_ref: threadRef }) }
  return {
    url: channel.webhookUrl,
    method: "POST",
    authorization: null,
    secret: await deps.companySecret(delivery.companyId),
    signing: "body",
    body: JSON.stringify({ ...payload, metadata }),
    strict: false,
    expectsIds: false,
  }
}

const deleteEnvelope = (channelId: number) => ({ type: "delete", payload: { channel_id: formatId("cha", channelId) } })

async function messageEnvelope(
  deps: { db: Database; origin(): string },
  delivery: ClaimedDelivery,
): Promise<object | null> {
  if (delivery.messageId === null || delivery.conversationId === null) return null
  const [message, keys, isRepeat] = await Promise.all([
    findMessage(deps.db, delivery.companyId, delivery.messageId),
    externalConversationIds(deps.db, delivery.companyId, delivery.channelId, delivery.conversationId),
    hasFailedBefore(deps.db, delivery),
  ])
  if (message === null) return null
  const isImport = delivery.type === "message_imported"
  return {
    type: delivery.type,
    payload:
      delivery.type === "message_autoreply"
        ? autoReplyPayload(message, deps.origin())
        : payloadOf(message, deps.origin(), { isImport, isRepeat }),
    metadata: metadataOf(message, keys, isImport),
  }
}

/** Partners know their own import by metadata.external_id; a reply on its way has none yet. */
function payloadOf(
  message: MessageRow,
  origin: string,
  { isImport, isRepeat }: { isImport: boolean; isRepeat: boolean },
): Record<string, unknown> {
  const resource = messageResource(message, { origin, isChannel: true })
  if (isImport) return resource
  // Recorded: a send that is under way is a draft with no error, one that a person sends again carries error_type webhook_error.
  return { ...resource, is_draft: true, draft_mode: "private", error_type: isRepeat ? "webhook_error" : null }
}

/** An auto-reply is no message yet while it is being sent: it has no id, link, author, blurb or version (vendor's guide, `message_autoreply`). */
function autoReplyPayload(message: MessageRow, origin: string): Record<string, unknown> {
  const resource = messageResource(message, { origin, isChannel: true })
  const { created_at, subject, recipients, body, text, attachments, metadata } = resource
  const { conversation, message_replied_to } = (resource._links as { related: Record<string, string> }).related
  return {
    _links: { related: { conversation, message_replied_to } },
    type: "auto_reply",
    is_inbound: false,
    created_at,
    subject,
    recipients,
    body,
    text,
    attachments,
    metadata,
  }
}

/** Walks delivery_message. */
async function hasFailedBefore(db: Database, delivery: ClaimedDelivery): Promise<boolean> {
  if (delivery.sequence !== "send") return false
  const rows = await db.query({
    name: "envelope.has_failed_before",
    text: "select from delivery where company_id = $1 and message_id = $2 and id < $3 and sequence = 'send' and state in ('failed', 'unknown') limit 1",
    values: [delivery.companyId, delivery.messageId, delivery.id],
  })
  return rows.length > 0
}

/** The singular is the id the message came with; on a new conversation there is none, and the list is empty. */
function metadataOf(message: MessageRow, keys: readonly string[], isImport: boolean): Record<string, unknown> {
  const own = isImport ? (message.external_conversation_id ?? keys[0]) : keys[0]
  return {
    ...(own !== undefined && { external_conversation_id: own }),
    external_conversation_ids: keys,
    // Where the vendor says nothing: whoever keeps templates at a provider sends them by id and values, everybody else has the body.
    ...(message.template !== null && { template: message.template }),
  }
}

/** Every id the partner ever used or returned for this conversation, oldest first. Walks thread_key_conversation. */
export async function externalConversationIds(
  db: Database,
  companyId: number,
  channelId: number,
  conversationId: number,
): Promise<string[]> {
  const rows = await db.query<{ key: string }>({
    name: "threads.keys_of",
    text: "select key from thread_key where company_id = $1 and conversation_id = $2 and channel_id = $3 and kind = 'ref' order by id",
    values: [companyId, conversationId, channelId],
  })
  return rows.map((row) => row.key)
}
