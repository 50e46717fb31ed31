import { within } from "../clock.ts"
import { type CarryDeps, carry, type LaneDeps } from "./carry.ts"
import { type ClaimRequest, claimDue, findUnheard } from "./claim.ts"
import { createComposing } from "./compose-together.ts"
import type { ClaimedDelivery } from "./engine.ts"
import { afterResult, type Health, pausesDiffer, type Result } from "./health.ts"
import { seeded } from "./jitter.ts"
import { type Lane, type Lease, type LeasedLane, LeaseLostError, laneKey, type WatchedLane } from "./lanes.ts"
import { settleOrphans } from "./orphans.ts"
import type { Outcome } from "./outcome.ts"

/** Deliveries in flight in this process, whatever their lanes. */
const inFlightMax = 256
/** A lane that could not be claimed from (our own trouble) is looked at again after this, in ms of wall time. */
const claimAgainMs = 1_000
const idsPerClaim = 64

interface Work {
  lane: Lane
  health: Health
  /** What the lane's row says. */
  noted: Health
  /** While it lasts nobody else leases the lane. */
  lease: Lease
  abandoned: boolean
  /** The last claim failed, and may have been committed all the same. */
  unsure: boolean
  /** Deliveries. */
  inFlight: Set<number>
  noticesInFlight: number
  /** One claim at a time per lane; `again`: something changed during it. */
  claiming: boolean
  again: boolean
  /** Calls off the claim that is to be tried again. */
  callOff: (() => void) | null
}

const isOver: Lease = () => false

const roomIn = ({ health, inFlight }: Work): number => health.cap - inFlight.size

/** The lanes this process holds: each claims as its slots become free, and none waits for another. */
export class Workers {
  readonly #deps: CarryDeps
  readonly #works = new Map<string, Work>()
  readonly #ending = new AbortController()
  readonly #running = new Set<Promise<void>>()
  #inFlight = 0
  /** Slots promised to claims that are under way. */
  #reserved = 0
  #stopping = false

  constructor(deps: LaneDeps) {
    this.#deps = { ...deps, compose: createComposing(deps.hooks, deps.turn) }
  }

  add(lane: LeasedLane, lease: Lease): void {
    const work: Work = {
      lane,
      health: lane.health,
      noted: lane.health,
      lease,
      abandoned: lane.abandoned,
      unsure: false,
      inFlight: new Set(),
      noticesInFlight: 0,
      claiming: false,
      again: false,
      callOff: null,
    }
    this.#works.set(laneKey(lane), work)
    this.#drive(work)
  }

  /** Looks again at these lanes. */
  drive(keys: ReadonlySet<string>): void {
    for (const key of keys) {
      const work = this.#works.get(key)
      if (work !== undefined) this.#drive(work)
    }
  }

  /** Lets go of those lanes of `asked` whose lease turned out to be somebody else's; the others have this one from now on. */
  keepOnly(held: ReadonlySet<string>, asked: readonly Lane[], lease: Lease): void {
    for (const lane of asked) {
      const work = this.#works.get(laneKey(lane))
      if (work?.lane.token !== lane.token) continue
      if (held.has(laneKey(lane))) work.lease = lease
      else this.#drop(work)
    }
  }

  lanes(): Lane[] {
    return [...this.#works.values()].map((work) => work.lane)
  }

  /** Lanes that could take more, and are not claiming already. */
  lanesWithRoom(): Lane[] {
    return [...this.#works.values()].filter((work) => !work.claiming && roomIn(work) > 0).map((work) => work.lane)
  }

  get freeSlots(): number {
    return Math.max(0, inFlightMax - this.#inFlight - this.#reserved)
  }

  get isIdle(): boolean {
    return this.#works.size === 0 && this.#running.size === 0
  }

  /** Claims no more; resolves when all is settled, or after `drainMs`, with the lanes still held: those at rest, and those with unfinished attempts. */
  async stop(drainMs: number): Promise<{ quiet: WatchedLane[]; busy: WatchedLane[] }> {
    this.#stopping = true
    for (const work of this.#works.values()) work.callOff?.()
    await within(this.#deps.wall, drainMs, this.#rest())
    this.#ending.abort()
    const held = [...this.#works.values()]
    // The leases are about to be given back: what is still getting ready must not leave after what comes next has left elsewhere.
    for (const work of held) work.lease = isOver
    const lanesOf = (works: Work[]) => works.map(({ lane, health }) => ({ ...lane, health }))
    // A claim that is under way may still commit, and then its attempts have started; an abandoned lane's orphans have not been settled yet.
    const isBusy = (work: Work) => work.inFlight.size > 0 || work.claiming || work.unsure || work.abandoned
    return {
      quiet: lanesOf(held.filter((work) => !isBusy(work))),
      busy: lanesOf(held.filter(isBusy)),
    }
  }

  async #rest(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running)
  }

  #drive(work: Work): void {
    work.again = true
    if (!work.claiming) this.#track(this.#claimUntilDone(work))
  }

  async #claimUntilDone(work: Work): Promise<void> {
    work.claiming = true
    try {
      while (work.again && !this.#stopping && this.#isHeld(work)) {
        work.again = false
        await this.#claim(work)
      }
    } catch (error) {
      if (error instanceof LeaseLostError) this.#drop(work)
      else this.#claimLater(work, error)
    } finally {
      work.claiming = false
    }
  }

  #claimLater(work: Work, error: unknown): void {
    this.#deps.log.error({ err: error, channel_id: work.lane.channelId }, "delivery.not_claimed")
    work.callOff ??= this.#deps.wall.after(claimAgainMs, () => {
      work.callOff = null
      this.#drive(work)
    })
  }

  async #claim(work: Work): Promise<void> {
    const { ids, turn } = this.#deps
    await ids.reserve(idsPerClaim)
    if (work.abandoned) await this.#settleOrphans(work)
    if (work.unsure) await this.#carryUnheard(work)
    if (this.#freeOf(work) > 0) await turn(() => this.#claimInTurn(work), laneKey(work.lane))
  }

  /** Whatever became free while it waited for its turn is filled by this one claim. */
  async #claimInTurn(work: Work): Promise<void> {
    const { db, hooks } = this.#deps
    const free = this.#freeOf(work)
    if (free <= 0) return
    work.again = false
    this.#reserved += free
    work.unsure = true
    try {
      const { claimed, rested, noted } = await claimDue(db, hooks, this.#requestOf(work, free))
      work.unsure = false
      if (noted !== null) work.noted = noted
      if (rested) this.#drop(work)
      for (const delivery of claimed) this.#track(this.#run(work, delivery))
    } finally {
      this.#reserved -= free
    }
  }

  #freeOf(work: Work): number {
    return Math.min(roomIn(work), this.freeSlots)
  }

  async #settleOrphans(work: Work): Promise<void> {
    const { db, hooks, clock, log, turn } = this.#deps
    const count = await turn(() => settleOrphans(db, hooks, work.lane, clock.now()), laneKey(work.lane))
    if (count > 0) log.warn({ channel_id: work.lane.channelId, count }, "delivery.orphans_settled")
    work.abandoned = false
  }

  async #carryUnheard(work: Work): Promise<void> {
    const { db, turn } = this.#deps
    const unheard = await turn(() => findUnheard(db, work.lane, [...work.inFlight]), laneKey(work.lane))
    work.unsure = false
    for (const delivery of unheard) this.#track(this.#run(work, delivery))
  }

  #requestOf(work: Work, free: number): ClaimRequest {
    return {
      lane: work.lane,
      health: work.health,
      announce: pausesDiffer(work.health, work.noted),
      now: this.#deps.clock.now(),
      free,
      inFlight: work.inFlight.size,
      noticesInFlight: work.noticesInFlight,
    }
  }

  async #run(work: Work, delivery: ClaimedDelivery): Promise<void> {
    const kind = delivery.sequence === "send" ? "send" : "notice"
    const notices = kind === "send" ? 0 : 1
    const { epoch } = work.health
    this.#inFlight++
    work.inFlight.add(delivery.id)
    work.noticesInFlight += notices
    try {
      const learnt = (outcome: Outcome, tookMs: number) => this.#learn(work, { kind, outcome, tookMs, epoch })
      const isLeased: Lease = (leftMs) => work.lease(leftMs)
      await carry(this.#deps, work.lane, delivery, { signal: this.#ending.signal, learnt, isLeased })
    } catch (error) {
      this.#deps.log.error({ err: error, delivery_id: delivery.id }, "delivery.bug")
      // Nobody here knows how it ended: whoever leases the lane next settles it as that of a worker that died.
      this.#drop(work)
    } finally {
      this.#inFlight--
      work.inFlight.delete(delivery.id)
      work.noticesInFlight -= notices
      if (this.#isHeld(work)) this.#drive(work)
    }
  }

  #learn(work: Work, result: Result): void {
    const { clock, log } = this.#deps
    const before = work.health
    const random = seeded(work.lane.channelId, before.send.failures, before.notice.failures)
    work.health = afterResult(before, result, clock.now(), random)
    if (!pausesDiffer(before, work.health)) return
    const { send, notice } = work.health
    log.warn({ channel_id: work.lane.channelId, sends: send.pause, notices: notice.pause }, "delivery.lane_paused")
  }

  #track(promise: Promise<void>): void {
    this.#running.add(promise)
    void promise.finally(() => this.#running.delete(promise))
  }

  #isHeld(work: Work): boolean {
    return this.#works.get(laneKey(work.lane)) === work
  }

  #drop(work: Work): void {
    work.callOff?.()
    if (this.#isHeld(work)) this.#works.delete(laneKey(work.lane))
  }
}
