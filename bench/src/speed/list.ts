import { acceptBenchmark } from "./accept.ts"
import type { Benchmark } from "./benchmark.ts"
import { costBenchmark } from "./cost.ts"
import { crowdBenchmark } from "./crowd.ts"
import { drainBenchmark } from "./drain.ts"
import { endToEndBenchmark } from "./end-to-end.ts"
import { fanOutBenchmark } from "./fan-out.ts"
import { growthBenchmark } from "./growth.ts"
import { isolationBenchmark } from "./isolation.ts"
import { memoryBenchmark } from "./memory.ts"
import { repliesBenchmark } from "./replies.ts"

/** All of them, in the order in which they run and stand on the page. */
export const benchmarks: readonly Benchmark[] = [
  acceptBenchmark,
  endToEndBenchmark,
  repliesBenchmark,
  drainBenchmark,
  isolationBenchmark,
  crowdBenchmark,
  growthBenchmark,
  fanOutBenchmark,
  memoryBenchmark,
  costBenchmark,
]
