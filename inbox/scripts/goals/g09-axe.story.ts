import { axe } from "../../../test/browser.ts"
import {
  allLooks,
  isAt,
  type Look,
  labelOf,
  openGallery,
  pairwiseLooks,
  problemsOf,
  type StateName,
} from "../../../test/gallery.ts"
import type { Goal } from "./goal.ts"
import { sayProgress } from "./lanes.ts"

/** Anchor: WCAG 2.0–2.2 A and AA and best practice, as far as a machine can tell. */
export const goal: Goal = {
  id: "G9",
  goal: "zero axe violations on every gallery state × light/dark × LTR/RTL × 1280/390 px",
  async run(full) {
    const gallery = await openGallery()
    const looks = full ? allLooks : pairwiseLooks.slice(0, 1)
    const all = gallery.states.flatMap((state) =>
      (["en", "ar"] as const).map((language) => ({ state, looks: inOrder(state, looks, language) })),
    )
    const count = all.reduce((sum, { looks }) => sum + looks.length, 0)
    let done = 0
    const problems = await problemsOf(all, async ({ state, looks }) => {
      const found = await gallery.looks(state, looks, async (page, look) => {
        // Of the other scheme only the colours are others.
        const again = looks[looks.indexOf(look) - 1]?.width === look.width
        const seen = await axe(page, { "target-size": true }, { again })
        done += 1
        sayProgress("G9", done, count)
        return seen.map((problem) => `${labelOf(state, look)}: ${problem}`)
      })
      return found.flat()
    })
    await gallery.close()
    process.stderr.write(problems.map((problem) => `${problem}\n`).join(""))
    return {
      figure: `${problems.length} violations in ${count} looks at ${gallery.states.length} states`,
      reached: problems.length === 0 && gallery.states.length >= 60,
    }
  },
}

/** Those of one language, both schemes of a width one after the other: a state is opened once for all of them. */
const inOrder = (state: StateName, looks: readonly Look[], language: Look["language"]): Look[] =>
  looks.filter((look) => look.language === language && isAt(state, look)).sort((a, b) => b.width - a.width)
