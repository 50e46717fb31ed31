import type { Tx } from "../database/database.ts"
import { HttpError } from "../http/errors.ts"

/** What a new message does to its conversation. */
export interface Touch {
  companyId: number
  conversationId: number
  messageId: number
  contactId: number | null
  direction: "inbound" | "outbound"
  preview: string
  /** Inbound: whom a reply goes to from now on. */
  recipient: { handle: string; name: string | null; role: string } | null
  activityAt: Date
  hasNotice: boolean
  /** Brought in from the past; see `Incoming.history`. */
  history?: { isArchived: boolean } | null
}

/** Where the message got to, and what became of the conversation. */
export interface Touched {
  /** Another than was asked for where that one was merged away meanwhile. */
  conversationId: number
  number: number
  notice: number
  reopened: boolean
  isNew: boolean
}

interface Row {
  company_id: number
  id: number
  status: string
  last_number: number
  last_inbound: number
  last_notice: number
  last_message_id: number | null
  activity_at: Date
  waiting_since: Date | null
  merged_into: number | null
}

interface State extends Row {
  last: Touch
  recipient: Touch["recipient"]
}

/** The conversation was deleted for good after the message was threaded to it: asked again, its thread begins a new one. */
export class ConversationGoneError extends HttpError {
  constructor() {
    super(409, "The conversation was deleted meanwhile: send the message again")
  }
}

/**
 * Locks the conversations of a batch, in one order everywhere, and says what its messages make of them. Numbers are given here, under the lock: that is
 * what makes commit order the order of the conversation. `write` brings their rows up to date with one statement.
 */
export async function lockTouched(
  tx: Tx,
  touches: readonly Touch[],
): Promise<{ touched: Touched[]; write(): Promise<unknown> }> {
  const states = await lock(tx, touches)
  const touched = touches.map((touch) => {
    const state = states.get(keyOf(touch.companyId, touch.conversationId))
    if (state === undefined) throw new ConversationGoneError()
    return apply(state, touch)
  })
  return { touched, write: () => write(tx, [...new Set(states.values())]) }
}

/** Both at once. */
export async function touchConversations(tx: Tx, touches: readonly Touch[]): Promise<Touched[]> {
  const { touched, write } = await lockTouched(tx, touches)
  await write()
  return touched
}

const keyOf = (companyId: number, id: number): string => `${companyId}\n${id}`

interface Wanted {
  company_id: number
  id: number
}

/** The states by the keys that were asked for: a merged conversation's key leads to the state of the one that it was merged into. */
async function lock(tx: Tx, touches: readonly Touch[]): Promise<Map<string, State>> {
  const wanted = new Map(
    touches.map(({ companyId, conversationId }) => [
      keyOf(companyId, conversationId),
      { company_id: companyId, id: conversationId },
    ]),
  )
  const states = await lockRows(tx, [...wanted.values()], touches[0] as Touch)
  const merged = [...states.values()].flatMap(({ company_id, id, merged_into }) =>
    merged_into === null ? [] : [{ company_id, id, merged_into }],
  )
  if (merged.length === 0) return states
  const unlocked = merged.filter((row) => !states.has(keyOf(row.company_id, row.merged_into)))
  const survivors = await lockRows(
    tx,
    unlocked.map((row) => ({ company_id: row.company_id, id: row.merged_into })),
    touches[0] as Touch,
  )
  for (const { company_id, id, merged_into } of merged) {
    const key = keyOf(company_id, merged_into)
    const survivor = survivors.get(key) ?? states.get(key)
    // Merged into a third one while we waited, or deleted with it.
    if (survivor === undefined || survivor.merged_into !== null) throw new ConversationGoneError()
    states.set(keyOf(company_id, id), survivor)
  }
  return states
}

async function lockRows(tx: Tx, wanted: readonly Wanted[], touch: Touch): Promise<Map<string, State>> {
  const rows = await tx.query<Row>({
    name: "conversations.lock",
    // One look-up by the primary key after the other, in the order of what is wanted: so the locks are taken in that order.
    text: `select known.* from json_to_recordset($1::json) as wanted(company_id bigint, id bigint)
           cross join lateral (select company_id, id, status, last_number, last_inbound, last_notice, last_message_id, activity_at, waiting_since, merged_into
             from conversation where conversation.company_id = wanted.company_id and conversation.id = wanted.id for no key update) known`,
    values: [JSON.stringify(wanted.toSorted((a, b) => a.company_id - b.company_id || a.id - b.id))],
  })
  return new Map(rows.map((row) => [keyOf(row.company_id, row.id), { ...row, last: touch, recipient: null }]))
}

function apply(state: State, touch: Touch): Touched {
  const isNew = state.last_message_id === null && state.last_number === 0
  // An answer from a customer brings the conversation back; what we sent elsewhere leaves it where it is. Spam stays spam.
  const reopened =
    touch.direction === "inbound" && !touch.history && (state.status === "archived" || state.status === "deleted")
  if (reopened) state.status = "open"
  if (touch.history && isNew) state.status = touch.history.isArchived ? "archived" : "open"
  state.last_number++
  if (touch.hasNotice) state.last_notice++
  state.last = touch
  if (touch.activityAt > state.activity_at) state.activity_at = touch.activityAt
  if (touch.direction === "inbound") {
    state.recipient = touch.recipient
    state.last_inbound = state.last_number
    if (!touch.history) state.waiting_since ??= touch.activityAt
  } else state.waiting_since = null
  return { conversationId: state.id, number: state.last_number, notice: state.last_notice, reopened, isNew }
}

function write(tx: Tx, states: readonly State[]): Promise<unknown> {
  return tx.query({
    name: "conversations.touch",
    text: `update conversation set status = new.status, last_number = new.last_number, last_inbound = new.last_inbound, last_notice = new.last_notice, last_message_id = new.message_id,
             preview = new.preview, preview_direction = new.direction, recipient = coalesce(new.recipient, conversation.recipient),
             contact_id = coalesce(conversation.contact_id, new.contact_id), activity_at = new.activity_at, waiting_since = new.waiting_since,
             version = conversation.version + 1, updated_at = now()
           from json_to_recordset($1::json) as new(company_id bigint, id bigint, status text, last_number int, last_inbound int, last_notice int, message_id bigint, preview text,
             direction text, recipient jsonb, contact_id bigint, activity_at timestamptz, waiting_since timestamptz)
           where conversation.company_id = new.company_id and conversation.id = new.id`,
    values: [
      JSON.stringify(
        states.map((state) => ({
          company_id: state.company_id,
          id: state.id,
          status: state.status,
          last_number: state.last_number,
          last_inbound: state.last_inbound,
          last_notice: state.last_notice,
          message_id: state.last.messageId,
          preview: state.last.preview,
          direction: state.last.direction,
          recipient: state.recipient,
          contact_id: state.last.contactId,
          activity_at: state.activity_at,
          waiting_since: state.waiting_since,
        })),
      ),
    ],
  })
}
