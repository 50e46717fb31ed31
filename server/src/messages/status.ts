import type { EventType } from "@causeway/contract/event-types"
import { type Counted, countFailures } from "../conversations/failures.ts"
import { addThreadKey } from "../conversations/thread.ts"
import type { Tx } from "../database/database.ts"
import type { DeliveryChange, Ends } from "../delivery/engine.ts"
import type { Ids } from "../ids.ts"
import { appendEvents, type FeedEvent } from "../live/feed.ts"

/** What became of a reply, and where it stands. */
export type ReplyChange = Omit<DeliveryChange, "delivery"> & {
  delivery: Omit<DeliveryChange["delivery"], "id" | "type">
}

/**
 * What a change of a reply's delivery does to the message and its conversation, in the transaction that records it: the state and its reason, the ids
 * the partner returned, and the event that every browser learns it from. The caller holds the conversation's lock. `ends`: as in `appendEvents`.
 */
export async function recordReplyState(tx: Tx, ids: Ids, change: ReplyChange, options?: Ends): Promise<void> {
  await recordReplyStates(tx, ids, change.delivery.companyId, [change], options)
}

/** The same for any number of replies, each in a conversation of its own: one statement for each table. */
export async function recordReplyStates(
  tx: Tx,
  ids: Ids,
  companyId: number,
  changes: readonly ReplyChange[],
  options?: Ends,
): Promise<void> {
  const placed = changes.flatMap((change): Placed[] => {
    const { channelId, conversationId, messageId } = change.delivery
    if (messageId === null || conversationId === null) return []
    const troubled = change.state === "failed" || change.state === "unknown"
    return [{ change, troubled, place: { companyId, channelId, conversationId, messageId } }]
  })
  if (placed.length === 0) return
  const sent = placed.filter(({ change }) => change.state === "sent")
  // Carried out in this order, and sent together: the conversations are locked meanwhile.
  const [, rows] = await Promise.all([
    updateMessages(tx, companyId, placed),
    countFailures(
      tx,
      companyId,
      placed.map(({ place, troubled }) => ({ id: place.conversationId, hasNewFailure: troubled })),
    ),
    ...sent.map(({ change, place }) => keepReturnedIds(tx, ids, change, place)),
  ])
  const conversations = new Map(rows.map((row) => [row.id, row]))
  const events = placed.flatMap((one) => eventsOf(ids, one, conversations.get(one.place.conversationId)))
  await appendEvents(tx, companyId, events, options)
}

interface Placed {
  change: ReplyChange
  /** A failure, or nobody knows. */
  troubled: boolean
  place: Place
}

function eventsOf(ids: Ids, { change, troubled, place }: Placed, conversation: Counted | undefined): FeedEvent[] {
  const { conversationId, messageId } = place
  const event: FeedEvent = {
    id: ids.take(),
    type: eventTypeOf(change.state, conversation?.first_message_id === messageId),
    isPublic: change.state === "sent" || troubled,
    conversationId,
    messageId,
    source: troubled ? { type: "recipient" } : { type: "inboxes", inbox_ids: [conversation?.inbox_id] },
    target: { type: "message" },
  }
  return conversation?.reopened ? [event, { ...event, id: ids.take(), type: "reopen", isPublic: true }] : [event]
}

/** That replies are leaving now: the same for `sending`, of any number at once, so that nobody waits long for the feed. `ends`: as in `appendEvents`. */
export async function recordRepliesLeave(
  tx: Tx,
  ids: Ids,
  companyId: number,
  sends: readonly Pick<DeliveryChange["delivery"], "conversationId" | "messageId">[],
  options: Ends,
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
  await appendEvents(tx, companyId, events, options)
}

function eventTypeOf(state: DeliveryChange["state"], isFirst: boolean): EventType {
  if (state === "failed" || state === "unknown") return "sending_error"
  if (state === "sent") return isFirst ? "outbound" : "out_reply"
  return "reply_state"
}

/** `waiting` keeps why and until when; `infinity` stands for "until somebody acts". */
async function updateMessages(tx: Tx, companyId: number, placed: readonly Placed[]): Promise<void> {
  const rows = placed.map(({ change, place }) => ({
    id: place.messageId,
    state: change.state,
    due_at: change.dueAt ?? null,
    error_code: change.code ?? null,
    error_reason: change.reason ?? null,
    external_id: change.externalId ?? null,
  }))
  await tx.query({
    name: "messages.states",
    text: `update message set state = new.state, state_at = now(), due_at = new.due_at, error_code = new.error_code, error_reason = new.error_reason,
             external_id = coalesce(new.external_id, message.external_id), version = version + 1
           from json_to_recordset($2::json) as new(id bigint, state text, due_at timestamptz, error_code text, error_reason text, external_id text)
           where message.company_id = $1 and message.id = new.id`,
    values: [companyId, JSON.stringify(rows)],
  })
}

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
