import { findChannel } from "../channels/store.ts"
import { countFailures } from "../conversations/failures.ts"
import type { Tx } from "../database/database.ts"
import { cancelHeld, cancelWaiting, type EarlierTry, enqueue, hasten } from "../delivery/outbox.ts"
import { insertDraft } from "../drafts/store.ts"
import { HttpError } from "../http/errors.ts"
import { appendEvents } from "../live/feed.ts"
import { sendTypeOf } from "./auto-reply.ts"
import type { MessageRow } from "./read.ts"
import { lockConversation, newUid, type ReplyDeps } from "./reply.ts"
import type { ReplyState } from "./store.ts"

/**
 * What a person may do with a reply that is on its way or did not arrive: take it back, hurry it, send it again.
 * Each runs under the conversation's lock, so it either comes before the machine's own step or finds it done.
 */

/**
 * Held → undone. 409 when its window has ended. Its files come back as a draft of `teammateId`'s, whose number is returned; null: it had none, or nobody
 * goes on writing.
 */
export async function undoReply(
  deps: ReplyDeps,
  message: MessageRow,
  teammateId: number | null,
): Promise<number | null> {
  await deps.ids.reserve(5)
  return await deps.db.tx(async (tx) => {
    await lockConversation(tx, message.company_id, message.conversation_id)
    if (!(await cancelHeld(tx, message.company_id, message.id)))
      throw new HttpError(409, "Too late to undo: the message has left")
    return await takeBack(tx, deps, message, teammateId)
  })
}

/** What became of a reply whose try was cancelled; `draftId`: of the draft that has its files again. */
export type Cancelled = { state: "undone"; draftId: number | null } | { state: EarlierTry["state"]; draftId: null }

/**
 * Queued or waiting → undone; one that was tried again → what it was before that. 409 when it has begun to leave, as then nobody can say that it will not
 * arrive, or when nothing of it waits.
 */
export async function cancelReply(deps: ReplyDeps, message: MessageRow, teammateId: number | null): Promise<Cancelled> {
  await deps.ids.reserve(5)
  return await deps.db.tx(async (tx) => {
    await lockConversation(tx, message.company_id, message.conversation_id)
    const cancelled = await cancelWaiting(tx, message.company_id, message.id)
    if (cancelled === null)
      throw new HttpError(409, "Too late to cancel: the message does not wait any more. It is being sent, or has ended")
    const { earlier } = cancelled
    if (earlier === null) return { state: "undone", draftId: await takeBack(tx, deps, message, teammateId) }
    await setState(tx, message, earlier.state, earlier)
    await announce(tx, deps, message)
    return { state: earlier.state, draftId: null }
  })
}

async function takeBack(
  tx: Tx,
  deps: ReplyDeps,
  message: MessageRow,
  teammateId: number | null,
): Promise<number | null> {
  await setState(tx, message, "undone")
  await restorePreview(tx, message)
  const draftId = teammateId === null ? null : await returnFiles(tx, deps, message, teammateId)
  await announce(tx, deps, message)
  return draftId
}

/** Nobody should have to look for a file twice. Private, as browsers are not told of it here: what is written on shares it. */
async function returnFiles(tx: Tx, deps: ReplyDeps, message: MessageRow, teammateId: number): Promise<number | null> {
  if (message.attachments.length === 0) return null
  const id = deps.ids.take()
  const { company_id: companyId, conversation_id: conversationId, channel_id: channelId } = message
  const { body, text, blurb, sender_name: senderName, subject } = message
  await insertDraft(tx, {
    ...{ companyId, id, uid: newUid(), conversationId, channelId, startsConversation: false, origin: "teammate" },
    ...{ authorId: teammateId, mode: "private", senderName, subject, body: { body, text, blurb, source: null } },
    ...{ to: null, cc: [], bcc: [], signatureId: null },
  })
  await tx.query({
    name: "attachments.return", // walks attachment_message
    text: "update attachment set message_id = $3 where company_id = $1 and message_id = $2",
    values: [companyId, message.id, id],
  })
  return id
}

/** Held or waiting → queued, without waiting longer. 409 when there is nothing to hurry. */
export async function sendReplyNow(deps: ReplyDeps, message: MessageRow): Promise<void> {
  await deps.ids.reserve(4)
  await deps.db.tx(async (tx) => {
    await lockConversation(tx, message.company_id, message.conversation_id)
    const hastened = await hasten(tx, message.company_id, message.id, deps.now())
    if (!hastened)
      throw new HttpError(409, "Nothing to hurry: the message is neither held nor waiting, or its channel is offline")
    await setState(tx, message, "queued")
    await announce(tx, deps, message)
  })
}

/** Failed or unknown → queued: a new delivery, the same message id. Returns the delivery's number. */
export async function retryReply(deps: ReplyDeps, message: MessageRow): Promise<number> {
  await deps.ids.reserve(4)
  return await deps.db.tx(async (tx) => {
    const conversation = await lockConversation(tx, message.company_id, message.conversation_id)
    const state = await currentState(tx, message)
    if (state !== "failed" && state !== "unknown")
      throw new HttpError(409, `Only a failed or unknown message can be sent again; this one is ${state ?? "not ours"}`)
    const channel = await findChannel(deps.db, message.company_id, message.channel_id)
    if (channel === null) throw new HttpError(409, "The channel of this message was deleted")
    const id = deps.ids.take()
    await tx.query({
      name: "retry.take_place",
      text: "update conversation set last_send = last_send + 1 where company_id = $1 and id = $2",
      values: [message.company_id, message.conversation_id],
    })
    await setState(tx, message, channel.status === "offline" ? "waiting" : "queued")
    await enqueue(tx, [
      {
        companyId: message.company_id,
        id,
        channelId: message.channel_id,
        conversationId: message.conversation_id,
        messageId: message.id,
        sequence: "send",
        type: sendTypeOf(message.origin, channel.appUid),
        number: conversation.last_send + 1,
        state: "queued",
        dueAt: deps.now(),
        channelOffline: channel.status === "offline",
      },
    ])
    await announce(tx, deps, message)
    return id
  })
}

async function currentState(tx: Tx, message: MessageRow): Promise<ReplyState | null> {
  const rows = await tx.query<{ state: ReplyState | null }>({
    name: "messages.current_state",
    text: "select state from message where company_id = $1 and id = $2 for no key update",
    values: [message.company_id, message.id],
  })
  return rows[0]?.state ?? null
}

/** Without `error` error_code stays, as while a message is tried again: the partner sees error_type on a repeated send (recorded traffic). */
async function setState(
  tx: Tx,
  message: MessageRow,
  state: ReplyState,
  error?: Pick<EarlierTry, "code" | "reason">,
): Promise<void> {
  await tx.query({
    name: "messages.steer",
    text: `update message set state = $3, state_at = now(), due_at = null, version = version + 1,
             error_code = case when $4 then $5 else error_code end, error_reason = case when $4 then $6 else error_reason end
           where company_id = $1 and id = $2`,
    values: [message.company_id, message.id, state, error !== undefined, error?.code ?? null, error?.reason ?? null],
  })
  await countFailures(tx, message.company_id, [{ id: message.conversation_id, hasNewFailure: false }])
}

/** The list must not go on showing words that were taken back. */
async function restorePreview(tx: Tx, message: MessageRow): Promise<void> {
  await tx.query({
    name: "conversations.restore_preview",
    text: `update conversation set preview = coalesce(last.blurb, ''), preview_direction = coalesce(last.direction, 'outbound'), last_message_id = last.id
           from (select 1) one left join lateral (select id, blurb, direction from message where company_id = $1 and conversation_id = $2
             and state is distinct from 'undone' order by created_at desc, number desc limit 1) last on true
           where conversation.company_id = $1 and conversation.id = $2`,
    values: [message.company_id, message.conversation_id],
  })
}

const announce = (tx: Tx, deps: ReplyDeps, message: MessageRow) =>
  appendEvents(tx, message.company_id, [
    {
      id: deps.ids.take(),
      type: "reply_state",
      isPublic: false,
      conversationId: message.conversation_id,
      messageId: message.id,
    },
  ])
