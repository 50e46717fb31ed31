import { type CarryDeps, carry } from "./carry.ts"
import { type ClaimRequest, claimDue } from "./claim.ts"
import type { ClaimedDelivery } from "./engine.ts"
import { type Lane, type LeasedLane, LeaseLostError, laneKey } from "./lanes.ts"
import { settleOrphans } from "./orphans.ts"

/** Deliveries in flight in this process, whatever their lanes. */
export const inFlightMax = 256
/** A lane that could not be claimed from (our own trouble) is looked at again after this, in ms of wall time. */
const claimAgainMs = 1_000
const idsPerClaim = 64

interface Work {
  lane: Lane
  abandoned: boolean
  inFlight: number
  noticesInFlight: number
  /** One claim at a time per lane; `again`: something changed during it. */
  claiming: boolean
  again: boolean
  retryTimer: NodeJS.Timeout | null
}

/** The lanes this process holds: each claims as its slots become free, and none waits for another. */
export function createWorkers(deps: CarryDeps) {
  const works = new Map<string, Work>()
  const ending = new AbortController()
  const running = new Set<Promise<void>>()
  let inFlight = 0
  /** Slots promised to claims that are under way. */
  let reserved = 0
  let stopping = false

  const track = (promise: Promise<void>) => {
    running.add(promise)
    void promise.finally(() => running.delete(promise))
  }

  function drive(work: Work): void {
    work.again = true
    if (!work.claiming) track(claimUntilDone(work))
  }

  async function claimUntilDone(work: Work): Promise<void> {
    work.claiming = true
    try {
      while (work.again && !stopping && isHeld(work)) {
        work.again = false
        await claim(work)
      }
    } catch (error) {
      if (error instanceof LeaseLostError) drop(work)
      else {
        deps.log.error({ err: error, channel_id: work.lane.channelId }, "delivery.not_claimed")
        work.retryTimer ??= setTimeout(() => {
          work.retryTimer = null
          drive(work)
        }, claimAgainMs)
      }
    } finally {
      work.claiming = false
    }
  }

  async function claim(work: Work): Promise<void> {
    await deps.ids.reserve(idsPerClaim)
    if (work.abandoned) {
      const count = await deps.turn(() => settleOrphans(deps.db, deps.hooks, work.lane, deps.clock.now()))
      if (count > 0) deps.log.warn({ channel_id: work.lane.channelId, count }, "delivery.orphans_settled")
      work.abandoned = false
    }
    const free = Math.min(work.lane.cap - work.inFlight, inFlightMax - inFlight - reserved)
    if (free <= 0) return
    reserved += free
    try {
      const { claimed, rested } = await deps.turn(() => claimDue(deps.db, deps.hooks, requestOf(work, free)))
      if (rested) drop(work)
      for (const delivery of claimed) track(run(work, delivery))
    } finally {
      reserved -= free
    }
  }

  const requestOf = (work: Work, free: number): ClaimRequest => ({
    lane: work.lane,
    now: deps.clock.now(),
    free,
    inFlight: work.inFlight,
    noticesInFlight: work.noticesInFlight,
  })

  async function run(work: Work, delivery: ClaimedDelivery): Promise<void> {
    const notices = delivery.sequence === "send" ? 0 : 1
    inFlight++
    work.inFlight++
    work.noticesInFlight += notices
    try {
      await carry(deps, work.lane, delivery, ending.signal)
    } catch (error) {
      deps.log.error({ err: error, delivery_id: delivery.id }, "delivery.bug")
      // Nobody here knows how it ended: whoever leases the lane next settles it as that of a worker that died.
      drop(work)
    } finally {
      inFlight--
      work.inFlight--
      work.noticesInFlight -= notices
      if (isHeld(work)) drive(work)
    }
  }

  const isHeld = (work: Work) => works.get(laneKey(work.lane)) === work

  function drop(work: Work): void {
    if (work.retryTimer !== null) clearTimeout(work.retryTimer)
    if (isHeld(work)) works.delete(laneKey(work.lane))
  }

  return {
    add(lane: LeasedLane): void {
      const work: Work = {
        lane,
        abandoned: lane.abandoned,
        inFlight: 0,
        noticesInFlight: 0,
        claiming: false,
        again: false,
        retryTimer: null,
      }
      works.set(laneKey(lane), work)
      drive(work)
    },
    /** Looks again at these lanes. */
    drive(keys: ReadonlySet<string>): void {
      for (const key of keys) {
        const work = works.get(key)
        if (work !== undefined) drive(work)
      }
    },
    /** Lanes whose lease turned out to be somebody else's. */
    keepOnly(held: ReadonlySet<string>, asked: readonly Lane[]): void {
      for (const lane of asked) {
        const work = works.get(laneKey(lane))
        if (work !== undefined && work.lane.token === lane.token && !held.has(laneKey(lane))) drop(work)
      }
    },
    lanes: (): Lane[] => [...works.values()].map((work) => work.lane),
    /** Lanes that could take more, and are not claiming already. */
    lanesWithRoom: (): Lane[] =>
      [...works.values()].filter((work) => !work.claiming && work.inFlight < work.lane.cap).map((work) => work.lane),
    freeSlots: () => Math.max(0, inFlightMax - inFlight - reserved),
    isIdle: () => works.size === 0 && inFlight === 0 && running.size === 0,
    /** Claims no more; resolves when all is settled, or after `drainMs`. Returns the lanes still held, with or without running attempts. */
    async stop(drainMs: number): Promise<{ quiet: Lane[]; busy: Lane[] }> {
      stopping = true
      for (const work of works.values()) if (work.retryTimer !== null) clearTimeout(work.retryTimer)
      await within(drainMs, async () => {
        while (running.size > 0) await Promise.allSettled(running)
      })
      ending.abort()
      const held = [...works.values()]
      return {
        quiet: held.filter((work) => work.inFlight === 0).map((work) => work.lane),
        busy: held.filter((work) => work.inFlight > 0).map((work) => work.lane),
      }
    },
  }
}

async function within(ms: number, work: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await Promise.race([work(), new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))])
  clearTimeout(timer)
}
