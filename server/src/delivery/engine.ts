import { randomUUID } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import type { ScheduleClock } from "../clock.ts"
import type { Database, Tx } from "../database/database.ts"
import type { Ids } from "../ids.ts"
import type { Log } from "../log.ts"
import { type Tried, tryOnce } from "./attempt.ts"
import { claimNotices, claimSends, type Lease } from "./claim.ts"
import type { Dialer } from "./dialer.ts"
import { releaseHeld, takeOver } from "./held.ts"
import { giveBack, laneKey, leaseLanes, renewLeases } from "./lanes.ts"
import { lateStep, type NextStep, nextStep } from "./next-step.ts"
import type { DeliveryType } from "./outbox.ts"
import { settle, settleLate } from "./settle.ts"

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
  /** A change of these companies was committed. */
  committed(companyIds: Iterable<number>): void
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

const idlePollMs = 250
const renewMs = 3_000
const lanesPerLook = 200
const inFlightMax = 256
const drainDefaultMs = 8_000

/** One leased lane at work. */
interface LaneAtWork {
  lease: Lease
  sends: number
  notices: number
  /** Whether work may have joined since it was last looked at. */
  fresh: boolean
  running: boolean
}

/** Starts delivering. Any number of processes may do so on one database: leases keep them apart. */
export function startDelivery(deps: DeliveryDeps): Delivery {
  const { db, clock, log, hooks } = deps
  const owner = `${process.pid}-${randomUUID().slice(0, 8)}`
  const lanes = new Map<string, LaneAtWork>()
  const inFlight = new Set<Promise<void>>()
  const settleDeps = { db, now: clock.now, onState: hooks.onState }
  let stopping = false
  let looking: Promise<void> | null = null
  let lookAgain = false

  function wake(): void {
    lookAgain = true
    looking ??= lookWhileWoken().finally(() => {
      looking = null
      if (lookAgain && !stopping) wake()
    })
  }

  async function lookWhileWoken(): Promise<void> {
    while (lookAgain && !stopping) {
      lookAgain = false
      try {
        await deps.ids.reserve(100)
        await releaseHeld(deps)
        for (const lease of await leaseLanes(db, owner, clock.now(), lanesPerLook)) await takeUp(lease)
      } catch (error) {
        log.warn({ err: error }, "delivery.look_failed")
        await sleep(200)
      }
    }
  }

  async function takeUp(lease: Lease): Promise<void> {
    const key = laneKey(lease)
    const known = lanes.get(key)
    if (known !== undefined && known.lease.token === lease.token) {
      known.fresh = true
      known.lease = lease
      return run(known)
    }
    const lane = { lease, sends: 0, notices: 0, fresh: true, running: false }
    lanes.set(key, lane)
    await takeOver(deps, settleDeps, lease)
    run(lane)
  }

  function run(lane: LaneAtWork): void {
    if (lane.running) return
    lane.running = true
    void work(lane)
      .catch((error) => log.warn({ channel_id: lane.lease.channelId, err: error }, "delivery.lane_failed"))
      .finally(() => {
        lane.running = false
        if (lane.fresh && lanes.get(laneKey(lane.lease)) === lane && !stopping) run(lane)
      })
  }

  /** Claims what can be dialled at once, until there is nothing; an idle lane is given back. */
  async function work(lane: LaneAtWork): Promise<void> {
    while (lane.fresh && !stopping) {
      lane.fresh = false
      const claimed = await claim(lane)
      for (const delivery of claimed) dispatch(lane, delivery)
      if (claimed.length > 0) lane.fresh = true
      if (lane.sends + lane.notices >= lane.lease.cap || inFlight.size >= inFlightMax) return
    }
    if (lane.sends + lane.notices === 0 && !lane.fresh && !stopping) await letGo(lane)
  }

  /** Sends come first; notices leave one place free, so that a reply never waits for a slow notice. */
  async function claim(lane: LaneAtWork): Promise<ClaimedDelivery[]> {
    const { lease } = lane
    const free = Math.min(lease.cap - lane.sends - lane.notices, inFlightMax - inFlight.size)
    if (free <= 0) return []
    await deps.ids.reserve(50)
    const sends = await claimSends(db, lease, clock.now(), free, (tx, delivery) => hooks.onState(tx, { delivery, state: "sending" }))
    const forNotices = Math.min(free - sends.length, Math.max(lease.cap - 1, lane.sends + sends.length === 0 ? 1 : 0) - lane.notices)
    const notices = forNotices > 0 ? await claimNotices(db, lease, clock.now(), forNotices) : []
    if (sends.length > 0) hooks.committed([lease.companyId])
    return [...sends, ...notices]
  }

  function dispatch(lane: LaneAtWork, delivery: ClaimedDelivery): void {
    const kind = delivery.sequence === "send" ? "sends" : "notices"
    lane[kind]++
    const trying = deliver(lane.lease, delivery)
      .catch((error) => log.error({ delivery_id: delivery.id, err: error }, "delivery.not_recorded"))
      .finally(() => {
        lane[kind]--
        inFlight.delete(trying)
        lane.fresh = true
        if (lanes.get(laneKey(lane.lease)) === lane && !stopping) run(lane)
      })
    inFlight.add(trying)
  }

  async function deliver(lease: Lease, delivery: ClaimedDelivery): Promise<void> {
    const outgoing = await hooks.compose(delivery)
    const tried = "gone" in outgoing ? null : await tryOnce(deps.dialer, outgoing)
    const step = tried === null ? goneStep((outgoing as { gone: string }).gone) : stepOf(delivery, tried, (outgoing as Outgoing).strict)
    await deps.ids.reserve(20)
    if (step.state === "failed" && step.authentication && delivery.sequence === "send") {
      await db.tx((tx) => hooks.onAuthenticationFailed(tx, delivery.companyId, delivery.channelId, step.reason))
    }
    const kept = await untilKept(() => settle(settleDeps, delivery, lease.token, step, tried))
    report(delivery, step, tried, kept)
    hooks.committed([delivery.companyId])
    if (tried?.exchange.kind === "no_answer" && tried.exchange.late !== null && delivery.sequence === "send") {
      void waitLate(delivery, tried, (outgoing as Outgoing).strict)
    }
  }

  const stepOf = (delivery: ClaimedDelivery, { exchange }: Tried, strict: boolean): NextStep =>
    nextStep({ sequence: delivery.sequence, exchange, attempts: delivery.attempt, firstStartedAt: delivery.firstStartedAt, now: clock.now(), strict, random: Math.random() })

  async function waitLate(delivery: ClaimedDelivery, tried: Tried, strict: boolean): Promise<void> {
    const late = tried.exchange.kind === "no_answer" ? await tried.exchange.late : null
    const step = late && lateStep(late, strict)
    if (!late || !step) return
    await deps.ids.reserve(20)
    await settleLate(settleDeps, delivery, step, { ...tried, exchange: late })
    hooks.committed([delivery.companyId])
  }

  function report(delivery: ClaimedDelivery, step: NextStep, tried: Tried | null, kept: boolean): void {
    const exchange = tried?.exchange
    log.info(
      {
        delivery_id: delivery.id,
        channel_id: delivery.channelId,
        type: delivery.type,
        attempt: delivery.attempt,
        outcome: exchange?.kind === "answered" ? exchange.status : exchange?.cause,
        decision: step.state,
        took_ms: exchange?.timing.total,
        stale: !kept,
      },
      "delivery.attempted",
    )
  }

  /** The result is known and must be written: while the database is away, we keep trying for as long as the lease could be ours. */
  async function untilKept(write: () => Promise<boolean>): Promise<boolean> {
    for (let i = 0; ; i++) {
      try {
        return await write()
      } catch (error) {
        if (i >= 20) throw error
        await sleep(Math.min(100 * 2 ** i, 2_000))
      }
    }
  }

  async function letGo(lane: LaneAtWork): Promise<void> {
    const key = laneKey(lane.lease)
    if (lanes.get(key) === lane) lanes.delete(key)
    await giveBack(db, owner, lane.lease)
    lookAgain = true
  }

  async function renew(): Promise<void> {
    const ours = await renewLeases(db, owner)
    for (const key of lanes.keys()) if (!ours.has(key)) lanes.delete(key)
  }

  const renewing = setInterval(() => void renew().catch((error) => log.warn({ err: error }, "delivery.renew_failed")), renewMs)
  const polling = setInterval(wake, idlePollMs)
  const unlisten = clock.onAdvance(wake)
  wake()

  async function isSettled(): Promise<boolean> {
    const rows = await db.query<{ open: boolean }>({
      text: `select exists (select from delivery join channel on channel.company_id = delivery.company_id and channel.id = delivery.channel_id
               where (delivery.state = 'sending') or (delivery.state = 'held' and delivery.due_at <= $1)
                 or (delivery.ready and delivery.state in ('queued', 'waiting') and delivery.due_at <= $1 and (delivery.sequence <> 'send' or channel.status = 'ok'))) as open`,
      values: [clock.now()],
    })
    return inFlight.size === 0 && rows[0]?.open === false
  }

  return {
    wake,
    async settle() {
      do {
        wake()
        await (looking ?? Promise.resolve())
        await Promise.allSettled([...inFlight])
        await sleep(5)
      } while (!(await isSettled()))
    },
    async stop(drainMs = drainDefaultMs) {
      stopping = true
      clearInterval(polling)
      unlisten()
      await (looking ?? Promise.resolve())
      await Promise.race([Promise.allSettled([...inFlight]), sleep(drainMs)])
      clearInterval(renewing)
      for (const lane of lanes.values()) if (lane.sends + lane.notices === 0) await giveBack(db, owner, lane.lease).catch(() => {})
    },
    get idle() {
      return inFlight.size === 0 && lanes.size === 0
    },
  }
}

const goneStep = (why: string): NextStep => ({ state: "failed", code: "gone", reason: `Not sent: ${why}`, authentication: false, warnings: [] })
