import { setTimeout as delay } from "node:timers/promises"
import { type ClosedRun, closedLoop, type Measured, openLoop, type Target } from "./load.ts"
import type { Arrival, Partner } from "./processes.ts"

/** What goes in here comes out at a partner, and is measured there. */
export interface Flow extends Target {
  partner: Partner
  /** Part of every key of this run; see `Arrival`. */
  run: string
}

/** So many may be on their way: enough to keep every lane busy, and few enough that a run ends with what it began. */
export const onTheirWayMax = 500
/** By then that many are, and what arrives is what gets through in the long run. */
const warmUpMs = 4_000
/** Nothing arrives for so long: the rest never will. */
const stallMs = 30_000

/**
 * As much as comes through: requests go out as fast as they are answered, but while `onTheirWayMax` have not arrived. `perSecond` counts arrivals; `times` are
 * those of the requests. `disorders`: see `countDisorders`.
 */
export async function closedFlow(
  flow: Flow & { seconds: number; conversations: number },
): Promise<ClosedRun & { disorders: number }> {
  const { partner, seconds } = flow
  const sentAt: number[] = []
  const before = partner.count()
  const closed = await closedLoop({
    ...flow,
    warmUpMs,
    next(n) {
      sentAt[n] = performance.now()
      return flow.next(n)
    },
    async mayGo() {
      while (sentAt.length - (partner.count() - before) >= onTheirWayMax) await newsOf(partner)
    },
  })
  const arrived = await allArrived(flow, before + closed.sent)
  const counted = arrived.filter(({ at }) => at >= closed.from && at <= closed.to).length
  if (counted === 0) throw new Error(`nothing arrived at the partner within ${seconds} s: give it more --seconds`)
  return { ...closed, perSecond: counted / seconds, disorders: countDisorders(arrived, flow.conversations) }
}

/** Open loop: `times` run from the moment a request was to leave to its arrival at the partner. */
export async function openFlow(
  flow: Flow & { perSecond: number; seconds: number; random(): number },
): Promise<Measured> {
  const before = flow.partner.count()
  const { dueAt } = await openLoop(flow)
  const arrived = await allArrived(flow, before + dueAt.length)
  const last = Math.max(...arrived.map(({ at }) => at))
  return {
    perSecond: (dueAt.length * 1000) / (last - (dueAt[0] ?? last)),
    times: arrived.map(({ n, at }) => at - (dueAt[n] as number)),
  }
}

/** Waits until so many have come since the partner began, and takes those of this run, each once. */
export async function allArrived({ partner, run }: Pick<Flow, "partner" | "run">, count: number): Promise<Arrival[]> {
  while (partner.count() < count) await newsOf(partner)
  const seen = new Set<number>()
  return (await partner.take()).filter(({ key, n }) => key === run && !seen.has(n) && seen.add(n))
}

async function newsOf(partner: Partner): Promise<void> {
  const before = partner.count()
  await Promise.race([partner.moved(), delay(stallMs, undefined, { ref: false })])
  if (partner.count() === before) throw new Error(`nothing has arrived at the partner for ${stallMs / 1000} s`)
}

/**
 * How often a later number of a conversation came before an earlier one: numbers go to conversations in turn, and with far fewer connections than conversations
 * each is answered long before the next of its conversation leaves.
 */
export function countDisorders(arrived: readonly Arrival[], conversations: number): number {
  const last = new Map<number, number>()
  let disorders = 0
  for (const { n } of arrived) {
    const conversation = n % conversations
    if (n < (last.get(conversation) ?? -1)) disorders++
    else last.set(conversation, n)
  }
  return disorders
}
