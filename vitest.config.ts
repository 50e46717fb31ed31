import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["{contract,server,sdk,cli,inbox,bench,test}/**/*.test.ts", "examples/**/*.test.ts"],
    globalSetup: ["test/cluster.ts"],
    reporters: ["default", "./test/closing-line.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
    // Files in turn in one process: loading the server anew for each would take a quarter of the time. So none may leave anything behind.
    isolate: false,
    env: { CAUSEWAY_LOG: process.env.CAUSEWAY_LOG ?? "silent" },
  },
})
