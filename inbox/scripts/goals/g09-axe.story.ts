import { axe } from "../../../test/browser.ts"
import { allLooks, isAt, labelOf, openGallery, pairwiseLooks, problemsOf } from "../../../test/gallery.ts"
import type { Goal } from "./goal.ts"
import { sayProgress } from "./lanes.ts"

/** Anchor: WCAG 2.0–2.2 A and AA and best practice, as far as a machine can tell. */
export const goal: Goal = {
  id: "G9",
  goal: "zero axe violations on every gallery state × light/dark × LTR/RTL × 1280/390 px",
  async run(full) {
    const gallery = await openGallery()
    // Each is opened once, and its colours are looked at again in the other scheme: nothing else depends on it.
    const opened = full ? allLooks.filter(({ colorScheme }) => colorScheme === "light") : pairwiseLooks.slice(0, 1)
    const schemes = full ? (["light", "dark"] as const) : (["light"] as const)
    const all = gallery.states.flatMap((state) =>
      opened.filter((look) => isAt(state, look)).map((look) => ({ state, look })),
    )
    let done = 0
    const problems = await problemsOf(all, async ({ state, look }) => {
      const found = await gallery.look(state, look, async (page) => {
        const lines: string[] = []
        for (const colorScheme of schemes) {
          await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
          const seen = await axe(page, { "target-size": true }, { again: colorScheme === "dark" })
          lines.push(...seen.map((problem) => `${labelOf(state, { ...look, colorScheme })}: ${problem}`))
        }
        return lines
      })
      done += 1
      sayProgress("G9", done, all.length)
      return found
    })
    await gallery.close()
    process.stderr.write(problems.map((problem) => `${problem}\n`).join(""))
    return {
      figure: `${problems.length} violations in ${all.length * schemes.length} looks at ${gallery.states.length} states`,
      reached: problems.length === 0 && gallery.states.length >= 60,
    }
  },
}
