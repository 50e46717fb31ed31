import { type DeliveryRow, isOpen, isParked, isUnderWay, type Store } from "../store.ts"
import { byDue, dateOf, firstOf, msOf, type Statements, wake, wakeAll } from "./statement.ts"

function enqueue(store: Store, columns: unknown[][]): void {
  const [
    companies,
    ids,
    channels,
    conversations,
    messages,
    sequences,
    types,
    numbers,
    states,
    dues,
    offlines,
    replays,
  ] = columns as [
    number[],
    number[],
    number[],
    (number | null)[],
    (number | null)[],
    DeliveryRow["sequence"][],
    string[],
    (number | null)[],
    ("queued" | "held")[],
    Date[],
    boolean[],
    (number | null)[],
  ]
  // The statement sees the table as it was before: of those that come together, the first by number may be ready.
  const rows = ids.map((id, i): DeliveryRow => {
    const isOffline = offlines[i] === true && store.isOffline(companies[i] as number, channels[i] as number)
    const parked = sequences[i] === "send" && isOffline && states[i] === "queued"
    return {
      company_id: companies[i] as number,
      id,
      channel_id: channels[i] as number,
      conversation_id: conversations[i] as number | null,
      message_id: messages[i] as number | null,
      sequence: sequences[i] as DeliveryRow["sequence"],
      type: types[i] as string,
      number: numbers[i] as number | null,
      ready: false,
      stepped_aside: false,
      state: parked ? "waiting" : (states[i] as "queued" | "held"),
      due_at: parked ? Number.POSITIVE_INFINITY : msOf(dues[i] as Date, 0),
      waiting_reason: parked ? "channel_offline" : null,
      attempts: 0,
      first_started_at: null,
      lease_token: null,
      error_code: null,
      error_reason: null,
      replay_of: replays[i] as number | null,
      created_at: store.nowMs,
      finished_at: null,
    }
  })
  for (const row of rows) row.ready = row.sequence === "control" || (row.number !== null && isHead(store, rows, row))
  for (const row of rows) store.insertDelivery(row)
  wakeAll(
    store,
    rows.filter((row) => row.ready && row.state === "queued"),
  )
}

const isHead = (store: Store, together: readonly DeliveryRow[], row: DeliveryRow): boolean =>
  !together.some(
    (other) =>
      other.conversation_id === row.conversation_id &&
      other.sequence === row.sequence &&
      other.number !== null &&
      other.number < (row.number as number),
  ) &&
  !store
    .sequence(row.conversation_id as number, row.sequence)
    .some((other) => isUnderWay(other) && !other.stepped_aside && (other.number as number) < (row.number as number))

function* inTheirPlaces(rows: Iterable<DeliveryRow>): Iterable<DeliveryRow> {
  for (const row of rows) if (!row.stepped_aside) yield row
}

const byPlace = (one: DeliveryRow, other: DeliveryRow): number =>
  Number(one.stepped_aside) - Number(other.stepped_aside) || (one.number as number) - (other.number as number)

const ofIds = (store: Store, company: number, ids: readonly number[]): DeliveryRow[] =>
  ids.flatMap((id) => store.delivery(company, id) ?? [])

const chosen = ({ id, conversation_id }: DeliveryRow) => ({ id, conversation_id })

const told = (rows: readonly DeliveryRow[]) =>
  rows.map(({ conversation_id, message_id, state }) => ({ conversation_id, message_id, state }))

export const outboxStatements: Statements = {
  "outbox.enqueue": (store, columns) => {
    enqueue(store, columns)
    return []
  },

  "outbox.cancel_held": (store, [company, message]) => {
    const held = (store.byMessage.get(message) ?? []).filter(
      (row) => row.company_id === company && row.state === "held",
    )
    for (const row of held) store.updateDelivery(row, { state: "cancelled", finished_at: store.nowMs })
    return held.map(({ id }) => ({ id }))
  },

  "outbox.find_hastened": (store, [company, message]) => {
    const row = (store.byMessage.get(message) ?? []).findLast(
      (copy) => copy.company_id === company && copy.sequence === "send" && (isOpen(copy) || copy.state === "held"),
    )
    if (row === undefined || store.isOffline(company, row.channel_id)) return []
    const { id, channel_id, conversation_id, state } = row
    return [{ id, channel_id, conversation_id, state, keeps_place: state === "waiting" && !row.stepped_aside }]
  },

  "held.list_due": (store, [now, max]) => {
    if (store.held.size === 0) return []
    const nowMs = msOf(now, 0)
    const due: DeliveryRow[] = []
    for (const row of store.held) if (row.due_at <= nowMs) due.push(row)
    return firstOf(due, max, byDue).map(({ company_id, id, conversation_id }) => ({ company_id, id, conversation_id }))
  },

  "held.lock_free": (store, [company, ids]) =>
    [...new Set<number>(ids)]
      .filter((id) => store.conversation(company, id) !== undefined)
      .sort((one, other) => one - other)
      .map((id) => ({ id })),

  "held.release": (store, [company, ids, now, conversations]) => {
    const due = (ids as number[])
      .flatMap((id) => store.delivery(company, id) ?? [])
      .filter((row) => row.state === "held" && conversations.includes(row.conversation_id))
      .sort(byDue)
    for (const row of due) {
      const conversation = store.conversation(company, row.conversation_id as number)
      if (conversation === undefined) continue
      store.update("conversation", conversation, { last_send: conversation.last_send + 1 })
      const offline = store.isOffline(company, row.channel_id)
      store.updateDelivery(row, {
        state: offline ? "waiting" : "queued",
        due_at: offline ? Number.POSITIVE_INFINITY : msOf(now, 0),
        waiting_reason: offline ? "channel_offline" : null,
        number: conversation.last_send,
      })
    }
    return told(due)
  },

  "parking.lock_channel": (store, [company, channel, youngerThanMs]) =>
    store.channel(company, channel)?.status !== "ok"
      ? []
      : [{ before: youngerThanMs === null ? null : dateOf(store.nowMs - youngerThanMs) }],

  // Which of several is gone on with first is left to chance there.
  "parking.next": (store) => {
    for (const { company_id, id, parking, parking_before } of store.channels.values())
      if (parking !== null)
        return [{ company_id, id, parking, before: parking_before === null ? null : dateOf(parking_before) }]
    return []
  },

  "parking.next_stray": (store) => {
    for (const { company_id, id, parking } of store.channels.values())
      if (parking === null && store.hasStrays(company_id, id))
        return [{ company_id, id, parking: "park", before: null }]
    return []
  },

  "parking.choose_open": (store, [company, channel, max]) => {
    const { readySends, blockedSends } = store.ofChannel(company, channel)
    return firstOf([...readySends, ...blockedSends], max, byDue).map(chosen)
  },

  "parking.choose_parked": (store, [company, channel, all, max]) => {
    const { parkedSends } = store.ofChannel(company, channel)
    return firstOf(all ? parkedSends : inTheirPlaces(parkedSends), max, byPlace).map(chosen)
  },

  "parking.count_leaving": (store, [company, channel, before]) => {
    let count = 0
    for (const row of store.ofChannel(company, channel).parkedSends)
      if (before === null || (!row.stepped_aside && row.created_at >= msOf(before, 0))) count++
    return [{ count }]
  },

  "parking.note_left": (store, [company, id, parking, before]) => {
    const channel = store.channel(company, id)
    if (channel !== undefined && (channel.parking !== null || parking !== null))
      store.update("channel", channel, { parking, parking_before: before === null ? null : msOf(before, 0) })
    return []
  },

  "parking.park": (store, [company, ids]) => {
    const parked = ofIds(store, company, ids).filter((row) => isOpen(row) && !isParked(row))
    for (const row of parked)
      store.updateDelivery(row, {
        state: "waiting",
        due_at: Number.POSITIVE_INFINITY,
        waiting_reason: "channel_offline",
      })
    return told(parked)
  },

  "parking.leave_old_behind": (store, [company, ids, before]) => {
    for (const row of ofIds(store, company, ids))
      if (isParked(row) && !row.stepped_aside && row.created_at < msOf(before, 0))
        store.updateDelivery(row, { stepped_aside: true, waiting_reason: "needs_a_person" })
    return []
  },

  "parking.release": (store, [company, ids, all]) => {
    const released = ofIds(store, company, ids)
      .filter((row) => isParked(row) && (all || !row.stepped_aside))
      .sort((one, other) => (one.number as number) - (other.number as number))
    for (const row of released) {
      const conversation = store.conversation(company, row.conversation_id as number)
      if (conversation !== undefined && row.stepped_aside)
        store.update("conversation", conversation, { last_send: conversation.last_send + 1 })
      store.updateDelivery(row, {
        state: "queued",
        due_at: Number.NEGATIVE_INFINITY,
        waiting_reason: null,
        ready: row.ready && !row.stepped_aside,
        number: row.stepped_aside ? (conversation?.last_send ?? null) : row.number,
        stepped_aside: false,
      })
    }
    return told(released)
  },

  "parking.wake_lane": (store, [company, channel]) => {
    wake(store, company, channel, Number.NEGATIVE_INFINITY)
    return []
  },

  "parking.tell_messages": (store, [company, ids, state]) => {
    for (const id of ids as number[]) {
      const message = store.message(company, id)
      if (message !== undefined) store.update("message", message, { state })
    }
    return []
  },

  "parking.event_ids": (store, [count]) => Array.from({ length: count }, () => ({ block: store.nextBlock() })),
  "ids.reserve": (store, [count]) => Array.from({ length: count }, () => ({ block: store.nextBlock() })),
  "feed.append": () => [],
  "audit.record": () => [],

  "channels.set_status": (store, [company, id, status, reason]) => {
    const channel = store.channel(company, id)
    if (channel === undefined || (channel.status === status && channel.status_reason === reason)) return []
    store.update("channel", channel, { status, status_reason: reason })
    return [{ id }]
  },

  "retention.remove": (store, [days, from, fromId]) => {
    const cut = store.nowMs - days * 86_400_000
    const fromMs = from === "-infinity" ? Number.NEGATIVE_INFINITY : Number(from)
    const old = [...store.deliveries.values()]
      .filter(({ finished_at: at, id }) => at !== null && at < cut && (at > fromMs || (at === fromMs && id > fromId)))
      .sort((one, other) => (one.finished_at as number) - (other.finished_at as number) || one.id - other.id)
      .slice(0, 500)
    for (const row of old) if (!isAllThatIsKnown(store, row)) store.removeDelivery(row)
    const last = old.at(-1)
    return last === undefined ? [] : [{ seen: old.length, finished_at: String(last.finished_at), id: last.id }]
  },

  "redrive.channel_status": (store, [company, id]) => {
    const channel = store.channel(company, id)
    return channel === undefined ? [] : [{ status: channel.status }]
  },

  "redrive.find": (store, values) =>
    candidates(store, values)
      .map(({ id }) => ({ id }))
      .slice(0, 1000),

  "redrive.conversations": (store, [company, ids]) =>
    [...new Set((ids as number[]).map((id) => store.delivery(company, id)?.conversation_id))].flatMap((id) =>
      id === undefined ? [] : { conversation_id: id },
    ),

  "redrive.read": (store, values) =>
    candidates(store, values)
      .filter((row) => (values[5] as number[]).includes(row.id))
      .map((row) => ({ ...row })),

  "redrive.take_numbers": (store, [company, ids, sends, notices]) =>
    (ids as number[]).flatMap((id, i) => {
      const conversation = store.conversation(company, id)
      if (conversation === undefined) return []
      const { last_send: send, last_notice: notice } = conversation
      store.update("conversation", conversation, { last_send: send + sends[i], last_notice: notice + notices[i] })
      return { id, send, notice }
    }),
}

/** The newest delivery of a reply that failed or is unknown says why. */
function isAllThatIsKnown(store: Store, row: DeliveryRow): boolean {
  if (row.sequence !== "send" || row.message_id === null) return false
  const state = store.message(row.company_id, row.message_id)?.state
  return (state === "failed" || state === "unknown") && !hasLater(store, row)
}

const hasLater = (store: Store, row: DeliveryRow): boolean =>
  (store.byMessage.get(row.message_id as number) ?? []).some(
    (later) => later.sequence === row.sequence && later.id > row.id && later.state !== "cancelled",
  )

function candidates(store: Store, [company, channel, states, since, until]: unknown[]): DeliveryRow[] {
  const from = msOf(since as Date, 0)
  const to = msOf(until as Date | null, Number.POSITIVE_INFINITY)
  return [...store.ofChannel(company as number, channel as number).failed]
    .filter(
      (row) =>
        (states as string[]).includes(row.state) &&
        (row.finished_at as number) >= from &&
        (row.finished_at as number) < to &&
        row.sequence !== "control" &&
        row.conversation_id !== null &&
        row.message_id !== null &&
        !hasLater(store, row),
    )
    .sort(
      (one, other) =>
        (one.number as number) - (other.number as number) ||
        (one.conversation_id as number) - (other.conversation_id as number),
    )
}
