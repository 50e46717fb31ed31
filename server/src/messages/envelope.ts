import { formatId } from "@causeway/contract/ids"
import { findApp } from "../apps/store.ts"
import { type Channel, findChannel } from "../channels/store.ts"
import type { Database, Tx } from "../database/database.ts"
import type { ClaimedDelivery, Outgoing } from "../delivery/engine.ts"
import { gather } from "../gather.ts"
import { findMessages, type MessageRow } from "./read.ts"
import { messageResource } from "./resource.ts"

interface ComposeDeps {
  db: Database
  /** See `createSubjects`. */
  subjectOf: Subjects
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
  const { message, keys, isRepeat } = await deps.subjectOf(delivery)
  if (message === null) return { gone: "the message is gone" }
  const [threadRef] = keys
  const payload = payloadOf(message, deps.origin(), { isImport: false, isRepeat })
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

async function messageEnvelope(deps: ComposeDeps, delivery: ClaimedDelivery): Promise<object | null> {
  if (delivery.conversationId === null) return null
  const { message, keys, isRepeat } = await deps.subjectOf(delivery)
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

/** What a webhook is about. */
interface Subject {
  /** Null when it is gone. */
  message: MessageRow | null
  /** Every id that the partner ever used or returned for its conversation, oldest first. */
  keys: string[]
  /** A send that was tried before and did not arrive, as far as we know. */
  isRepeat: boolean
}

export type Subjects = (delivery: ClaimedDelivery) => Promise<Subject>

/** As many as are sent at once by a few busy channels; ours. */
const subjectsAtOnce = 64

/** Reads what webhooks are about, those that leave at the same time together. */
export const createSubjects = (db: Database): Subjects =>
  gather(subjectsAtOnce, (deliveries: readonly ClaimedDelivery[]) =>
    db.tx(
      async (tx) => {
        // They leave together, and COMMIT with the last.
        const [messages, repeats, keys] = await Promise.all([
          messagesOf(tx, deliveries),
          repeatsAmong(tx, deliveries),
          externalConversationIds(tx, deliveries),
        ])
        return deliveries.map((delivery, i) => ({
          message: messages.get(`${delivery.companyId} ${delivery.messageId}`) ?? null,
          keys: keys[i] as string[],
          isRepeat: repeats.has(delivery.id),
        }))
      },
      { byKeys: true },
    ),
  )

async function messagesOf(tx: Tx, deliveries: readonly ClaimedDelivery[]): Promise<Map<string, MessageRow>> {
  const companies = Map.groupBy(deliveries, (delivery) => delivery.companyId)
  const found = await Promise.all(
    [...companies].map(([companyId, theirs]) =>
      findMessages(tx, companyId, [...new Set(theirs.flatMap((delivery) => delivery.messageId ?? []))]),
    ),
  )
  return new Map(found.flat().map((row) => [`${row.company_id} ${row.id}`, row]))
}

/** Of each delivery's conversation, in the order asked for. Walks thread_key_conversation. */
async function externalConversationIds(tx: Tx, deliveries: readonly ClaimedDelivery[]): Promise<string[][]> {
  const rows = await tx.query<{ place: number; key: string }>({
    name: "threads.keys_of",
    text: `select wanted.place::int, known.key
           from unnest($1::bigint[], $2::bigint[], $3::bigint[]) with ordinality as wanted (company_id, channel_id, conversation_id, place)
           cross join lateral (select key, id from thread_key where thread_key.company_id = wanted.company_id
             and thread_key.conversation_id = wanted.conversation_id and thread_key.channel_id = wanted.channel_id and kind = 'ref' order by id) known
           order by wanted.place, known.id`,
    values: [
      deliveries.map((delivery) => delivery.companyId),
      deliveries.map((delivery) => delivery.channelId),
      deliveries.map((delivery) => delivery.conversationId),
    ],
    isLast: true,
  })
  const keys: string[][] = deliveries.map(() => [])
  for (const row of rows) keys[row.place - 1]?.push(row.key)
  return keys
}

/** Of the sends those of whose message an earlier one failed. Walks delivery_message. */
async function repeatsAmong(tx: Tx, deliveries: readonly ClaimedDelivery[]): Promise<Set<number>> {
  const sends = deliveries.filter((delivery) => delivery.sequence === "send")
  if (sends.length === 0) return new Set()
  const rows = await tx.query<{ id: number }>({
    name: "envelope.repeats",
    text: `select wanted.id from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as wanted (company_id, message_id, id)
           where exists (select from delivery where delivery.company_id = wanted.company_id and delivery.message_id = wanted.message_id
             and delivery.id < wanted.id and sequence = 'send' and state = any($4::text[]))`,
    values: [
      sends.map((delivery) => delivery.companyId),
      sends.map((delivery) => delivery.messageId),
      sends.map((delivery) => delivery.id),
      // Not in the text: the index of all that failed could be walked for each.
      ["failed", "unknown"],
    ],
  })
  return new Set(rows.map((row) => row.id))
}
