import type { Goal } from "./goal.ts"
import { countOf, runTests } from "./in-tests.ts"

/** Anchor: WCAG 2.1.1, 2.4.7, 2.4.11. The journeys are tests (test/journeys.test.ts); here they are counted. */
export const goal: Goal = {
  id: "G10",
  goal: "journeys done by keyboard alone, at 1280 and 390 px, with the focus always seen",
  async run(full) {
    const ran = await runTests("test/journeys.test.ts", { full })
    return {
      figure: countOf(ran, "journeys"),
      reached: ran.tests.length > 0 && ran.failed.length === 0,
    }
  },
}
