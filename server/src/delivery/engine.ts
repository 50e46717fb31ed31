import { randomBytes } from "node:crypto"
import { hostname } from "node:os"
import { pause, type ScheduleClock, systemWall, type WallClock } from "../clock.ts"
import type { Database, Tx } from "../database/database.ts"
import type { Ids } from "../ids.ts"
import type { Relay } from "../listeners/relay.ts"
import type { Log } from "../log.ts"
import type { Dialer } from "./dialer.ts"
import { giveBack } from "./lanes.ts"
import { Lookout } from "./lookout.ts"
import type { DeliveryType } from "./outbox.ts"
import { createSettling } from "./settle-together.ts"
import { createTurns } from "./turns.ts"
import { Workers } from "./workers.ts"

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
  /** The whole `Authorization` header; null: no such header. */
  authorization: string | null
  /** Signs the body. */
  secret: string
  /** As in `Attempt`. Default: SHA-256 over timestamp and body. */
  signing?: "timestamped" | "body"
  /** JSON text, sent byte for byte. */
  body: string
  /** Whether the app asked for the vendor's strict reading of answers. */
  strict: boolean
  /** As in `Situation`. */
  expectsIds?: boolean
  /** Who carries it instead of HTTP; null: nobody. */
  listenerId?: number | null
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

/** Whether nothing follows in the transaction, so that its COMMIT may leave at once. Default: something may. */
export interface Ends {
  ends: boolean
}

/** What delivery needs from the rest of the product. */
export interface DeliveryHooks {
  /** The webhook as it goes out now; `gone` when there is nothing left to tell or nobody to tell it to. */
  compose(delivery: ClaimedDelivery): Promise<Outgoing | { gone: string }>
  /** What has to be got ready before, from elsewhere and perhaps slowly: it holds up this delivery's lane and no other. */
  prepare?(delivery: ClaimedDelivery): Promise<void>
  /** Called for sends only, last in the transaction that records the change, under the conversation's lock. */
  onState(tx: Tx, change: DeliveryChange, options?: Ends): Promise<void>
  /** The same for replies of one company, each in a conversation of its own, that were sent, failed or became unknown, all at once. Ends the transaction. */
  onSettled(tx: Tx, companyId: number, changes: readonly DeliveryChange[]): Promise<void>
  /** The same for sends of one company that were just claimed, all at once: their state is `sending`. */
  onLeaving(tx: Tx, companyId: number, sends: readonly ClaimedDelivery[], options: Ends): Promise<void>
  /** The channel's deliveries pause, or go on: people may want to know. Called last in the transaction that records it. */
  onPause(tx: Tx, companyId: number, channelId: number): Promise<void>
  /** The partner refused our credentials. Called in a transaction of its own, before the reply is marked failed. */
  onAuthenticationFailed(tx: Tx, companyId: number, channelId: number, reason: string): Promise<void>
}

export interface DeliveryDeps {
  db: Database
  clock: ScheduleClock
  /** Default: the system's. */
  wall?: WallClock
  log: Log
  hooks: DeliveryHooks
  dialer: Dialer
  /** For webhooks that a listener carries. */
  relay?: Relay
  ids: Ids
  /** Days for which the log keeps what is finished. */
  keptDays: number
  /** How many replies are parked or released in one transaction; default: see parking.ts. */
  portion?: number
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

const drainMaxMs = 8_000
/** Of the pool's connections, those that deliveries may use together. */
const connectionsMax = 6
/** A lane with much to do beside others gives way: what it may take of the machine then is a tenth of one connection's time. */
const fairness = { aloneMax: 4, besideMax: 1, othersMs: 2_000, share: 1 / 10, burstMs: 200, restMaxMs: 100 }
const settlePauseMs = 5

/** Starts delivering what is in the outbox, beside any number of other processes on the same database. */
export function startDelivery(deps: DeliveryDeps): Delivery {
  const owner = `${hostname()}/${process.pid}/${randomBytes(4).toString("hex")}`
  const wall = deps.wall ?? systemWall
  const turn = createTurns({ max: connectionsMax, fairness: { wall, ...fairness } })
  const inTurn = { ...deps, wall, turn, settle: createSettling({ ...deps, turn }) }
  const workers = new Workers(inTurn)
  const lookout = new Lookout(inTurn, workers, owner)
  lookout.keepLeases()
  const stopListening = deps.clock.onAdvance(() => void lookout.lookAtAll())
  let stopped: Promise<void> | null = null

  async function stop(drainMs: number): Promise<void> {
    stopListening()
    await lookout.stop()
    const { quiet, busy } = await workers.stop(drainMs)
    lookout.letLeasesGo()
    await giveBack(deps.db, quiet, { unfinished: false })
    await giveBack(deps.db, busy, { unfinished: true })
  }

  async function settle(): Promise<void> {
    while (stopped === null) {
      await lookout.lookAtAll()
      if (workers.isIdle && !(await isAnythingDue(deps.db, deps.clock.now()))) return
      await pause(wall, settlePauseMs)
    }
  }

  void lookout.look()
  return {
    wake: () => void lookout.look(),
    settle,
    stop: (drainMs = drainMaxMs) => (stopped ??= stop(drainMs)),
    get idle() {
      return workers.isIdle
    },
  }
}

async function isAnythingDue(db: Database, now: Date): Promise<boolean> {
  const rows = await db.query<{ due: boolean }>({
    name: "engine.is_anything_due",
    text: "select exists (select from lane where due_at <= $1) or exists (select from delivery where state = 'held' and due_at <= $1) as due",
    values: [now],
  })
  return rows[0]?.due === true
}
