import { everySentence } from "../../src/words/every.story.ts"
import type { Goal } from "./goal.ts"
import { inBrowser } from "./in-browser.ts"

/** Sentences that the page cuts off: their box hides what does not fit, and not on purpose with an ellipsis. */
const clipped = `[...document.querySelectorAll("body *")]
  .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ""))
  .filter((element) => element.checkVisibility() && !element.closest(".said") && !element.matches("option"))
  .filter((element) => {
    const { clipPath, overflowX, textOverflow } = getComputedStyle(element)
    return clipPath === "none" && overflowX !== "visible" && textOverflow !== "ellipsis" && element.scrollWidth > element.clientWidth + 1
  })
  .map((element) => element.textContent.slice(0, 60))`

const sideways = "document.scrollingElement.scrollWidth > document.documentElement.clientWidth"
/** The places of the parts of the screen, from its beginning in the direction of reading. */
const places = `[...document.querySelectorAll("[data-region]")].filter((part) => part.checkVisibility()).map((part) => {
  const box = part.getBoundingClientRect()
  const start = document.dir === "rtl" ? innerWidth - box.right : box.left
  return [part.dataset.region, Math.round(start), Math.round(box.width)].join(" ")
})`

const countOf = (tree: object): number =>
  Object.values(tree).reduce(
    (sum: number, value) => sum + (typeof value === "object" && value !== null ? countOf(value) : 1),
    0,
  )

export const goal: Goal = {
  id: "G12",
  goal: "all sentences in all languages, +40 % clips nothing, Arabic is the mirror image",
  run: () =>
    inBrowser(3, async ({ opened }) => {
      const counts = Object.values(everySentence).map(countOf)
      const cut = new Set<string>()
      for (const width of [1280, 390]) {
        const page = await opened({ width, language: "pseudo" })
        for (const sentence of (await page.evaluate(clipped)) as string[]) cut.add(sentence)
        if (await page.evaluate(sideways)) cut.add(`sideways at ${width} px`)
        await page.context().close()
      }
      const [english, arabic] = await Promise.all(
        ["en", "ar"].map(async (language) => (await opened({ language })).evaluate(places) as Promise<string[]>),
      )
      const isMirrored = JSON.stringify(english) === JSON.stringify(arabic)
      return {
        figure: `${counts.join(" / ")} sentences; ${cut.size} clipped${cut.size > 0 ? ` (${[...cut].slice(0, 3).join(" · ")})` : ""}; mirrored: ${isMirrored ? "yes" : "no"}`,
        reached: new Set(counts).size === 1 && cut.size === 0 && isMirrored,
      }
    }),
}
