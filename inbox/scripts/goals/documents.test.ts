import { expect, test } from "vitest"
import { describeInBrowser } from "../../../test/browser.ts"
import { checkInBrowser } from "./documents.ts"

describeInBrowser("what is written with formatting", () => {
  test("any document is the same HTML again, text without markup, and no paste adds what has no place", async () => {
    const { problems } = await checkInBrowser(process.env.CAUSEWAY_FULL ? 10_000 : 400, 1)
    expect(problems).toEqual([])
  })
})
