import { setTimeout as delay } from "node:timers/promises"
import { pick } from "./seeded.ts"
import type { World } from "./world.ts"

/** Beyond this many unanswered requests new arrivals stay away: a machine that is down must not be kept down by those who ask for it. */
const underWayMax = 200
/** Beyond this many replies that have not come to an end no more are written: a row is about what becomes of replies, not about how many can wait. */
const unfinishedMax = 200
const countEveryMs = 500

export interface Load {
  /** Which channels are written to and answered on. Default: all. */
  channels?: readonly number[]
  inboundPerSecond: number
  repliesPerSecond: number
  threadsPerChannel?: number
}

/** Whether the load that was asked for could be made: `stayedAway` are those that did not come because too much was waiting already. */
export interface Arrivals {
  came: number
  stayedAway: number
}

export interface LoadDeps {
  random(): number
  /** A customer of the channel's n-th thread. */
  write(channel: number, n: number): Promise<unknown>
  /** A teammate who answers in some conversation of these channels. */
  reply(channels: readonly number[]): Promise<unknown>
}

/** An open loop: arrivals at times that a seeded clock says and not when the last answer came, within what this machine can carry. */
export function beginLoad(world: World, load: Load, { random, write, reply }: LoadDeps): { stop(): Promise<Arrivals> } {
  const channels = load.channels ?? [...world.channels.keys()]
  const underWay = new Set<Promise<unknown>>()
  const made: Arrivals = { came: 0, stayedAway: 0 }
  const { signal, stop } = stopper()
  let unfinished = 0

  function come(work: Promise<unknown>): void {
    made.came++
    const tracked: Promise<unknown> = work.finally(() => underWay.delete(tracked))
    underWay.add(tracked)
  }
  async function arrivals(perSecond: number, hasRoom: () => boolean, arrive: () => Promise<unknown>): Promise<void> {
    let next = performance.now()
    while (!signal.aborted && perSecond > 0) {
      next += (-Math.log(1 - random()) * 1_000) / perSecond
      await pause(next - performance.now(), signal)
      if (signal.aborted) return
      if (underWay.size < underWayMax && hasRoom()) come(arrive())
      else made.stayedAway++
    }
  }
  async function count(): Promise<void> {
    while (!signal.aborted) {
      unfinished = await countUnfinished(world).catch(() => unfinished)
      await pause(countEveryMs, signal)
    }
  }

  const clocks = [
    count(),
    arrivals(
      load.inboundPerSecond,
      () => true,
      () => write(pick(random, channels), Math.floor(random() * (load.threadsPerChannel ?? 10))),
    ),
    arrivals(
      load.repliesPerSecond,
      () => unfinished < unfinishedMax,
      () => reply(channels),
    ),
  ]
  return {
    async stop() {
      stop()
      await Promise.all(clocks)
      while (underWay.size > 0) await Promise.all(underWay)
      return made
    },
  }
}

function stopper(): { signal: AbortSignal; stop(): void } {
  const running = new AbortController()
  return { signal: running.signal, stop: () => running.abort() }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  delay(Math.max(0, ms), undefined, { signal }).catch(() => {})

async function countUnfinished(world: World): Promise<number> {
  const [open] = await world.db.query<{ count: number }>({
    text: "select count(*)::int as count from message where direction = 'outbound' and state in ('queued', 'sending', 'waiting')",
  })
  return open?.count ?? 0
}
