import type { Goal } from "./goal.ts"
import { runTests } from "./in-tests.ts"

export const goal: Goal = {
  id: "G21",
  goal: "every broken channel found with its fix; a correct one, three kinds, never failed in 50 runs; ≥ 40 checks",
  async run(full) {
    const { tests, failed } = await runTests("sdk/src/check/check.test.ts", { full })
    const rounds = tests.filter(({ title }) => title.startsWith("a correct channel on")).length * (full ? 50 : 5)
    return {
      figure: `${tests.length - failed.length} of ${tests.length} tests hold, ${rounds} runs of correct channels`,
      reached: tests.length > 0 && failed.length === 0,
    }
  },
}
