import { declaredPairs, pairsOfRules, themes, tooFaint } from "../contrast.ts"
import type { Goal } from "./goal.ts"
import { inBrowser } from "./in-browser.ts"

/** What can be pressed and is smaller than 24 px either way. Words within a sentence may be (WCAG 2.5.8), and so may the edge of a pane, which keys move. */
const smallTargets = `[...document.querySelectorAll("a[href], button, input, select, textarea, summary, [role=option]")]
  .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !element.closest("p a, .said, [class*=skips]"))
  .map((element) => ({ element, box: (element.closest("label") ?? element).getBoundingClientRect() }))
  .filter(({ box }) => box.width > 1 && (box.width < 24 || box.height < 24))
  .map(({ element, box }) => element.outerHTML.slice(0, 90) + " " + Math.round(box.width) + "x" + Math.round(box.height))`

const widerThanPage = "Math.max(0, document.scrollingElement.scrollWidth - document.documentElement.clientWidth)"

export const goal: Goal = {
  id: "G11",
  goal: "every colour pair ≥ 4.5:1 / 3:1 in all themes, targets ≥ 24 px, reflow at 320 px",
  run: () =>
    inBrowser(3, async ({ opened, story }) => {
      const pairs = [...declaredPairs, ...pairsOfRules()]
      const faint = tooFaint(pairs)
      const small = new Set<string>()
      let sideways = 0
      for (const width of [1280, 390, 320]) {
        const page = await opened({ width })
        for (const path of [null, "/app/inbox/open", "/app/settings"]) {
          if (path !== null) {
            await page.goto(story.server.url + path)
            await page.locator("main, [data-region]").first().waitFor()
          }
          for (const target of (await page.evaluate(smallTargets)) as string[]) small.add(target)
          if (width === 320) sideways = Math.max(sideways, (await page.evaluate(widerThanPage)) as number)
        }
        await page.context().close()
      }
      const problems = [...faint, ...small].slice(0, 3).join(" · ")
      return {
        figure: `${pairs.length * themes().length} pairs, ${faint.length} too faint; ${small.size} targets too small; ${sideways} px sideways${problems && ` (${problems})`}`,
        reached: faint.length === 0 && small.size === 0 && sideways === 0,
      }
    }),
}
