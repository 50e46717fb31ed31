import type { LaneDeps } from "./carry.ts"
import { listDueHeld, releaseHeld } from "./held.ts"
import {
  dueAmong,
  type LeasedLane,
  leaseAbandonedLanes,
  leaseDueLanes,
  leaseFrom,
  renewEveryMs,
  renewLeases,
} from "./lanes.ts"
import { moveNextPortion } from "./parking.ts"
import { type Place, removeOld, start } from "./retention.ts"
import type { Workers } from "./workers.ts"

/** Looks for due work this often (wall time) when lanes are being worked on, when nothing is, and when the database did not answer. */
export const pauseMs = { busy: 25, idle: 500, troubled: 1_000 }
const sweepEveryMs = 1_000
/** What is old is removed step by step when nothing else is to be done, and one step a minute in any case; after the last one comes a long rest. */
const removeEveryMs = { idle: 0, busy: 60_000, done: 600_000 }
const heldPerLook = 100
/** Looks that are asked for by commits come as often as those: for sends whose undo window ended it is enough to look so often. */
const heldEveryMs = pauseMs.busy
const lanesPerLook = 64

/** Finds what is due (held sends, lanes, abandoned lanes) and hands it to the workers. */
export class Lookout {
  readonly #deps: LaneDeps
  readonly #workers: Workers
  readonly #owner: string
  #looking: Promise<void> | null = null
  #again = false
  #stopped = false
  #callOffNext = () => {}
  #callOffRenewal = () => {}
  #sweptAtMs = 0
  #heldAtMs = 0
  /** A channel has replies left to park or to release. */
  #moving = false
  #movedAtMs = 0
  /** Null: at the end. */
  #removing: Place | null = start
  #removedAtMs = 0

  constructor(deps: LaneDeps, workers: Workers, owner: string) {
    this.#deps = deps
    this.#workers = workers
    this.#owner = owner
  }

  /** One look at a time; whoever asks during one gets another after it. Never throws: trouble is logged, and looked past in a second. */
  look(): Promise<void> {
    if (this.#stopped) return Promise.resolve()
    this.#again = true
    this.#looking ??= this.#lookUntilDone().finally(() => {
      this.#looking = null
    })
    return this.#looking
  }

  /** The schedule clock was moved: anything may be due. */
  lookAtAll(): Promise<void> {
    this.#heldAtMs = 0
    return this.look()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#callOffNext()
    await this.#looking
  }

  /** Renews the leases of the workers' lanes until they are let go. */
  keepLeases(): void {
    this.#callOffRenewal = this.#deps.wall.after(renewEveryMs, () => {
      void this.#renew()
      this.keepLeases()
    })
  }

  letLeasesGo(): void {
    this.#callOffRenewal()
  }

  /** Not in turn: a lease must not run out because results are waiting to be written. */
  async #renew(): Promise<void> {
    const lanes = this.#workers.lanes()
    if (lanes.length === 0) return
    const lease = leaseFrom(this.#deps.wall)
    try {
      this.#workers.keepOnly(await renewLeases(this.#deps.db, lanes), lanes, lease)
    } catch (error) {
      this.#deps.log.warn({ err: error }, "delivery.leases_not_renewed")
    }
  }

  async #lookUntilDone(): Promise<void> {
    this.#callOffNext()
    let nextInMs = pauseMs.idle
    try {
      while (this.#again && !this.#stopped) {
        this.#again = false
        await this.#lookOnce()
      }
      if (!this.#stopped) await this.#removeOld()
      if (!this.#workers.isIdle) nextInMs = pauseMs.busy
    } catch (error) {
      nextInMs = pauseMs.troubled
      this.#deps.log.warn({ err: error }, "delivery.cannot_look")
    }
    if (!this.#stopped) this.#callOffNext = this.#deps.wall.after(nextInMs, () => void this.look())
  }

  async #lookOnce(): Promise<void> {
    const { db, clock, wall } = this.#deps
    const now = clock.now()
    await this.#letHeldGo(now)
    await this.#moveParked()
    const max = Math.min(lanesPerLook, this.#workers.freeSlots)
    // Side by side: a reply waits for both.
    const [leased] = await Promise.all([
      max === 0 ? 0 : this.#lease(() => leaseDueLanes(db, this.#owner, now, max)),
      this.#driveDue(now),
    ])
    if (max === 0) return
    if (leased === max) this.#again = true
    if (this.#isWithin(sweepEveryMs, this.#sweptAtMs)) return
    this.#sweptAtMs = wall.now()
    await this.#lease(() => leaseAbandonedLanes(db, this.#owner, max))
  }

  /** What was put into lanes that are held already. */
  async #driveDue(now: Date): Promise<void> {
    const { db, turn } = this.#deps
    const withRoom = this.#workers.lanesWithRoom()
    if (withRoom.length > 0) this.#workers.drive(await turn(() => dueAmong(db, withRoom, now)))
  }

  async #lease(ask: () => Promise<LeasedLane[]>): Promise<number> {
    const { turn, wall } = this.#deps
    return await turn(async () => {
      const lease = leaseFrom(wall)
      const leased = await ask()
      for (const lane of leased) this.#workers.add(lane, lease)
      return leased.length
    })
  }

  /** A moment that lies ahead was noted before the machine's clock was set back, and holds nothing up. */
  #isWithin(ms: number, sinceMs: number): boolean {
    const passedMs = this.#deps.wall.now() - sinceMs
    return passedMs >= 0 && passedMs < ms
  }

  /** A portion in each look while there are any, and a look for some every second. What cannot be moved holds nothing else up. */
  async #moveParked(): Promise<void> {
    const { db, wall, turn, log, portion } = this.#deps
    if (!this.#moving && this.#isWithin(sweepEveryMs, this.#movedAtMs)) return
    this.#movedAtMs = wall.now()
    try {
      this.#moving = await turn(() => moveNextPortion(db, portion))
      if (this.#moving) this.#again = true
    } catch (error) {
      this.#moving = false
      log.error({ err: error }, "delivery.portion_not_moved")
    }
  }

  async #removeOld(): Promise<void> {
    const { db, keptDays, wall, turn } = this.#deps
    const pause = this.#removing === null ? "done" : this.#workers.isIdle ? "idle" : "busy"
    if (this.#isWithin(removeEveryMs[pause], this.#removedAtMs)) return
    const from = this.#removing ?? start
    this.#removing = await turn(() => removeOld(db, keptDays, from))
    this.#removedAtMs = wall.now()
  }

  async #letHeldGo(now: Date): Promise<void> {
    const { db, log, turn, wall } = this.#deps
    if (this.#isWithin(heldEveryMs, this.#heldAtMs)) return
    this.#heldAtMs = wall.now()
    const held = await turn(() => listDueHeld(db, now, heldPerLook))
    if (held.length === 0) return
    const released = await turn(() =>
      releaseHeld(db, held, now, (send, error) =>
        log.error({ err: error, delivery_id: send.id }, "delivery.held_not_released"),
      ),
    )
    if (released < heldPerLook) return
    this.#heldAtMs = 0
    this.#again = true
  }
}
