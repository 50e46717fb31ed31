import type { Outcome } from "@causeway/server/delivery/outcome"
import type { History } from "./history.ts"
import type { Witness } from "./partner.ts"
import type { DeliveryRow, LaneRow } from "./store.ts"
import type { Owner, Timeline } from "./timeline.ts"

/** A rule that did not hold. `about`: the delivery, conversation and lane, for the history. */
export class Broken extends Error {
  readonly about: readonly (number | null)[]

  constructor(rule: string, about: readonly (number | null)[]) {
    super(rule)
    this.about = about
  }
}

/** The time after which a send without an answer is unknown. */
export const answerMs = 7_000

/** What really happened to one delivery, whatever the tables say. */
export interface Fate {
  row: DeliveryRow
  /** Attempts of which a byte has left. */
  written: number
  /** Of the last attempt that was dialled. */
  attempt: number
  who: Owner | null
  dialledAtMs: number
  /** What the process has heard; null: nothing yet. */
  outcome: Outcome | null
  reportedAtMs: number
  /** It heard so before a send counts as given up. */
  inTime: boolean
  lastWritten: boolean
  /** Since it was claimed. */
  dialled: boolean
  gone: boolean
  /** It could not be read. */
  unread: boolean
  /** After each of the attempts that were answered "not now". */
  asked: number
}

interface LaneResults {
  /** Marks of results that the row's health may not know. */
  marks: number[]
  notedAt: number
}

/** What the simulated network saw, kept apart from what the engine wrote down. */
export class Ledger implements Witness {
  readonly fates = new Map<number, Fate>()
  readonly #lanes = new Map<number, LaneResults>()
  /** By conversation and sequence: the number of the last one that reached the partner. */
  readonly #lastNumber = new Map<number, { number: number; id: number }>()
  readonly #timeline: Timeline
  readonly #history: History
  readonly #fail: (broken: Broken) => void
  #marks = 0
  attempts = 0
  checked = 0

  constructor(timeline: Timeline, history: History, fail: (broken: Broken) => void) {
    this.#timeline = timeline
    this.#history = history
    this.#fail = fail
  }

  /** Grows with everything that a lane's holder may learn from. */
  mark(): number {
    return this.#marks
  }

  enter(row: DeliveryRow): void {
    this.fates.set(row.id, {
      row,
      written: 0,
      attempt: 0,
      who: null,
      dialledAtMs: 0,
      outcome: null,
      reportedAtMs: 0,
      inTime: false,
      lastWritten: false,
      dialled: false,
      gone: false,
      unread: false,
      asked: 0,
    })
  }

  dialled(id: number, attempt: number, who: Owner): void {
    const fate = this.#fateOf(id)
    this.attempts++
    fate.attempt = attempt
    fate.who = who
    fate.dialledAtMs = this.#timeline.nowMs
    fate.outcome = null
    fate.lastWritten = false
    fate.dialled = true
    this.#history.note(this.#timeline.nowMs, nameOf(who), "dials", [id], `attempt ${attempt}`)
  }

  written(id: number, attempt: number): void {
    const fate = this.#fateOf(id)
    const { row } = fate
    this.#history.note(this.#timeline.nowMs, nameOf(fate.who), "writes", [id], `attempt ${attempt}`)
    this.checked += 2
    if (row.sequence === "send" && fate.written > fate.asked)
      this.#break("a send that had left was sent once more by the machine", row)
    fate.written++
    fate.lastWritten = true
    if (row.conversation_id === null || row.number === null || row.stepped_aside) return
    const at = row.sequence === "send" ? row.conversation_id : -row.conversation_id
    const last = this.#lastNumber.get(at)
    if (last !== undefined && last.number > row.number && last.id !== id)
      this.#break(`it reached the partner after number ${last.number} (${last.id}) of its conversation`, row)
    this.#lastNumber.set(at, { number: row.number, id })
  }

  reported(id: number, attempt: number, outcome: Outcome, tookMs: number): void {
    const fate = this.#fateOf(id)
    this.#marks++
    const said = outcome.kind === "answered" ? outcome.status : `${outcome.code}, written: ${outcome.written}`
    this.#history.note(
      this.#timeline.nowMs,
      nameOf(fate.who),
      "hears",
      [id],
      `attempt ${attempt}`,
      said,
      `${tookMs} ms`,
    )
    if (fate.attempt !== attempt) return
    fate.outcome = outcome
    fate.reportedAtMs = this.#timeline.nowMs
    fate.inTime = tookMs < answerMs
    if (fate.inTime && outcome.kind === "answered" && outcome.status === 429) fate.asked++
    const lane = this.lane(fate.row)
    lane.marks.push(this.#marks)
    if (lane.marks.length > 64) lane.marks.shift()
  }

  claimed(id: number): void {
    const fate = this.#fateOf(id)
    fate.dialled = false
    fate.gone = false
    fate.unread = false
  }

  /** There was nothing to tell any more. */
  gone(id: number): void {
    this.#fateOf(id).gone = true
  }

  unread(id: number): void {
    this.#fateOf(id).unread = true
  }

  /** The lane's row now knows what its holder knew when it asked, at `begunAt`. */
  noted(lane: LaneRow, begunAt: number): void {
    const results = this.lane(lane)
    results.notedAt = begunAt
    results.marks = results.marks.filter((mark) => mark > begunAt)
  }

  /** How many results the lane's row may not know of yet. */
  unnoted(lane: LaneRow): number {
    const { marks, notedAt } = this.lane(lane)
    let count = 0
    for (const mark of marks) if (mark > notedAt) count++
    return count
  }

  lane({ channel_id }: { channel_id: number }): LaneResults {
    let results = this.#lanes.get(channel_id)
    if (results === undefined) {
      results = { marks: [], notedAt: 0 }
      this.#lanes.set(channel_id, results)
    }
    return results
  }

  #fateOf(id: number): Fate {
    const fate = this.fates.get(id)
    if (fate === undefined) throw new Error(`delivery ${id} was dialled and never put in`)
    return fate
  }

  #break(rule: string, row: DeliveryRow): void {
    this.#fail(new Broken(`${row.type} ${row.id}: ${rule}`, [row.id, row.conversation_id]))
  }
}

const nameOf = (who: Owner | null): string => (who as { name?: string } | null)?.name ?? "nobody"
