import { availableParallelism } from "node:os"
import { Worker } from "node:worker_threads"
import type { Ending } from "./run.ts"

/** Deliveries in one world; a seed belongs to worlds of this size. */
export const worldSize = 2_000

/** Nearly everything of a world is forgotten at once: with room for it, less is moved to where what stays is kept. */
const maxYoungGenerationSizeMb = 192

/** Everything that some worlds came to. */
export interface Sum {
  worlds: number
  deliveries: number
  attempts: number
  killed: number
  frozen: number
  checked: number
  virtualMs: number
  states: Record<string, number>
  /** Of several that failed, the one with the lowest seed. */
  failure: Ending | null
}

/**
 * World after world, from a first seed on, until so many deliveries were put in or a world has failed; as many at once as there are processors, each in
 * a thread of its own. Worlds do not know of each other: a seed makes the same world whatever runs beside it.
 */
export async function simulateMany(
  { seed, deliveries }: { seed: number; deliveries: number },
  onWorld: (sum: Sum) => void = () => {},
): Promise<Sum> {
  const sum: Sum = {
    worlds: 0,
    deliveries: 0,
    attempts: 0,
    killed: 0,
    frozen: 0,
    checked: 0,
    virtualMs: 0,
    states: {},
    failure: null,
  }
  let next = seed
  let underWay = 0
  const isEnough = () => sum.failure !== null || sum.deliveries + underWay * worldSize >= deliveries
  const workThrough = async () => {
    const worker = new Worker(new URL("thread.ts", import.meta.url), { resourceLimits: { maxYoungGenerationSizeMb } })
    try {
      while (!isEnough()) {
        underWay++
        const ending = await ask(worker, next++)
        underWay--
        add(sum, ending)
        onWorld(sum)
      }
    } finally {
      await worker.terminate()
    }
  }
  const threads = Math.min(availableParallelism(), Math.ceil(deliveries / worldSize))
  await Promise.all(Array.from({ length: threads }, workThrough))
  return sum
}

function ask(worker: Worker, seed: number): Promise<Ending> {
  return new Promise((resolve, reject) => {
    worker.once("message", (ending: Ending) => {
      worker.off("error", reject)
      resolve(ending)
    })
    worker.once("error", reject)
    worker.postMessage(seed)
  })
}

function add(sum: Sum, ending: Ending): void {
  sum.worlds++
  for (const key of ["deliveries", "attempts", "killed", "frozen", "checked", "virtualMs"] as const)
    sum[key] += ending[key]
  for (const [state, count] of Object.entries(ending.states)) sum.states[state] = (sum.states[state] ?? 0) + count
  if (ending.failure !== null && ending.seed < (sum.failure?.seed ?? Number.POSITIVE_INFINITY)) sum.failure = ending
}
