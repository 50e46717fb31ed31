import { randomBytes } from "node:crypto"
import { hostname } from "node:os"
import { setTimeout as delay } from "node:timers/promises"
import type { ScheduleClock } from "../clock.ts"
import type { Database, Tx } from "../database/database.ts"
import type { Ids } from "../ids.ts"
import type { Log } from "../log.ts"
import type { Dialer } from "./dialer.ts"
import { listDueHeld, releaseHeld } from "./held.ts"
import { dueAmong, giveBack, leaseAbandonedLanes, leaseDueLanes, renewEveryMs, renewLeases } from "./lanes.ts"
import type { DeliveryType } from "./outbox.ts"
import { createTurns } from "./turns.ts"
import { createWorkers } from "./workers.ts"

/** A delivery that this process has claimed: its attempt counts as started. */
export interface ClaimedDelivery {
  companyId: number
  id: number
  channelId: number
  conversationId: number | null
  messageId: number | null
  sequence: "send" | "notice" | "control"
  type: DeliveryType
  /** Number of the attempt that has just started; 1 is the first. */
  attempt: number
  /** When its first attempt started, on the schedule clock. */
  firstStartedAt: Date
}

/** A webhook ready to be signed and posted. */
export interface Outgoing {
  url: string
  method: string
  /** Sent as `Authorization: Bearer …`; null: no such header. */
  bearer: string | null
  /** Signs the body. */
  secret: string
  /** JSON text, sent byte for byte. */
  body: string
  /** Whether the app asked for the vendor's strict reading of answers. */
  strict: boolean
}

/** What happened to the delivery of a reply. `dueAt` null on `waiting`: until somebody acts. */
export interface DeliveryChange {
  delivery: {
    companyId: number
    id: number
    channelId: number
    conversationId: number | null
    messageId: number | null
    type: DeliveryType
  }
  state: "queued" | "sending" | "waiting" | "sent" | "failed" | "unknown"
  code?: string
  reason?: string
  dueAt?: Date | null
  externalId?: string
  externalConversationId?: string
  warnings?: string[]
}

/** What delivery needs from the rest of the product. */
export interface DeliveryHooks {
  /** The webhook as it goes out now; `gone` when there is nothing left to tell or nobody to tell it to. */
  compose(delivery: ClaimedDelivery): Promise<Outgoing | { gone: string }>
  /** Called for sends only, last in the transaction that records the change, under the conversation's lock. */
  onState(tx: Tx, change: DeliveryChange): Promise<void>
  /** The partner refused our credentials. Called in a transaction of its own, before the reply is marked failed. */
  onAuthenticationFailed(tx: Tx, companyId: number, channelId: number, reason: string): Promise<void>
}

export interface DeliveryDeps {
  db: Database
  clock: ScheduleClock
  log: Log
  hooks: DeliveryHooks
  dialer: Dialer
  ids: Ids
}

export interface Delivery {
  /** Something may be due. Cheap; call it after every commit. */
  wake(): void
  /** Resolves when nothing is due on the schedule clock and nothing is in flight. For tests and held clocks. */
  settle(): Promise<void>
  /** Claims nothing more, waits up to `drainMs` for what is in flight, gives the leases back. */
  stop(drainMs?: number): Promise<void>
  /** Nothing is in flight and no lane is leased. */
  readonly idle: boolean
}

/** Looks for due work this often (wall time) when lanes are being worked on, and when nothing is; `wake` makes it look at once. */
const pollMs = { busy: 25, idle: 500, troubled: 1_000 }
const sweepEveryMs = 1_000
const drainMaxMs = 8_000
/** Of the pool's connections, those that deliveries may use together. */
const connectionsMax = 6
const heldPerLook = 100
const lanesPerLook = 64

/** Starts delivering what is in the outbox, beside any number of other processes on the same database. */
export function startDelivery(deps: DeliveryDeps): Delivery {
  const owner = `${hostname()}/${process.pid}/${randomBytes(4).toString("hex")}`
  const turn = createTurns(connectionsMax)
  const workers = createWorkers({ ...deps, turn })
  let stopped: Promise<void> | null = null
  let looking: Promise<void> | null = null
  let lookAgain = false
  let nextLook: NodeJS.Timeout | undefined
  let sweptAtMs = 0

  /** One look at a time; whoever asks during one gets another after it. */
  function look(): Promise<void> {
    if (stopped !== null) return Promise.resolve()
    lookAgain = true
    looking ??= lookUntilDone().finally(() => {
      looking = null
    })
    return looking
  }

  async function lookUntilDone(): Promise<void> {
    clearTimeout(nextLook)
    let pauseMs = pollMs.idle
    try {
      while (lookAgain && stopped === null) {
        lookAgain = false
        await lookOnce()
      }
      if (!workers.isIdle()) pauseMs = pollMs.busy
    } catch (error) {
      pauseMs = pollMs.troubled
      deps.log.warn({ err: error }, "delivery.cannot_look")
    }
    if (stopped === null) nextLook = setTimeout(look, pauseMs)
  }

  async function lookOnce(): Promise<void> {
    const now = deps.clock.now()
    await letHeldGo(now)
    const withRoom = workers.lanesWithRoom()
    if (withRoom.length > 0) workers.drive(await turn(() => dueAmong(deps.db, withRoom, now)))
    const max = Math.min(lanesPerLook, workers.freeSlots())
    if (max === 0) return
    const leased = await turn(() => leaseDueLanes(deps.db, owner, now, max))
    if (leased.length === max) lookAgain = true
    for (const lane of leased) workers.add(lane)
    if (Date.now() - sweptAtMs < sweepEveryMs) return
    sweptAtMs = Date.now()
    for (const lane of await turn(() => leaseAbandonedLanes(deps.db, owner, max))) workers.add(lane)
  }

  async function letHeldGo(now: Date): Promise<void> {
    const held = await turn(() => listDueHeld(deps.db, now, heldPerLook))
    for (const send of held) {
      await deps.ids.reserve(idsPerHeld)
      // One that cannot be released (a lock, a bug) does not keep the others.
      await turn(() => releaseHeld(deps.db, deps.hooks, send, now)).catch((error: unknown) => {
        deps.log.error({ err: error, delivery_id: send.id }, "delivery.held_not_released")
      })
    }
    if (held.length === heldPerLook) lookAgain = true
  }

  async function renew(): Promise<void> {
    const lanes = workers.lanes()
    if (lanes.length === 0) return
    // Not in turn: a lease must not run out because results are waiting to be written.
    const held = await renewLeases(deps.db, lanes)
    workers.keepOnly(held, lanes)
  }

  const renewing = setInterval(
    () => void renew().catch((error: unknown) => deps.log.warn({ err: error }, "delivery.leases_not_renewed")),
    renewEveryMs,
  )
  const stopListening = deps.clock.onAdvance(() => void look())

  async function stop(drainMs: number): Promise<void> {
    clearTimeout(nextLook)
    stopListening()
    await looking
    const { quiet, busy } = await workers.stop(drainMs)
    clearInterval(renewing)
    await giveBack(deps.db, quiet, { unfinished: false })
    await giveBack(deps.db, busy, { unfinished: true })
  }

  void look()
  return {
    wake: () => void look(),
    async settle() {
      while (stopped === null) {
        await look()
        if (workers.isIdle() && !(await isAnythingDue(deps.db, deps.clock.now()))) return
        await delay(settlePauseMs)
      }
    },
    stop: (drainMs = drainMaxMs) => (stopped ??= stop(drainMs)),
    get idle() {
      return workers.isIdle()
    },
  }
}

const idsPerHeld = 16
const settlePauseMs = 5

async function isAnythingDue(db: Database, now: Date): Promise<boolean> {
  const rows = await db.query<{ due: boolean }>({
    name: "engine.is_anything_due",
    text: "select exists (select from lane where due_at <= $1) or exists (select from delivery where state = 'held' and due_at <= $1) as due",
    values: [now],
  })
  return rows[0]?.due === true
}
