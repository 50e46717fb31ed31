import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"

const root = join(import.meta.dirname, "../..")
const page = readFileSync(join(root, "docs/asvs.md"), "utf8")

/** ASVS 5.0.0: by chapter, section and its requirements of levels 1 and 2, of which those after the bar are of level 1. */
const standard: Record<number, string> = {
  1: "1:1-2 2:1-9|1-5 3:1-11|1-2 4:1-3 5:1-2|1",
  2: "1:1-3|1 2:1-3|1-2 3:1-4|1 4:1",
  3: "2:1-2|1-2 3:1-4|1 4:1-6|1-2 5:1-5|1-3 7:1-2",
  4: "1:1-3|1 2:1 3:1-2 4:1-4|1",
  5: "1:1 2:1-3|1-2 3:1-2|1-2 4:1-3",
  6: "1:1-3|1 2:1-12|1-8 3:1-4|1-2 4:1-4|1-2 5:1-5 6:1-3 8:1-4",
  7: "1:1-3 2:1-4|1-4 3:1-2 4:1-5|1-2 5:1-2 6:1-2",
  8: "1:1-2|1 2:1-3|1-2 3:1|1 4:1",
  9: "1:1-3|1-3 2:1-4|1",
  10: "1:1-2 2:1-2 3:1-4 4:1-11|1-5 5:1-5 6:1-2 7:1-3",
  11: "1:1-2 2:1-3 3:1-3|1-2 4:1-4|1 5:1 6:1",
  12: "1:1-3|1 2:1-2|1-2 3:1-4",
  13: "1:1 2:1-5 3:1-2 4:1-5|1",
  14: "1:1-2 2:1-4|1 3:1-3|1",
  15: "1:1-3|1 2:1-3|1 3:1-7|1",
  16: "1:1 2:1-5 3:1-4 4:1-3 5:1-3",
  17: "1:1 2:1-4 3:1-2",
}

const numbersIn = (range = ""): number[] => {
  const [first = 0, last = first] = range.split("-").map(Number)
  return range === "" ? [] : Array.from({ length: last - first + 1 }, (_, i) => first + i)
}

/** "3.4.1 of level 1" for each. */
const asked = Object.entries(standard).flatMap(([chapter, sections]) =>
  sections.split(" ").flatMap((section) => {
    const [name, ranges = ""] = section.split(":")
    const [all, first] = ranges.split("|")
    const levelOne = numbersIn(first)
    return numbersIn(all).map((n) => `${chapter}.${name}.${n} of level ${levelOne.includes(n) ? 1 : 2}`)
  }),
)

const states = ["holds", "holds in part", "does not hold", "does not apply"]
const rows = [...page.matchAll(/^\| (\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, number, level, , state, evidence]) => ({
    number: String(number),
    level: Number(level),
    state: String(state),
    evidence: String(evidence),
  }),
)

test("every requirement of levels 1 and 2 has its one line", () => {
  expect(asked).toHaveLength(253)
  expect(rows.map(({ number, level }) => `${number} of level ${level}`)).toEqual(asked)
  expect(rows.filter(({ state }) => !states.includes(state))).toEqual([])
})

test("the counts at the head are those of the lines", () => {
  const countsOf = (chosen: typeof rows) => [
    chosen.filter(({ level }) => level === 1).length,
    chosen.filter(({ level }) => level === 2).length,
    chosen.length,
  ]
  const counted = [...states, "all"].map((state) => [
    state,
    ...countsOf(rows.filter((row) => state === "all" || row.state === state)),
  ])
  const said = [...page.matchAll(/^\| ([a-z ]+) \| (\d+) \| (\d+) \| (\d+) \|$/gm)].map(([, state, ...counts]) => [
    state,
    ...counts.map(Number),
  ])
  expect(said).toEqual(counted)
})

test("what holds names a file, every file is there, and so are the tests named behind it", () => {
  expect(rows.filter(({ state, evidence }) => state === "holds" && !/`|above$/.test(evidence))).toEqual([])
  const files = [...page.matchAll(/`([^`\n]+)`((?: "[^"\n]+",?)*)/g)].map(([, path, names]) => ({
    path: String(path),
    names: [...String(names).matchAll(/"([^"]+)"/g)].map(([, name]) => String(name)),
  }))
  expect(files.length).toBeGreaterThan(150)
  expect(files.filter(({ path }) => !existsSync(join(root, path)))).toEqual([])
  const absent = files.flatMap(({ path, names }) =>
    names.filter((name) => !readFileSync(join(root, path), "utf8").includes(name)).map((name) => `${path}: ${name}`),
  )
  expect(absent).toEqual([])
})

test("what does not hold says what it would take", () => {
  const silent = rows.filter(
    ({ state, evidence }) => state === "does not hold" && !/Needed: |as \d+\.\d+\.\d+/.test(evidence),
  )
  expect(silent).toEqual([])
})
