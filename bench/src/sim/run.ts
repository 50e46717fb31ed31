import { liveThrough } from "./script.ts"
import { type Ending, World, type WorldOptions } from "./world.ts"

export type { Ending }

/** One world from its seed: the same seed, the same world. */
export function simulate(options: WorldOptions): Promise<Ending> {
  const world = new World(options)
  return world.live(() => liveThrough(world, options))
}
