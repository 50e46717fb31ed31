import { parentPort } from "node:worker_threads"
import { worldSize } from "./many.ts"
import { simulate } from "./run.ts"

/** One of the threads of `many.ts`: is told a seed, lives through its world and says what it came to. */
Error.stackTraceLimit = 0 // thousands of outages are thrown here, and nobody reads where
parentPort?.on("message", async (seed: number) => {
  parentPort?.postMessage(await simulate({ seed, deliveries: worldSize }))
})
