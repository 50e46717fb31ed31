import type { ScheduleClock, WallClock } from "@causeway/server/clock"
import { type Delivery, type DeliveryHooks, startDelivery } from "@causeway/server/delivery/engine"
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
const idlePollMs = 500

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
        const wake = (): void => {
          // Whoever has nothing to do may as well sleep until somebody has: virtual hours pass at once.
          const laterMs = ms < idlePollMs ? null : this.#world.idleUntil()
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
        const sleeper = (inMs: number) => {
          moment.run = null
          moment = timeline.at(timeline.nowMs + inMs, this, () => wake())
        }
        return () => {
          this.#world.sleepers.delete(sleeper)
          moment.run = null
        }
      },
    }
  }

  #compose: DeliveryHooks["compose"] = async (delivery) => {
    const { dice } = this.#world
    if (dice.chance(this.#world.troubleShare() / 4)) throw new Error("the message could not be read")
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
