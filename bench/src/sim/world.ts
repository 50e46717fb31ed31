import type { Database } from "@causeway/server/database/database"
import { createIds } from "@causeway/server/ids"
import { Checker } from "./checker.ts"
import { type Actor, type DatabaseDeps, simulatedDatabase } from "./database.ts"
import { createDice, type Dice } from "./dice.ts"
import { History } from "./history.ts"
import { Broken, Ledger } from "./ledger.ts"
import { Partners } from "./partner.ts"
import { People, type Thread, type Written } from "./people.ts"
import { Process } from "./process.ts"
import { newLane } from "./statements/statement.ts"
import { type Change, type DeliveryRow, isOpen, type LaneRow, Store } from "./store.ts"
import { Timeline } from "./timeline.ts"

export interface WorldOptions {
  seed: number
  /** About as many deliveries are put in. */
  deliveries: number
  /** How often servers freeze, beside other events; default: see script.ts. */
  freezes?: number
}

/** What a world came to. */
export interface Ending {
  seed: number
  deliveries: number
  attempts: number
  killed: number
  frozen: number
  checked: number
  virtualMs: number
  /** How many ended in each state. */
  states: Record<string, number>
  /** Null: everything held. */
  failure: { rule: string; history: string[] } | null
}

const startMs = Date.UTC(2026, 0, 5, 9)
const hour = 3_600_000
/** What is still open so long after everything is well again will stay so. */
const patienceMs = 48 * hour
const historyTold = 40
/** Of those who write to an offline channel, as many have not heard of it. */
const mistakenShare = 0.1
/** What happens in a world, for each of its deliveries, at most: mostly it is 10 to 30. */
const momentsMax = 300

/** A company, its channels, their partners and some servers, from a first delivery until nothing is open any more. */
export class World {
  readonly dice: Dice
  readonly timeline = new Timeline(startMs)
  readonly store: Store
  readonly history = new History()
  readonly witness: Ledger
  readonly partners: Partners
  readonly databaseDeps: Omit<DatabaseDeps<Actor>, "actor">
  readonly people: People
  readonly threads: Thread[] = []
  readonly channels: { companyId: number; channelId: number }[] = []
  readonly written: Written[] = []
  processes: Process[] = []
  killed = 0
  frozen = 0
  put = 0
  downUntilMs = 0
  troubled: number
  /** When the next thing happens that is not the servers' own doing. */
  nextEventMs = startMs
  healed = false
  /** Ends pauses that were made longer, because there was nothing to do, soon. */
  readonly sleepers = new Set<() => void>()
  readonly #options: WorldOptions
  readonly #checker: Checker
  #names = 0
  #failure: Ending["failure"] = null
  #endsAtMs = Number.POSITIVE_INFINITY

  constructor(options: WorldOptions) {
    this.#options = options
    this.dice = createDice(options.seed)
    this.troubled = this.dice.pick([0, 0.0005, 0.002, 0.01])
    const { timeline, dice } = this
    this.store = new Store(() => timeline.nowMs)
    this.witness = new Ledger(timeline, this.history, (broken) => this.#fail(broken))
    this.partners = new Partners(dice)
    this.#checker = new Checker({
      store: this.store,
      ledger: this.witness,
      isProcess: (actor) => actor instanceof Process,
      nowMs: () => timeline.nowMs,
    })
    this.databaseDeps = {
      timeline,
      store: this.store,
      dice,
      isDown: () => timeline.nowMs < this.downUntilMs,
      troubleShare: () => this.troubleShare(),
      kill: (actor) => this.kill(actor),
      committed: (actor, changes, begunAt) => this.#committed(actor, changes, begunAt),
      unknown: (statement) => this.#fail(new Broken(`the simulator does not know the statement ${statement}`, [])),
      mark: () => this.witness.mark(),
    }
    const frontdesk = { name: "people", alive: true, frozenUntilMs: 0, mortal: false }
    const db: Database = simulatedDatabase({ ...this.databaseDeps, actor: frontdesk })
    this.people = new People({
      db,
      ids: createIds(db),
      now: () => new Date(timeline.nowMs),
      isMistaken: () => !this.healed && dice.chance(mistakenShare),
      wrote: (message) => this.written.push(message),
    })
    this.#found()
  }

  #found(): void {
    const { dice, store } = this
    store.begin()
    const channels = dice.between(1, 6)
    for (let i = 0; i < channels; i++) {
      const channel = { companyId: dice.between(1, 2), channelId: 100 + i }
      this.channels.push(channel)
      store.insert("channel", {
        company_id: channel.companyId,
        id: channel.channelId,
        status: "ok",
        status_reason: null,
        parking: null,
        parking_before: null,
      })
      store.insert("lane", newLane(channel.companyId, channel.channelId, Number.POSITIVE_INFINITY))
      const conversations = dice.between(1, 12)
      for (let j = 0; j < conversations; j++) {
        const thread = { ...channel, conversationId: 10_000 + 100 * i + j }
        this.threads.push(thread)
        store.insert("conversation", {
          company_id: channel.companyId,
          id: thread.conversationId,
          channel_id: channel.channelId,
          last_send: 0,
          last_notice: 0,
        })
      }
    }
    store.commit()
  }

  troubleShare(): number {
    return this.healed ? 0 : this.troubled
  }

  start(): Process {
    const process = new Process(this, `server ${++this.#names}`)
    this.history.note(this.timeline.nowMs, process.name, "starts", [])
    this.processes.push(process)
    return process
  }

  kill(actor: Actor): void {
    if (!actor.alive) return
    actor.alive = false
    this.killed++
    this.history.note(this.timeline.nowMs, actor.name, "is killed", [])
    this.processes = this.processes.filter((process) => process !== actor)
  }

  /** Somebody says what was just committed: or the hint is lost, and everyone finds it by looking. */
  hint(): void {
    for (const process of this.processes)
      if (process.frozenUntilMs <= this.timeline.nowMs && this.dice.chance(0.5)) process.engine.wake()
  }

  /** Until when nobody has anything to do; null while somebody has. */
  idleUntil(): number | null {
    const { nowMs } = this.timeline
    for (const { engine, stopping, frozenUntilMs } of this.processes)
      if (!engine.idle || stopping || frozenUntilMs > nowMs) return null
    if (this.#hasToPark()) return null
    let untilMs = this.nextEventMs
    const skewMs = Math.max(0, ...this.processes.map((process) => process.skewMs))
    for (const lane of this.store.lanes.values()) {
      untilMs = Math.min(untilMs, lane.due_at - skewMs)
      if (lane.leased_by !== null) untilMs = Math.min(untilMs, lane.leased_until)
    }
    for (const held of this.store.held) untilMs = Math.min(untilMs, held.due_at - skewMs)
    return untilMs > nowMs + 1_000 && untilMs < Number.POSITIVE_INFINITY ? untilMs : null
  }

  #hasToPark(): boolean {
    for (const { company_id, id, parking } of this.store.channels.values())
      if (parking !== null || this.store.hasStrays(company_id, id)) return true
    return false
  }

  /** Until when this process would look for work in vain, unless somebody commits something. */
  nothingUntil(process: Process): number {
    const { nowMs } = this.timeline
    let untilMs = Number.POSITIVE_INFINITY
    if (this.#hasToPark()) return nowMs
    for (const lane of this.store.lanes.values()) {
      if (lane.leased_by !== null) untilMs = Math.min(untilMs, lane.leased_until)
      const isSomebodys = lane.leased_by !== null && (lane.leased_by !== process.owner || this.#isFull(lane))
      if (!isSomebodys) untilMs = Math.min(untilMs, lane.due_at - process.skewMs)
      if (untilMs <= nowMs) return nowMs
    }
    for (const held of this.store.held) untilMs = Math.min(untilMs, held.due_at - process.skewMs)
    return untilMs
  }

  /** Its holder claims more when one of these has ended, and not before. */
  #isFull({ company_id, channel_id, lease_token, cap }: LaneRow): boolean {
    let inFlight = 0
    for (const row of this.store.ofChannel(company_id, channel_id).sending)
      if (row.lease_token === lease_token) inFlight++
    return inFlight >= cap
  }

  #committed(actor: Actor, changes: readonly Change[], begunAt: number): void {
    for (const { table, before, row, removed } of changes) {
      if (table !== "delivery") continue
      const delivery = row as DeliveryRow
      const from = before === null ? "new" : (before as DeliveryRow).state
      if (before === null) this.put++
      if (from !== delivery.state || removed)
        this.history.note(
          this.timeline.nowMs,
          actor.name,
          from,
          [delivery.id, delivery.conversation_id],
          "→",
          removed ? "removed" : delivery.state,
          "number",
          delivery.number,
          "attempt",
          delivery.attempts,
          "token",
          delivery.lease_token,
        )
    }
    for (const sleeper of this.sleepers) sleeper()
    this.sleepers.clear()
    try {
      this.#checker.committed(actor, changes, begunAt)
    } catch (error) {
      if (!(error instanceof Broken)) throw error
      this.#fail(error)
    }
  }

  #fail(broken: Broken): void {
    this.#failure ??= {
      rule: broken.message,
      history: this.history.tell(new Set(broken.about), historyTold),
    }
  }

  /** From here on everything is well. */
  heal(): void {
    this.healed = true
    this.partners.healed = true
    this.downUntilMs = 0
    for (const process of this.processes) {
      if (process.skewMs !== 0) process.skewedAtMs = this.timeline.nowMs
      process.skewMs = 0
    }
    if (this.processes.every((process) => process.stopping)) this.start()
    this.#endsAtMs = this.timeline.nowMs + patienceMs
    this.nextEventMs = this.#endsAtMs
  }

  #isOver(): boolean {
    if (this.#moments++ === momentsMax * Math.max(500, this.#options.deliveries))
      this.#fail(new Broken("the servers are busy for ever and get nothing done", []))
    if (this.#failure !== null) return true
    if (!this.healed || this.timeline.nowMs < this.#nextLookMs) return false
    this.#nextLookMs = this.timeline.nowMs + 1_000
    const isDone = this.#openDeliveries().length === 0
    return isDone || this.timeline.nowMs >= this.#endsAtMs
  }
  #nextLookMs = 0
  #moments = 0

  #openDeliveries(): DeliveryRow[] {
    return [...this.store.deliveries.values()].filter(
      (row) => isOpen(row) || row.state === "sending" || row.state === "held",
    )
  }

  async live(script: (world: World) => void): Promise<Ending> {
    script(this)
    await this.timeline.run(() => this.#isOver())
    const left = this.#openDeliveries()
    if (left[0] !== undefined)
      this.#fail(
        new Broken(`${left.length} never end: ${JSON.stringify(left[0])}`, [left[0].id, left[0].conversation_id]),
      )
    return this.#ending()
  }

  #ending(): Ending {
    const states: Record<string, number> = {}
    for (const { state } of this.store.deliveries.values()) states[state] = (states[state] ?? 0) + 1
    const { witness, timeline, killed, frozen, put } = this
    return {
      seed: this.#options.seed,
      deliveries: put,
      attempts: witness.attempts,
      killed,
      frozen,
      checked: witness.checked,
      virtualMs: timeline.nowMs - startMs,
      states,
      failure: this.#failure,
    }
  }
}
