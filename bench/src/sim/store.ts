/**
 * The tables that delivery works on, in memory, with PostgreSQL's promise: a transaction's changes are kept all together or not at all. Transactions run
 * one after the other. Moments are milliseconds, with ±Infinity as in the tables; column names are the tables' own.
 */

export type DeliveryState = "held" | "queued" | "waiting" | "sending" | "sent" | "failed" | "unknown" | "cancelled"
export type Sequence = "send" | "notice" | "control"

export interface DeliveryRow {
  company_id: number
  id: number
  channel_id: number
  conversation_id: number | null
  message_id: number | null
  sequence: Sequence
  type: string
  number: number | null
  ready: boolean
  stepped_aside: boolean
  state: DeliveryState
  due_at: number
  waiting_reason: string | null
  attempts: number
  first_started_at: number | null
  lease_token: number | null
  error_code: string | null
  error_reason: string | null
  replay_of: number | null
  created_at: number
  finished_at: number | null
}

export interface LaneRow {
  company_id: number
  channel_id: number
  due_at: number
  cap: number
  lease_token: number
  leased_by: string | null
  leased_until: number
  sends_from: number
  notices_from: number
  /** JSON. */
  health: string
}

export interface ConversationRow {
  company_id: number
  id: number
  channel_id: number
  last_send: number
  last_notice: number
}

export interface ChannelRow {
  company_id: number
  id: number
  status: "ok" | "offline"
  status_reason: string | null
  parking: "park" | "release" | null
  /** Null when releasing: nothing waits for a person. */
  parking_before: number | null
}

export interface MessageRow {
  company_id: number
  id: number
  conversation_id: number
  channel_id: number
  state: string
}

interface Rows {
  delivery: DeliveryRow
  lane: LaneRow
  conversation: ConversationRow
  channel: ChannelRow
  message: MessageRow
}
type Table = keyof Rows

/** A row as it was before the transaction and as it is now; null: it was not, or is no more, there. */
export interface Change<T extends Table = Table> {
  table: T
  before: Rows[T] | null
  row: Rows[T]
  removed: boolean
}

/** Which of a channel's deliveries are looked for together, as by the partial indexes of the table: each is in one of these, or in none. */
interface ChannelIndex {
  readySends: Set<DeliveryRow>
  /** Queued and waiting, behind others of their conversation. */
  blockedSends: Set<DeliveryRow>
  /** Until somebody acts. */
  parkedSends: Set<DeliveryRow>
  readyNotices: Set<DeliveryRow>
  sending: Set<DeliveryRow>
  failed: Set<DeliveryRow>
}

const key = (companyId: number, id: number): number => companyId * 2 ** 40 + id

export class Store {
  readonly deliveries = new Map<number, DeliveryRow>()
  readonly lanes = new Map<number, LaneRow>()
  readonly conversations = new Map<number, ConversationRow>()
  readonly channels = new Map<number, ChannelRow>()
  readonly messages = new Map<number, MessageRow>()
  readonly held = new Set<DeliveryRow>()
  readonly byMessage = new Map<number, DeliveryRow[]>()
  readonly #byChannel = new Map<number, ChannelIndex>()
  /** By conversation and sequence: queued, waiting and sending, by number. */
  readonly #sequences = new Map<number, DeliveryRow[]>()
  readonly #now: () => number
  #changes: Change[] | null = null
  readonly #changed = new Map<object, Change>()
  #nextBlock = 1

  /** `now`: the database's own clock, in ms. */
  constructor(now: () => number) {
    this.#now = now
  }

  get nowMs(): number {
    return this.#now()
  }

  get inTransaction(): boolean {
    return this.#changes !== null
  }

  begin(): void {
    if (this.#changes !== null) throw new Error("a transaction waited for something other than the database")
    this.#changes = []
  }

  /** What has changed, for whoever watches. */
  commit(): readonly Change[] {
    const changes = this.#changes ?? []
    this.#changes = null
    this.#changed.clear()
    return changes
  }

  rollback(): void {
    const changes = this.#changes ?? []
    this.#changes = null
    this.#changed.clear()
    for (const change of changes.reverse()) this.#undo(change)
  }

  #undo({ table, before, row, removed }: Change): void {
    if (table === "delivery") {
      this.#leaveIndexes(row as DeliveryRow)
      if (before === null) this.#forget(row as DeliveryRow)
      else {
        Object.assign(row, before)
        if (removed) this.#remember(row as DeliveryRow)
        this.#joinIndexes(row as DeliveryRow)
      }
    } else if (before === null) this.#tables[table].delete(key(row.company_id, idOf(table, row)))
    else Object.assign(row, before)
  }

  readonly #tables = {
    lane: this.lanes,
    conversation: this.conversations,
    channel: this.channels,
    message: this.messages,
  } as Record<Exclude<Table, "delivery">, Map<number, unknown>>

  #note<T extends Table>(table: T, row: Rows[T], before: Rows[T] | null): Change | null {
    if (this.#changes === null) throw new Error(`${table} was changed outside a transaction`)
    const known = this.#changed.get(row)
    if (known !== undefined) return known
    const change: Change = { table, before, row, removed: false }
    this.#changed.set(row, change)
    this.#changes.push(change)
    return change
  }

  insert<T extends Exclude<Table, "delivery">>(table: T, row: Rows[T]): void {
    this.#note(table, row, null)
    this.#tables[table].set(key(row.company_id, idOf(table, row)), row)
  }

  insertDelivery(row: DeliveryRow): void {
    this.#note("delivery", row, null)
    this.#remember(row)
    this.#joinIndexes(row)
  }

  update<T extends Exclude<Table, "delivery">>(table: T, row: Rows[T], values: Partial<Rows[T]>): void {
    if (!this.#changed.has(row)) this.#note(table, row, { ...row })
    Object.assign(row, values)
  }

  updateDelivery(row: DeliveryRow, values: Partial<DeliveryRow>): void {
    if (!this.#changed.has(row)) this.#note("delivery", row, { ...row })
    this.#change(row, values)
  }

  /** Touches the indexes only where the row goes elsewhere. */
  #change(row: DeliveryRow, values: Partial<DeliveryRow>): void {
    const [wasAmong, wasInLine, { number }] = [this.#among(row), isInLine(row), row]
    const line = wasInLine ? this.#lineOf(row) : null
    for (const column in values)
      (row as unknown as Record<string, unknown>)[column] = values[column as keyof DeliveryRow]
    const isAmong = this.#among(row)
    if (isAmong !== wasAmong) {
      wasAmong?.delete(row)
      isAmong?.add(row)
    }
    const staysInLine = isInLine(row)
    if (staysInLine === wasInLine && row.number === number) return
    line?.splice(line.indexOf(row), 1)
    if (staysInLine) joinInOrder(this.#lineOf(row), row)
  }

  removeDelivery(row: DeliveryRow): void {
    const change = this.#note("delivery", row, { ...row })
    if (change !== null) change.removed = true
    this.#leaveIndexes(row)
    this.#forget(row)
  }

  #remember(row: DeliveryRow): void {
    this.deliveries.set(row.id, row)
    if (row.message_id === null) return
    const copies = this.byMessage.get(row.message_id)
    if (copies === undefined) this.byMessage.set(row.message_id, [row])
    else {
      copies.push(row)
      copies.sort((one, other) => one.id - other.id)
    }
  }

  #forget(row: DeliveryRow): void {
    this.deliveries.delete(row.id)
    const copies = row.message_id === null ? undefined : this.byMessage.get(row.message_id)
    copies?.splice(copies.indexOf(row), 1)
  }

  #joinIndexes(row: DeliveryRow): void {
    this.#among(row)?.add(row)
    if (isInLine(row)) joinInOrder(this.#lineOf(row), row)
  }

  #leaveIndexes(row: DeliveryRow): void {
    this.#among(row)?.delete(row)
    if (!isInLine(row)) return
    const line = this.#lineOf(row)
    line.splice(line.indexOf(row), 1)
  }

  #among(row: DeliveryRow): Set<DeliveryRow> | null {
    if (row.state === "held") return this.held
    if (row.state === "sent" || row.state === "cancelled") return null
    const index = this.ofChannel(row.company_id, row.channel_id)
    if (row.state === "sending") return index.sending
    if (row.state === "failed" || row.state === "unknown") return index.failed
    if (row.sequence !== "send") return row.ready ? index.readyNotices : null
    if (isParked(row)) return index.parkedSends
    return row.ready ? index.readySends : index.blockedSends
  }

  #lineOf(row: DeliveryRow): DeliveryRow[] {
    return this.sequence(row.conversation_id as number, row.sequence)
  }

  ofChannel(companyId: number, channelId: number): ChannelIndex {
    const at = key(companyId, channelId)
    let index = this.#byChannel.get(at)
    if (index === undefined) {
      index = {
        readySends: new Set(),
        blockedSends: new Set(),
        parkedSends: new Set(),
        readyNotices: new Set(),
        sending: new Set(),
        failed: new Set(),
      }
      this.#byChannel.set(at, index)
    }
    return index
  }

  /** Queued and waiting. */
  *openSends(companyId: number, channelId: number): Iterable<DeliveryRow> {
    const { readySends, blockedSends, parkedSends } = this.ofChannel(companyId, channelId)
    yield* readySends
    yield* blockedSends
    yield* parkedSends
  }

  sequence(conversationId: number, sequence: Sequence): DeliveryRow[] {
    const at = sequence === "send" ? conversationId : -conversationId
    let rows = this.#sequences.get(at)
    if (rows === undefined) {
      rows = []
      this.#sequences.set(at, rows)
    }
    return rows
  }

  lane(companyId: number, channelId: number): LaneRow | undefined {
    return this.lanes.get(key(companyId, channelId))
  }

  conversation(companyId: number, id: number): ConversationRow | undefined {
    return this.conversations.get(key(companyId, id))
  }

  channel(companyId: number, id: number): ChannelRow | undefined {
    return this.channels.get(key(companyId, id))
  }

  message(companyId: number, id: number): MessageRow | undefined {
    return this.messages.get(key(companyId, id))
  }

  delivery(companyId: number, id: number): DeliveryRow | undefined {
    const row = this.deliveries.get(id)
    return row?.company_id === companyId ? row : undefined
  }

  isOffline(companyId: number, channelId: number): boolean {
    return this.channel(companyId, channelId)?.status === "offline"
  }

  /** It is offline, and not all of its sends wait. */
  hasStrays(companyId: number, channelId: number): boolean {
    if (!this.isOffline(companyId, channelId)) return false
    const { readySends, blockedSends } = this.ofChannel(companyId, channelId)
    return readySends.size + blockedSends.size > 0
  }

  /** A sequence's next value; as in PostgreSQL, a rollback does not take it back. */
  nextBlock(): number {
    return this.#nextBlock++
  }
}

const idOf = (table: Table, row: Rows[Table]): number =>
  table === "lane" ? (row as LaneRow).channel_id : (row as ConversationRow).id

export const isOpen = (row: DeliveryRow): boolean => row.state === "queued" || row.state === "waiting"
export const isUnderWay = (row: DeliveryRow): boolean => isOpen(row) || row.state === "sending"
export const isParked = (row: DeliveryRow): boolean =>
  row.state === "waiting" && row.due_at === Number.POSITIVE_INFINITY

const isInLine = (row: DeliveryRow): boolean => row.number !== null && row.conversation_id !== null && isUnderWay(row)

function joinInOrder(rows: DeliveryRow[], row: DeliveryRow): void {
  let at = rows.length
  while (at > 0 && ((rows[at - 1] as DeliveryRow).number as number) > (row.number as number)) at--
  rows.splice(at, 0, row)
}
