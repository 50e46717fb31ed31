import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    globalSetup: ["test/cluster.ts"],
    reporters: ["default", "./test/closing-line.ts"],
    testTimeout: 60_000,
    // What is waited for comes at once where nothing else runs. This is for a machine that does five other things, and costs nobody else anything.
    expect: { poll: { timeout: 30_000 } },
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
    env: { CAUSEWAY_LOG: process.env.CAUSEWAY_LOG ?? "silent" },
    projects: [
      {
        extends: true,
        test: {
          name: "server",
          include: ["{contract,server}/**/*.test.ts"],
          // In turn in one process: loading the server anew for each file would take a quarter of the time. None leaves anything behind.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "whole",
          include: ["{sdk,cli,inbox,bench,test}/**/*.test.ts", "examples/**/*.test.ts"],
          // Browsers, servers that are killed and a database share two cores there. What needed it is named at the end of the run.
          retry: process.env.CI ? 1 : 0,
        },
      },
    ],
  },
})
