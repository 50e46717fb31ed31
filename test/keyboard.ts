import type { Page } from "playwright-core"

/** A person at a keyboard and nothing else. */
export interface Keyboard {
  press(...keys: string[]): Promise<void>
  type(text: string): Promise<void>
  /** Presses Tab until what `selector` names has the focus; throws when it never does, or when somebody could not see that it has. */
  tabTo(selector: string): Promise<void>
  /** Waits until what `selector` names has the focus, by itself; the same check. */
  at(selector: string): Promise<void>
}

const tabsMax = 80

/**
 * Whether the focus can be seen: something is drawn around it, it is on the screen, and nothing lies over it (WCAG 2.4.7, 2.4.11). As text, because it
 * is the page's own. Answers what is wrong, "" when nothing is.
 */
const focusProblem = `(() => {
  const element = document.activeElement
  if (element === null || element === document.body) return "nothing has the focus"
  const box = element.getBoundingClientRect()
  const name = element.outerHTML.slice(0, 120)
  if (box.width === 0 || box.height === 0) return "the focus is on nothing that is drawn: " + name
  if (box.right <= 0 || box.bottom <= 0 || box.left >= innerWidth || box.top >= innerHeight) return "the focus is off the screen: " + name
  const x = Math.min(Math.max((box.left + box.right) / 2, 1), innerWidth - 1)
  const y = Math.min(Math.max((box.top + Math.min(box.bottom, innerHeight)) / 2, 1), innerHeight - 1)
  const top = document.elementFromPoint(x, y)
  if (top === null || !(element.contains(top) || top.contains(element) || element.closest("label")?.contains(top)))
    return "the focus is covered: " + name + " by " + top?.outerHTML.slice(0, 120)
  return ""
})()`

/** Throws at the first use of anything but keys: the page's mouse is taken away. */
export function keyboardOf(page: Page): Keyboard {
  const has = (selector: string) => page.locator(":focus").and(page.locator(selector)).count()
  async function seen(selector: string): Promise<void> {
    const problem = await page.evaluate(focusProblem)
    if (problem !== "") throw new Error(`${selector}: ${problem}`)
  }
  return {
    async press(...keys) {
      for (const key of keys) await page.keyboard.press(key)
    },
    type: (text) => page.keyboard.type(text),
    async tabTo(selector) {
      for (let tabs = 0; (await has(selector)) === 0; tabs++) {
        if (tabs === tabsMax) throw new Error(`${selector} cannot be reached by Tab`)
        await page.keyboard.press("Tab")
      }
      await seen(selector)
    },
    async at(selector) {
      await page.locator(":focus").and(page.locator(selector)).waitFor()
      await seen(selector)
    },
  }
}
