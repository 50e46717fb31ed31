import type { Goal } from "./goal.ts"
import { runTests, saidOf } from "./in-tests.ts"

export const goal: Goal = {
  id: "G24",
  goal: "causeway --help ≤ 300 ms beyond a bare Node's 125; every command has an example that runs, --json and exit codes",
  async run(full) {
    const ran = await runTests("test/cli.test.ts", { full })
    return { figure: saidOf(ran, "cli"), reached: ran.failed.length === 0 }
  },
}
