import type { ClaimedDelivery, DeliveryHooks, Outgoing } from "./engine.ts"
import { type Lane, laneKey } from "./lanes.ts"
import type { Turn } from "./turns.ts"

type Composed = Outgoing | { gone: string }

/** Says what a claimed delivery of a lane is now; rejects as its hook does. */
export type Compose = (lane: Lane, delivery: ClaimedDelivery) => Promise<Composed>

interface Group {
  deliveries: ClaimedDelivery[]
  composed: Promise<PromiseSettledResult<Composed>[]>
}

/**
 * Composes in a lane's turn. Notices that a lane has claimed together, or that come while it waits for its turn, take one between them, so that what they are about
 * is read at once. Replies take one each: how many may leave beside those of others goes by their turns.
 */
export function createComposing(hooks: Pick<DeliveryHooks, "compose">, turn: Turn): Compose {
  const groups = new Map<string, Group>()

  function begin(key: string): Group {
    const deliveries: ClaimedDelivery[] = []
    const composed = turn(() => {
      groups.delete(key)
      return Promise.allSettled(deliveries.map((delivery) => hooks.compose(delivery)))
    }, key)
    const group = { deliveries, composed }
    groups.set(key, group)
    return group
  }

  return async (lane, delivery) => {
    const key = laneKey(lane)
    if (delivery.sequence === "send") return await turn(() => hooks.compose(delivery), key)
    const { deliveries, composed } = groups.get(key) ?? begin(key)
    const place = deliveries.push(delivery) - 1
    const result = (await composed)[place] as PromiseSettledResult<Composed>
    if (result.status === "rejected") throw result.reason
    return result.value
  }
}
