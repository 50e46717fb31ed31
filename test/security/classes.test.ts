import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { figure } from "../figure.ts"

const root = join(import.meta.dirname, "../..")
const page = readFileSync(join(root, "docs/security.md"), "utf8")
const rows = [...page.matchAll(/^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, number, , kind, proof]) => ({
    number: Number(number),
    kind: String(kind),
    proof: String(proof).trim(),
  }),
)

/** What a file's tests are called, and the cases of its tables. */
const namesIn = (path: string): string[] => {
  const text = existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : ""
  const tests = text.matchAll(/\b(?:test|describe|describeInBrowser)(?:\.[a-zA-Z]+(?:\([^)]*\))?)*\(\s*(["'`])(.+?)\1/g)
  const cases = text.matchAll(/^ {4}\[\s*"([^"]+)",/gm)
  return [...[...tests].map(([, , name]) => String(name)), ...[...cases].map(([, name]) => String(name))]
}

test("every class of flaw has a test that is there, or the reason why it cannot apply", () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 36 }, (_, i) => i + 1))
  const reasoned = rows.filter(({ proof }) => proof.startsWith("cannot apply: "))
  const missing = rows.filter((row) => {
    const [, path = "", name = "-"] = /^`([^`]+)` (.+)$/.exec(row.proof) ?? []
    return !reasoned.includes(row) && !namesIn(path).some((one) => one.includes(name))
  })
  const tested = rows.length - reasoned.length - missing.length
  figure(
    "S6",
    `${rows.length} classes of flaws, ${tested} with a test of that name, ${reasoned.length} that cannot apply`,
  )
  expect(missing).toEqual([])
})

test("every file that the page names is there", () => {
  const named = [...page.matchAll(/`((?:test|server|sdk|contract|inbox)\/[^`]+)`/g)].map(([, path]) => String(path))
  expect(named.length).toBeGreaterThan(30)
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
})
