import fc from "fast-check"
import { expect, test } from "vitest"
import { htmlOf } from "./plain-text.ts"

test("lines and paragraphs are kept, and what looks like markup is words", () => {
  expect(htmlOf('It ships today.\nPromised!\n\n1 < 2 & <b>"so"</b>')).toBe(
    "<p>It ships today.<br>Promised!</p><p>1 &lt; 2 &amp; &lt;b&gt;&quot;so&quot;&lt;/b&gt;</p>",
  )
  expect(htmlOf("one\r\ntwo\r\n\r\n\r\nthree")).toBe("<p>one<br>two</p><p>three</p>")
})

test("whatever is typed, the only tags are p and br, and no word is lost", () => {
  const typed = fc.string({ unit: fc.constantFrom("a", " ", "\n", "<", ">", "&", '"', "'", "/", ";", "é", "لا") })
  fc.assert(
    fc.property(typed, (text) => {
      const html = htmlOf(text)
      const words = html.replace(/<\/?p>|<br>/g, "")
      expect(words).not.toMatch(/[<>"]/)
      const read = words
        .replaceAll("&lt;", "<")
        .replaceAll("&gt;", ">")
        .replaceAll("&quot;", '"')
        .replaceAll("&amp;", "&")
      expect(read.replace(/\s/g, "")).toBe(text.replace(/\s/g, ""))
    }),
  )
})
