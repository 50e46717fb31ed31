import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"

const root = join(import.meta.dirname, "../..")
const page = readFileSync(join(root, "docs/security.md"), "utf8")
const rows = [...page.matchAll(/^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, number, , kind, proof]) => ({
    number: Number(number),
    kind: String(kind),
    proof: String(proof).trim(),
  }),
)

test("every class of flaw has a test that is there, or the reason why it cannot apply", () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 36 }, (_, i) => i + 1))
  const missing = rows.filter(({ proof }) => {
    if (proof.startsWith("cannot apply: ")) return false
    const [, path = "", name = "-"] = /^`([^`]+)` (.+)$/.exec(proof) ?? []
    return !existsSync(join(root, path)) || !readFileSync(join(root, path), "utf8").includes(name)
  })
  expect(missing).toEqual([])
})

test("every file that the page names is there", () => {
  const named = [...page.matchAll(/`((?:test|server|sdk|contract|inbox)\/[^`]+)`/g)].map(([, path]) => String(path))
  expect(named.length).toBeGreaterThan(30)
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
})
