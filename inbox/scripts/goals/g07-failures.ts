import type { Goal } from "./goal.ts"
import { countOf, runTests } from "./in-tests.ts"

/** Seven types with and without a message, connection, name, TLS, a cut answer and a redirection, and two more in one test. */
const casesLeast = 20

export const goal: Goal = {
  id: "G7",
  goal: "20 ways to fail: heading, reason, first action, and the conversation reopened",
  async run(full) {
    const ran = await runTests("test/failures.test.ts", { full })
    return {
      figure: countOf(ran, "stories"),
      reached: ran.failed.length === 0 && ran.tests.length >= casesLeast,
    }
  },
}
