import type { Tx } from "../database/database.ts"

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

/** The places the message got, and what became of the conversation. */
export interface Touched {
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
  last_notice: number
  last_message_id: number | null
  activity_at: Date
  waiting_since: Date | null
}

interface State extends Row {
  last: Touch
  recipient: Touch["recipient"]
}

/**
 * Locks the conversations of a batch, in one order everywhere, and brings their rows up to date with one statement. Numbers are given here, under the
 * lock: that is what makes commit order the order of the conversation.
 */
export async function touchConversations(tx: Tx, touches: readonly Touch[]): Promise<Touched[]> {
  const states = await lock(tx, touches)
  const touched = touches.map((touch) => {
    const state = states.get(keyOf(touch.companyId, touch.conversationId))
    if (state === undefined) throw new Error(`conversation ${touch.conversationId} is threaded to but does not exist`)
    return apply(state, touch)
  })
  await write(tx, [...states.values()])
  return touched
}

const keyOf = (companyId: number, id: number): string => `${companyId}\n${id}`

async function lock(tx: Tx, touches: readonly Touch[]): Promise<Map<string, State>> {
  const wanted = [
    ...new Map(
      touches.map((touch) => [
        keyOf(touch.companyId, touch.conversationId),
        { company_id: touch.companyId, id: touch.conversationId },
      ]),
    ).values(),
  ]
  const rows = await tx.query<Row>({
    name: "conversations.lock",
    text: `select company_id, id, status, last_number, last_notice, last_message_id, activity_at, waiting_since from conversation
           where (company_id, id) in (select company_id, id from json_to_recordset($1::json) as wanted(company_id bigint, id bigint))
           order by company_id, id for no key update`,
    values: [JSON.stringify(wanted)],
  })
  return new Map(
    rows.map((row) => [keyOf(row.company_id, row.id), { ...row, last: touches[0] as Touch, recipient: null }]),
  )
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
    if (!touch.history) state.waiting_since ??= touch.activityAt
  } else state.waiting_since = null
  return { number: state.last_number, notice: state.last_notice, reopened, isNew }
}

async function write(tx: Tx, states: readonly State[]): Promise<void> {
  await tx.query({
    name: "conversations.touch",
    text: `update conversation set status = new.status, last_number = new.last_number, last_notice = new.last_notice, last_message_id = new.message_id,
             preview = new.preview, preview_direction = new.direction, recipient = coalesce(new.recipient, conversation.recipient),
             contact_id = coalesce(conversation.contact_id, new.contact_id), activity_at = new.activity_at, waiting_since = new.waiting_since,
             version = conversation.version + 1, updated_at = now()
           from json_to_recordset($1::json) as new(company_id bigint, id bigint, status text, last_number int, last_notice int, message_id bigint, preview text,
             direction text, recipient jsonb, contact_id bigint, activity_at timestamptz, waiting_since timestamptz)
           where conversation.company_id = new.company_id and conversation.id = new.id`,
    values: [
      JSON.stringify(
        states.map((state) => ({
          company_id: state.company_id,
          id: state.id,
          status: state.status,
          last_number: state.last_number,
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
