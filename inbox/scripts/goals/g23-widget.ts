import type { Goal } from "./goal.ts"
import { runTests, saidOf } from "./in-tests.ts"

const hostMsMax = 20

export const goal: Goal = {
  id: "G23",
  goal: "widget: loader ≤ 4 KB, panel ≤ 35 KB gz; host page ≤ 20 ms at 4× before opening, CLS 0; no axe problem, strict CSP",
  async run() {
    // In full, since only then the host page is measured.
    const ran = await runTests("examples/live-chat/widget.test.ts", { full: true })
    const host = saidOf(ran, "widget on a page")
    const [, ms, shift] = /^([\d.]+) ms at 4×, CLS ([\d.]+)$/.exec(host) ?? []
    return {
      figure: `${saidOf(ran, "widget")}, ${host}`,
      reached: ran.failed.length === 0 && Number(ms) <= hostMsMax && Number(shift) === 0,
    }
  },
}
