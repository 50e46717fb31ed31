import type { Actor } from "./database.ts"
import { Broken, type Ledger } from "./ledger.ts"
import type { Process } from "./process.ts"
import { checkResult } from "./results.ts"
import type { Change, ChannelRow, DeliveryRow, DeliveryState, LaneRow, Store } from "./store.ts"

/** Which state may follow which; a state that is missing is the last one. */
const mayBecome: Partial<Record<DeliveryState, readonly DeliveryState[]>> = {
  held: ["queued", "waiting", "cancelled"],
  queued: ["sending", "waiting", "cancelled"],
  waiting: ["sending", "queued", "cancelled"],
  sending: ["sent", "failed", "unknown", "waiting"],
  unknown: ["sent", "failed"],
}

/** The most a channel may have in flight, whatever was learnt (docs/delivery.md). */
const capMax = 16
/** A pause that seems to last longer was begun by a clock that has been set back since, and is over; less what a claim may take. */
const pauseMaxMs = 600_000 - 10_000

export interface CheckerDeps {
  store: Store
  ledger: Ledger
  isProcess(actor: Actor): actor is Process & Actor
  nowMs(): number
}

/** Looks at every commit and holds it against what delivery promises. It knows the rules, and nothing of how the engine keeps them. */
export class Checker {
  readonly #deps: CheckerDeps
  readonly #ownerOf = new Map<string, Actor>()

  constructor(deps: CheckerDeps) {
    this.#deps = deps
  }

  /** Throws `Broken`. `begunAt`: the ledger's mark when the transaction was asked for. */
  committed(actor: Actor, changes: readonly Change[], begunAt: number): void {
    const { store, ledger } = this.#deps
    const lanes = new Set<LaneRow>()
    const deliveries: { before: DeliveryRow | null; row: DeliveryRow }[] = []
    for (const change of changes) {
      if (change.table === "lane") {
        lanes.add(change.row as LaneRow)
        this.#laneChanged(actor, change.before as LaneRow | null, change.row as LaneRow, begunAt)
      } else if (change.table === "channel") this.#allWait(change.row as ChannelRow)
      else if (change.table === "delivery") {
        const row = change.row as DeliveryRow
        if (change.removed) this.#removed(change.before as DeliveryRow)
        else deliveries.push({ before: change.before as DeliveryRow | null, row })
      }
    }
    for (const { before, row } of deliveries) {
      if (before === null) ledger.enter(row)
      else if (before.state !== row.state) this.#moved(actor, before, row)
      const lane = store.lane(row.company_id, row.channel_id)
      if (lane !== undefined) lanes.add(lane)
    }
    for (const { row } of deliveries) this.#inPlace(row)
    for (const lane of lanes) if (lane.leased_by === null) this.#restsRightly(lane)
  }

  #laneChanged(actor: Actor, before: LaneRow | null, lane: LaneRow, begunAt: number): void {
    const { ledger, isProcess } = this.#deps
    if (before === null) return
    const isLeased = before.lease_token !== lane.lease_token
    if (isLeased) {
      this.#expect(lane.lease_token === before.lease_token + 1, "a lease has the next token", lane)
      this.#expect(before.leased_until < this.#deps.nowMs(), "a lease is not taken from somebody who holds it", lane)
      if (isProcess(actor) && lane.leased_by !== null) {
        actor.owner = lane.leased_by
        this.#ownerOf.set(lane.leased_by, actor)
      }
    }
    if (isLeased || before.health !== lane.health || before.cap !== lane.cap) ledger.noted(lane, begunAt)
    this.#expect(lane.cap >= 1 && lane.cap <= capMax, "the cap is between 1 and 16", lane)
  }

  #removed(row: DeliveryRow): void {
    this.#expect(row.finished_at !== null, "only what is finished is removed", row)
    this.#deps.ledger.fates.delete(row.id)
  }

  #moved(actor: Actor, before: DeliveryRow, row: DeliveryRow): void {
    const allowed = mayBecome[before.state] ?? []
    if (!allowed.includes(row.state)) this.#fail(`${before.state} became ${row.state}`, row)
    const { isProcess, store, ledger, nowMs } = this.#deps
    ledger.checked++
    if (row.state === "sending") {
      if (!isProcess(actor)) this.#fail("only a process claims", row)
      this.#claimed(actor, before, row)
      return
    }
    if (before.stepped_aside && !row.stepped_aside && isProcess(actor)) this.#releasedInTurn(before, row)
    const lane = store.lane(row.company_id, row.channel_id)
    const isOrphan = lane !== undefined && (before.lease_token as number) < lane.lease_token
    if (before.state === "sending") {
      if (!isProcess(actor)) this.#fail("a person changed what was under way", row)
      this.#expect(
        lane !== undefined && lane.leased_by === actor.owner && (before.lease_token as number) <= lane.lease_token,
        "a result is written by nobody but the holder of the lane",
        row,
      )
    }
    const fate = ledger.fates.get(row.id)
    checkResult({ before, row, fate, actor, isProcess, isOrphan, nowMs: nowMs(), expect: this.#expect })
  }

  /** Once all of an offline channel's sends were moved, none is due: what is shown as queued would be a lie. */
  #allWait(channel: ChannelRow): void {
    if (channel.status !== "offline" || channel.parking !== null) return
    for (const row of this.#deps.store.openSends(channel.company_id, channel.id))
      this.#expect(row.due_at === Number.POSITIVE_INFINITY, "it is due although its channel is offline", row)
  }

  /** A person may hurry one of them; released together they go in the order in which they stood. */
  #releasedInTurn(before: DeliveryRow, row: DeliveryRow): void {
    for (const other of this.#deps.store.openSends(row.company_id, row.channel_id))
      if (other.conversation_id === row.conversation_id && other.stepped_aside)
        this.#expect(
          (other.number as number) > (before.number as number),
          `it was released before ${other.id}, which stood before it`,
          row,
        )
  }

  #claimed(process: Process, before: DeliveryRow, row: DeliveryRow): void {
    const { store, ledger } = this.#deps
    const lane = store.lane(row.company_id, row.channel_id)
    if (lane === undefined) this.#fail("it was claimed from no lane", row)
    this.#expect(
      row.lease_token === lane.lease_token && lane.leased_by === process.owner,
      "nobody but the holder of the lane claims from it",
      row,
    )
    this.#expect(row.attempts === before.attempts + 1, "a claim starts one attempt", row)
    this.#expect(before.due_at <= process.latestMs, "nothing is claimed before it is due", row)
    const isSend = row.sequence === "send"
    ledger.claimed(row.id)
    if (isSend) {
      const fate = ledger.fates.get(row.id)
      this.#expect(fate !== undefined && fate.written <= fate.asked, "a send that has left is not claimed again", row)
      this.#expect(!store.isOffline(row.company_id, row.channel_id), "an offline channel's sends wait", row)
    }
    this.#inTurn(row)
    this.#withinBounds(process, lane, row, isSend)
  }

  #inTurn(row: DeliveryRow): void {
    if (row.conversation_id === null || row.number === null || row.stepped_aside) return
    const { store } = this.#deps
    // In the order of their numbers: what comes after it is of no interest, unless it is under way.
    for (const other of store.sequence(row.conversation_id, row.sequence)) {
      if (other === row) break
      this.#expect(other.stepped_aside, `it went before ${other.id}, which came first`, row)
    }
    for (const other of store.ofChannel(row.company_id, row.channel_id).sending) {
      if (other === row || other.conversation_id !== row.conversation_id || other.sequence !== row.sequence) continue
      this.#expect(other.stepped_aside, `it went while ${other.id} of its sequence is under way`, row)
    }
  }

  /** Cap and pauses, as far as the lane's row tells them: results that the row may not know of yet make room for doubt. */
  #withinBounds(process: Process, lane: LaneRow, row: DeliveryRow, isSend: boolean): void {
    const { store, ledger, nowMs } = this.#deps
    let inFlight = 0
    let ofKind = 0
    for (const other of store.ofChannel(row.company_id, row.channel_id).sending) {
      if (other.lease_token !== lane.lease_token) continue
      inFlight++
      if ((other.sequence === "send") === isSend) ofKind++
    }
    const unnoted = ledger.unnoted(lane)
    const cap = Math.min(capMax, lane.cap + unnoted)
    this.#expect(inFlight <= cap, `${inFlight} are in flight where the cap is ${cap}`, row)
    if (!isSend) this.#expect(ofKind <= Math.max(1, cap - 1), `${ofKind} notices leave no room for a send`, row)
    const from = isSend ? lane.sends_from : lane.notices_from
    if (from === Number.NEGATIVE_INFINITY || unnoted > 0) return
    const seemsToLastMs = from - Math.min(process.latestMs, nowMs() + process.skewMs)
    if (seemsToLastMs > pauseMaxMs) return
    this.#expect(from <= process.latestMs, "an attempt was used up while its lane pauses", row)
    const asked = JSON.parse(lane.health)[isSend ? "send" : "notice"]?.pause?.why === "asked"
    this.#expect(asked || ofKind <= 1, "more than one tries whether the partner is back", row)
  }

  /** The first of a sequence can be claimed, whoever moved it there. */
  #inPlace(row: DeliveryRow): void {
    const { store } = this.#deps
    this.#messageTells(row)
    if (row.conversation_id === null || row.number === null) return
    const head = store.sequence(row.conversation_id, row.sequence).find((one) => !one.stepped_aside)
    if (head !== undefined) this.#expect(head.ready || head.state === "sending", "the first in line is not ready", head)
    if (row.stepped_aside && (row.state === "waiting" || row.state === "queued"))
      this.#expect(row.ready || row.due_at === Number.POSITIVE_INFINITY, "what stepped aside cannot be claimed", row)
  }

  /** The screen shows what the newest delivery of a reply says. */
  #messageTells(row: DeliveryRow): void {
    const { store } = this.#deps
    if (row.sequence !== "send" || row.message_id === null) return
    const message = store.message(row.company_id, row.message_id)
    const newest = store.byMessage.get(row.message_id)?.findLast((copy) => copy.state !== "cancelled")
    if (message !== undefined && newest !== undefined)
      this.#expect(
        message.state === newest.state,
        `the message shows ${message.state} where it is ${newest.state}`,
        row,
      )
  }

  /** A lane at rest is due no later than what is in it: nobody else would ever come for it. */
  #restsRightly(lane: LaneRow): void {
    const { store } = this.#deps
    const { readySends, readyNotices } = store.ofChannel(lane.company_id, lane.channel_id)
    const check = (rows: Iterable<DeliveryRow>, from: number) => {
      for (const row of rows)
        if (row.due_at < Number.POSITIVE_INFINITY)
          this.#expect(lane.due_at <= Math.max(row.due_at, from), "its lane rests and will not be looked at", row)
    }
    check(readyNotices, lane.notices_from)
    if (!store.isOffline(lane.company_id, lane.channel_id)) check(readySends, lane.sends_from)
  }

  #expect = (held: boolean, rule: string, about: DeliveryRow | LaneRow): void => {
    this.#deps.ledger.checked++
    if (!held) this.#fail(rule, about)
  }

  #fail(rule: string, about: DeliveryRow | LaneRow): never {
    if ("id" in about) throw new Broken(`${about.type} ${about.id}: ${rule}`, [about.id, about.conversation_id])
    throw new Broken(`lane ${about.channel_id}: ${rule}`, [about.channel_id])
  }
}
