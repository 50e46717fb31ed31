import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { root } from "../source-tree.ts"
import { operations } from "./facts.ts"

const page = readFileSync(join(root, "docs", "compatibility.md"), "utf8")
const stories = readdirSync(join(root, "test", "clients"))
  .map((name) => readFileSync(join(root, "test", "clients", name), "utf8"))
  .join("\n")

test("the page has a row for every operation in scope, and none that says not yet", () => {
  expect(Object.keys(operations).filter((operation) => !page.includes(`\`${operation}\``))).toEqual([])
  expect(page).not.toMatch(/not yet/i)
})

test("every row of what live integrations do is a test of that name", () => {
  const rows = [...page.matchAll(/^\| ([RSWA]\d+) \|/gm)].map(([, code]) => code as string)
  expect(rows).toHaveLength(20 + 18 + 25 + 6)
  expect(rows.filter((code) => !new RegExp(`["\`[ ]${code}[:", ]`).test(stories))).toEqual([])
})

test("every trap is a test of that number", () => {
  const superseded = new Set([11, 18, 42, 48]) // other rows decide these the other way, or they are about fixtures
  const numbers = Array.from({ length: 48 }, (_, i) => i + 1).filter((number) => !superseded.has(number))
  const named = new Set(
    [...stories.matchAll(/traps? (\d+)(?: and (\d+))?/g)].flatMap(([, one, two]) => [Number(one), Number(two)]),
  )
  expect(numbers.filter((number) => !named.has(number))).toEqual([])
})
