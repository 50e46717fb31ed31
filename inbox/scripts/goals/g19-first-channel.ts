import type { Goal } from "./goal.ts"
import { runTests, saidOf } from "./in-tests.ts"

export const goal: Goal = {
  id: "G19",
  goal: "the first guide, word for word: a scaffolded channel sends and receives in ≤ 10 min and ≤ 12 commands",
  async run(full) {
    const ran = await runTests("test/first-channel.test.ts", { full })
    const figure = saidOf(ran, "first channel")
    const [, commands, seconds] = /^(\d+) commands, ([\d.]+) s$/.exec(figure) ?? []
    return { figure, reached: ran.failed.length === 0 && Number(commands) <= 12 && Number(seconds) <= 600 }
  },
}
