import { join } from "node:path"
import { defineConfig } from "vitest/config"

/** `npm run goals`: one after the other, since each measures time. */
export default defineConfig({
  root: join(import.meta.dirname, "../../.."),
  test: {
    include: ["inbox/scripts/goals/run.ts"],
    globalSetup: ["test/cluster.ts"],
    testTimeout: 3_600_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 1,
    env: { CAUSEWAY_LOG: process.env.CAUSEWAY_LOG ?? "silent" },
  },
})
