import { acceptBenchmark } from "./accept.ts"
import type { Benchmark } from "./benchmark.ts"
import { drainBenchmark } from "./drain.ts"
import { endToEndBenchmark } from "./end-to-end.ts"
import { fanOutBenchmark } from "./fan-out.ts"
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
  fanOutBenchmark,
  memoryBenchmark,
]
