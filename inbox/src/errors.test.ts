import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { failureWords } from "./reasons.ts"
import { everySentence } from "./words/every.story.ts"

const guide = readFileSync(join(import.meta.dirname, "../../docs/errors-and-retries.md"), "utf8")
// biome-ignore lint/suspicious/noExplicitAny: catalogues are read as data here
type Words = any

/** Title, meaning and fix of each; of a reply's, what helps is a button beside it. */
const replies = (words: Words): string[][] =>
  Object.entries<{ heading: string; explanation: string }>(words.reasons).map(([code, { heading, explanation }]) => [
    heading,
    explanation,
    failureWords(code).remedies.join(", "),
  ])
const mistakes = (words: Words): string[][] =>
  Object.values<string[]>(words.signatures.mistakes).map((said) => [words.signatures.different, ...said])
const refusals = (words: Words): string[][] =>
  Object.values<string | ((of: never) => string)>(words.refused).map((said) =>
    (typeof said === "string" ? said : said("1" as never)).split(/[.;؛]\s*/).filter((part) => part !== ""),
  )

test("whatever a person is told went wrong has a title, what it means and what to do, in every language, and a place in the guide", () => {
  for (const words of Object.values(everySentence)) {
    for (const said of [...replies(words), ...mistakes(words)]) {
      expect(said).toHaveLength(3)
      expect(
        said.every((part) => part.trim().length > 2),
        said.join(" | "),
      ).toBe(true)
    }
    for (const parts of refusals(words)) expect(parts.length, parts.join(" | ")).toBeGreaterThanOrEqual(2)
  }
  const { en } = everySentence
  for (const [heading = ""] of replies(en)) expect(guide).toContain(heading)
  expect(guide).toContain("causeway verify")
  process.stderr.write(`errors: ${[replies, mistakes, refusals].flatMap((of) => of(en)).length}\n`)
})
