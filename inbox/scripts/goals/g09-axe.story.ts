import { axe } from "../../../test/browser.ts"
import { allLooks, isAt, labelOf, openGallery, pairwiseLooks, problemsOf } from "../../../test/gallery.ts"
import type { Goal } from "./goal.ts"

/** Anchor: WCAG 2.0–2.2 A and AA and best practice, as far as a machine can tell. */
export const goal: Goal = {
  id: "G9",
  goal: "zero axe violations on every gallery state × light/dark × LTR/RTL × 1280/390 px",
  async run(full) {
    const gallery = await openGallery()
    const looks = full ? allLooks : pairwiseLooks.slice(0, 1)
    const all = gallery.states.flatMap((state) =>
      looks.filter((look) => isAt(state, look)).map((look) => ({ state, look })),
    )
    const problems = await problemsOf(all, async ({ state, look }) => {
      const found = await gallery.look(state, look, (page) => axe(page, { "target-size": true }))
      return found.map((problem) => `${labelOf(state, look)}: ${problem}`)
    })
    await gallery.close()
    process.stderr.write(problems.map((problem) => `${problem}\n`).join(""))
    return {
      figure: `${problems.length} violations in ${all.length} looks at ${gallery.states.length} states`,
      reached: problems.length === 0 && gallery.states.length >= 60,
    }
  },
}
