import { execFile } from "node:child_process"
import { promisify } from "node:util"
import type { Goal } from "./goal.ts"

/** Seven types with and without a message, connection, name, TLS, a cut answer and a redirection, and two more in one test. */
const casesLeast = 20

export const goal: Goal = {
  id: "G7",
  goal: "20 ways to fail: heading, reason, first action, and the conversation reopened",
  async run() {
    const run = promisify(execFile)(
      process.execPath,
      ["node_modules/vitest/vitest.mjs", "run", "test/failures.test.ts", "--reporter=json"],
      { maxBuffer: 32 * 1024 * 1024, env: { ...process.env, NO_COLOR: "1" } },
    )
    // A failed case is a figure here, not an error.
    const { stdout } = await run.catch((error: { stdout: string }) => error)
    const { numPassedTests, numTotalTests } = JSON.parse(stdout.slice(stdout.indexOf("{"), stdout.lastIndexOf("}") + 1))
    return {
      figure: `${numPassedTests} of ${numTotalTests} stories`,
      reached: numPassedTests === numTotalTests && numTotalTests >= casesLeast,
    }
  },
}
