import type { Page } from "playwright-core"

/** Presses Tab until what has the focus is called so; never touches the mouse. */
export async function tabTo(page: Page, name: RegExp | string): Promise<void> {
  for (let presses = 0; presses < 120; presses++) {
    const focused = page.locator(":focus")
    if ((await focused.count()) > 0) {
      const label = await focused.evaluate(
        (element) =>
          element.getAttribute("aria-label") ??
          (element as { labels?: { textContent: string | null }[] }).labels?.[0]?.textContent ??
          element.textContent ??
          "",
      )
      if (typeof name === "string" ? label.trim() === name : name.test(label)) return
    }
    await page.keyboard.press("Tab")
  }
  throw new Error(`Tab does not reach ${name}`)
}

/** Goes there by Tab and presses a key on it. */
export async function press(page: Page, name: RegExp | string, key = "Enter"): Promise<void> {
  await tabTo(page, name)
  await page.keyboard.press(key)
}
