import fc from "fast-check"
import { expect, test } from "vitest"
import { withAddresses } from "./addresses.ts"

const links = (text: string) => withAddresses(text).flatMap((part) => (typeof part === "string" ? [] : part.href))

test("an address in a sentence is a link without the sentence's punctuation", () => {
  expect(links("See https://example.com/a?b=1, or (http://example.org/x).")).toEqual([
    "https://example.com/a?b=1",
    "http://example.org/x",
  ])
})

test("only web addresses become links", () => {
  expect(links("javascript:alert(1) ftp://example.com https:// mia@example.com")).toEqual([])
})

test("no word is lost or changed", () => {
  const words = fc.array(fc.oneof(fc.string(), fc.webUrl(), fc.constant(" "))).map((parts) => parts.join(""))
  fc.assert(
    fc.property(words, (text) => {
      expect(
        withAddresses(text)
          .map((part) => (typeof part === "string" ? part : part.text))
          .join(""),
      ).toBe(text)
    }),
  )
})
