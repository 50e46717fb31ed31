// The names of what the run provides.

import type { Page } from "playwright-core"
import { openBrowser, type TestBrowser } from "../../../test/browser.ts"
import type {} from "../../../test/cluster.ts"
import { type Story, startStory } from "../../../test/story.ts"

export interface InBrowser {
  story: Story
  browser: TestBrowser
  /** A page of Ana's with the first conversation open. */
  opened(look?: { width?: number; language?: string }): Promise<Page>
}

/** Runs `measure` against a real server with `conversations` customers who wrote, in a real browser; both are closed afterwards. */
export async function inBrowser<Result>(
  conversations: number,
  measure: (world: InBrowser) => Promise<Result>,
): Promise<Result> {
  const story = await startStory({ heldClock: false })
  const browser = await openBrowser()
  try {
    for (let at = 0; at < conversations; at++) {
      const name = `Customer ${at}`
      await story.customerWrites(`Question ${at} about an order that did not arrive`, {
        sender: { handle: name, name },
      })
    }
    return await measure({
      story,
      browser,
      async opened({ width = 1280, language = "en" } = {}) {
        const page = await browser.signedIn(story.server.url, { width })
        await page.goto(`${story.server.url}/app/inbox/open?lang=${language}`)
        await page.getByRole("option").first().click()
        await page.locator('[data-region="reply"]').waitFor()
        return page
      },
    })
  } finally {
    await browser.close()
    await story.close()
  }
}
