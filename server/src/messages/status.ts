import type { EventType } from "@causeway/contract/event-types"
import { addThreadKey } from "../conversations/thread.ts"
import type { Tx } from "../database/database.ts"
import type { DeliveryChange } from "../delivery/engine.ts"
import type { Ids } from "../ids.ts"
import { appendEvents } from "../live/feed.ts"

/** What became of a reply, and where it stands. */
export type ReplyChange = Omit<DeliveryChange, "delivery"> & {
  delivery: Omit<DeliveryChange["delivery"], "id" | "type">
}

/**
 * What a change of a reply's delivery does to the message and its conversation, in the transaction that records it: the state and its reason, the ids
 * the partner returned, and the event that every browser learns it from. The caller holds the conversation's lock.
 */
export async function recordReplyState(tx: Tx, ids: Ids, change: ReplyChange): Promise<void> {
  const { companyId, channelId, conversationId, messageId } = change.delivery
  if (messageId === null || conversationId === null) return
  await updateMessage(tx, change, messageId)
  if (change.state === "sent")
    await keepReturnedIds(tx, ids, change, { companyId, channelId, conversationId, messageId })
  const troubled = change.state === "failed" || change.state === "unknown"
  const [conversation] = await updateConversation(tx, companyId, conversationId, troubled)
  const events = [
    {
      id: ids.take(),
      type: eventTypeOf(change.state, conversation?.first_message_id === messageId),
      isPublic: change.state === "sent" || troubled,
      conversationId,
      messageId,
      source: troubled ? { type: "recipient" } : { type: "inboxes", inbox_ids: [conversation?.inbox_id] },
      target: { type: "message" },
    },
  ]
  if (conversation?.reopened)
    events.push({ ...events[0], id: ids.take(), type: "reopen", isPublic: true } as (typeof events)[number])
  await appendEvents(tx, companyId, events)
}

/** That replies are leaving now: the same for `sending`, of any number at once, so that nobody waits long for the feed. */
export async function recordRepliesLeave(
  tx: Tx,
  ids: Ids,
  companyId: number,
  sends: readonly Pick<DeliveryChange["delivery"], "conversationId" | "messageId">[],
): Promise<void> {
  const leaving = sends.flatMap(({ conversationId, messageId }) =>
    conversationId === null || messageId === null ? [] : [{ conversationId, messageId }],
  )
  const rows = await tx.query<{ id: number; inbox_id: number }>({
    name: "messages.leave",
    text: `with leaving as (
             update message set state = 'sending', state_at = now(), due_at = null, error_code = null, error_reason = null, version = version + 1
             where company_id = $1 and id = any($2::bigint[])
           )
           update conversation set version = version + 1, updated_at = now() where company_id = $1 and id = any($3::bigint[]) returning id, inbox_id`,
    values: [companyId, leaving.map(({ messageId }) => messageId), leaving.map(({ conversationId }) => conversationId)],
  })
  const inboxOf = new Map(rows.map(({ id, inbox_id }) => [id, inbox_id]))
  const events = leaving.map(({ conversationId, messageId }) => ({
    id: ids.take(),
    type: "reply_state" as const,
    isPublic: false,
    conversationId,
    messageId,
    source: { type: "inboxes", inbox_ids: [inboxOf.get(conversationId)] },
    target: { type: "message" },
  }))
  await appendEvents(tx, companyId, events)
}

function eventTypeOf(state: DeliveryChange["state"], isFirst: boolean): EventType {
  if (state === "failed" || state === "unknown") return "sending_error"
  if (state === "sent") return isFirst ? "outbound" : "out_reply"
  return "reply_state"
}

/** `waiting` keeps why and until when; `infinity` stands for "until somebody acts". */
async function updateMessage(tx: Tx, change: ReplyChange, messageId: number): Promise<void> {
  await tx.query({
    name: "messages.state",
    text: `update message set state = $3, state_at = now(), due_at = $4::timestamptz, error_code = $5, error_reason = $6,
             external_id = coalesce($7, external_id), version = version + 1
           where company_id = $1 and id = $2`,
    values: [
      change.delivery.companyId,
      messageId,
      change.state,
      change.dueAt ?? null,
      change.code ?? null,
      change.reason ?? null,
      change.externalId ?? null,
    ],
  })
}

/** A failure brings an archived conversation back to the list: somebody has to see it. */
const updateConversation = (tx: Tx, companyId: number, conversationId: number, troubled: boolean) =>
  tx.query<{ reopened: boolean; inbox_id: number; first_message_id: number | null }>({
    name: "conversations.reply_state",
    text: `update conversation set version = conversation.version + 1, updated_at = now(),
             status = case when $3 and conversation.status = 'archived' then 'open' else conversation.status end,
             failed_count = (select count(*) from message where message.company_id = $1 and message.conversation_id = $2 and message.state in ('failed', 'unknown'))
           from conversation before
           where conversation.company_id = $1 and conversation.id = $2 and before.company_id = $1 and before.id = $2
           returning before.status = 'archived' and $3 as reopened, conversation.inbox_id,
             (select message.id from message where message.company_id = $1 and message.conversation_id = $2 order by message.created_at, message.number limit 1) as first_message_id`,
    values: [companyId, conversationId, troubled],
  })

interface Place {
  companyId: number
  channelId: number
  conversationId: number
  messageId: number
}

/** The partner's ids for what we sent. An id that is taken stays where it is; the message keeps it as an alias that nothing is found by. */
async function keepReturnedIds(tx: Tx, ids: Ids, change: ReplyChange, place: Place): Promise<void> {
  if (change.externalId) {
    await tx.query({
      name: "external.returned",
      text: "insert into external_message_id (company_id, channel_id, external_id, message_id) values ($1, $2, $3, $4) on conflict do nothing",
      values: [place.companyId, place.channelId, change.externalId, place.messageId],
    })
  }
  if (change.externalConversationId) {
    const key = {
      companyId: place.companyId,
      channelId: place.channelId,
      kind: "ref" as const,
      key: change.externalConversationId,
    }
    await addThreadKey(tx, key, place.conversationId, ids.take())
  }
}
