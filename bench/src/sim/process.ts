import type { ScheduleClock, WallClock } from "@causeway/server/clock"
import { type Delivery, type DeliveryHooks, startDelivery } from "@causeway/server/delivery/engine"
import { pauseMs } from "@causeway/server/delivery/lookout"
import { createIds } from "@causeway/server/ids"
import type { Log } from "@causeway/server/log"
import type { Actor } from "./database.ts"
import { simulatedDatabase } from "./database.ts"
import { simulatedDialer } from "./partner.ts"
import { peopleHooks, portion } from "./people.ts"
import type { World } from "./world.ts"

const quiet = () => {}
const silent = { info: quiet, warn: quiet, error: quiet, debug: quiet } as unknown as Log
/** Finished deliveries are removed after this. */
const keptDays = 2
/** Pauses of at least this are those of somebody who has nothing to do. */
const idlePollMs = pauseMs.idle
/** Of looks that find nothing one in so many is made. */
const looksInVain = 20

/** A simulated server: the real engine on virtual time, a simulated database and simulated partners. It can be frozen, stopped or killed. */
export class Process implements Actor {
  readonly name: string
  readonly mortal = true
  alive = true
  stopping = false
  frozenUntilMs = 0
  /** How far its clock is from the world's. */
  skewMs = 0
  /** The last moment at which `skewMs` changed, in world time. */
  skewedAtMs = 0
  /** The latest that its schedule clock ever said. */
  latestMs = 0
  /** As the lanes it leases name it; known from its first lease on. */
  owner: string | null = null
  readonly engine: Delivery
  readonly #world: World

  constructor(world: World, name: string) {
    this.#world = world
    this.name = name
    const db = simulatedDatabase({ ...world.databaseDeps, actor: this as Process })
    const ids = createIds(db)
    const { timeline, partners, witness } = world
    this.engine = startDelivery({
      db,
      clock: this.#clock(),
      wall: this.#wall(),
      log: silent,
      hooks: { ...peopleHooks(ids), compose: (delivery) => this.#compose(delivery) },
      dialer: simulatedDialer(timeline, this, partners, witness),
      ids,
      keptDays,
      portion,
    })
  }

  #clock(): ScheduleClock {
    return {
      now: () => {
        const ms = this.#world.timeline.nowMs + this.skewMs
        if (ms > this.latestMs) this.latestMs = ms
        return new Date(ms)
      },
      held: false,
      advance: quiet,
      onAdvance: () => quiet,
    }
  }

  #wall(): WallClock {
    const { timeline } = this.#world
    return {
      now: () => timeline.nowMs + this.skewMs,
      steady: () => timeline.nowMs,
      after: (asked, work) => {
        // As Node's: whole milliseconds, one at least.
        const ms = Math.max(1, Math.trunc(asked))
        // A timer is never early and often late: so are these, the shortest most of all.
        const lateMs = ms < idlePollMs ? this.#world.dice.between(0, 8 * ms) : 0
        let moment = timeline.at(timeline.nowMs + ms + lateMs, this, () => wake())
        const looksAtMs = moment.atMs + looksInVain * ms
        const wake = (): void => {
          const laterMs = this.#sleepsUntil(ms, looksAtMs)
          if (laterMs === null) {
            work()
            return
          }
          moment = timeline.at(laterMs, this, () => {
            this.#world.sleepers.delete(sleeper)
            wake()
          })
          this.#world.sleepers.add(sleeper)
        }
        const sleeper = () => {
          moment.run = null
          const inMs = this.#world.dice.between(0, ms < idlePollMs ? 8 * ms : idlePollMs)
          moment = timeline.at(timeline.nowMs + inMs, this, () => wake())
        }
        return () => {
          this.#world.sleepers.delete(sleeper)
          moment.run = null
        }
      },
    }
  }

  /**
   * Whoever has nothing to do may as well sleep until somebody has: virtual hours pass at once. While others wait for partners, looks that would find nothing
   * are mostly left out; the next one is made at `looksAtMs`. Null: it does not sleep.
   */
  #sleepsUntil(ms: number, looksAtMs: number): number | null {
    const idleUntilMs = ms < idlePollMs ? null : this.#world.idleUntil()
    if (idleUntilMs !== null || (ms !== pauseMs.busy && ms !== pauseMs.idle)) return idleUntilMs
    const untilMs = Math.min(looksAtMs, this.#world.nothingUntil(this))
    return untilMs > this.#world.timeline.nowMs ? untilMs : null
  }

  #compose: DeliveryHooks["compose"] = async (delivery) => {
    const { dice } = this.#world
    if (dice.chance(this.#world.troubleShare() / 4)) {
      this.#world.witness.unread(delivery.id)
      throw new Error("the message could not be read")
    }
    if (dice.chance(this.#world.troubleShare() / 8)) {
      this.#world.witness.gone(delivery.id)
      return { gone: "the message was deleted" }
    }
    return {
      url: "https://partner.test/",
      method: "POST",
      authorization: null,
      secret: "s3cret",
      body: `[${delivery.id},${delivery.attempt},${delivery.channelId}]`,
      strict: false,
    }
  }
}
