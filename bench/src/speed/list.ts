import { acceptBenchmark } from "./accept.ts"
import type { Benchmark } from "./benchmark.ts"

/** All of them, in the order in which they run and stand on the page. */
export const benchmarks: readonly Benchmark[] = [acceptBenchmark]
