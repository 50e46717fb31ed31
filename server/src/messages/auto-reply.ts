import type { Tx } from "../database/database.ts"
import type { DeliveryChange } from "../delivery/engine.ts"
import { enqueue } from "../delivery/outbox.ts"
import type { Ids } from "../ids.ts"
import type { Body } from "./html.ts"
import { newUid } from "./reply.ts"
import { insertMessages } from "./store.ts"

/** A reply that no person wrote, to one inbound message. Its conversation's row is locked, and its counters are brought up to date by the caller. */
export interface AutoReply {
  companyId: number
  conversationId: number
  repliesToId: number
  channel: { id: number; address: string; status: "ok" | "offline"; appUid: string | null }
  to: { handle: string; name: string | null }
  body: Body
  /** Its place among the conversation's messages. */
  number: number
  /** And among its sends. */
  send: number
  /** Schedule clock. */
  now: Date
}

/**
 * Keeps the message and its delivery; answers the message's number. An application channel is told `message_autoreply`, and `message_imported` once the
 * partner gave ids (Channel API, auto-replies); a custom channel knows one form for all it is told.
 */
export async function keepAutoReply(tx: Tx, ids: Ids, reply: AutoReply): Promise<number> {
  const { companyId, conversationId, channel } = reply
  const offline = channel.status === "offline"
  const messageId = ids.take()
  await insertMessages(tx, ids, [
    {
      companyId,
      id: messageId,
      conversationId,
      channelId: channel.id,
      number: reply.number,
      uid: newUid(),
      direction: "outbound",
      origin: "auto_reply",
      authorId: null,
      senderName: null,
      subject: "",
      body: reply.body,
      recipients: [
        { role: "from", handle: channel.address, name: null },
        { role: "to", ...reply.to },
      ],
      externalId: null,
      externalConversationId: null,
      replyTo: { id: reply.repliesToId },
      headers: {},
      createdAt: new Date(),
      files: [],
      reply: { state: offline ? "waiting" : "queued", dueAt: null, clientKey: null },
    },
  ])
  await enqueue(tx, [
    {
      companyId,
      id: ids.take(),
      channelId: channel.id,
      conversationId,
      messageId,
      sequence: "send",
      type: sendTypeOf("auto_reply", channel.appUid),
      number: reply.send,
      state: "queued",
      dueAt: reply.now,
      channelOffline: offline,
    },
  ])
  return messageId
}

/** As what a reply is told to its partner. */
export const sendTypeOf = (origin: string, appUid: string | null): "message" | "message_autoreply" =>
  origin === "auto_reply" && appUid !== null ? "message_autoreply" : "message"

/**
 * An auto-reply exists for the partner once it was sent: `message_imported` tells it the whole message, once. In the transaction that records the send,
 * under the conversation's lock and before the feed.
 */
export async function tellAutoReply(tx: Tx, ids: Ids, change: DeliveryChange, now: Date): Promise<void> {
  const { companyId, channelId, conversationId, messageId, type } = change.delivery
  if (type !== "message_autoreply" || change.state !== "sent" || conversationId === null || messageId === null) return
  const rows = await tx.query<{ last_notice: number }>({
    name: "auto_reply.take_notice",
    text: `update conversation set last_notice = last_notice + 1 where company_id = $1 and id = $2
             and not exists (select from delivery where company_id = $1 and message_id = $3 and type = 'message_imported')
           returning last_notice`,
    values: [companyId, conversationId, messageId],
  })
  if (rows[0] === undefined) return
  await enqueue(tx, [
    {
      companyId,
      id: ids.take(),
      channelId,
      conversationId,
      messageId,
      sequence: "notice",
      type: "message_imported",
      number: rows[0].last_notice,
      state: "queued",
      dueAt: now,
    },
  ])
}
