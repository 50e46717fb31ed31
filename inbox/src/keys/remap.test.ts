import { expect, test } from "vitest"
import { fit, fitting } from "./fuzzy.ts"
import { whyNot, withKeys } from "./remap.ts"
import { keysOf, usualKeys } from "./settings.ts"

test("a command gets another key unless a browser, a keyboard or another command of the same place has it", () => {
  expect(whyNot("archive", "Shift+a", usualKeys)).toBeNull()
  expect(whyNot("archive", "e", usualKeys)).toBeNull()
  expect(whyNot("archive", "j", usualKeys)).toEqual({ kind: "taken", by: "next" })
  expect(whyNot("archive", "g", usualKeys)).toMatchObject({ kind: "taken" })
  expect(whyNot("archive", "Mod+w", usualKeys)).toEqual({ kind: "reserved", why: "browser" })
  const moved = withKeys(usualKeys, "next", ["Shift+n"])
  expect(whyNot("archive", "j", moved)).toBeNull()
  expect(keysOf("next", withKeys(moved, "next", null))).toEqual(keysOf("next", usualKeys))
})

test("a command is found by its beginning before its words, its words before its letters, and not by others", () => {
  const lines = ["Open the conversation", "Go to Open", "Reopen", "Only the pens", "Retry"]
  expect(fitting(lines, "open", (line) => line)).toEqual([
    "Open the conversation",
    "Go to Open",
    "Reopen",
    "Only the pens",
  ])
  expect(fit("Archive", "zz")).toBeNull()
  expect(fitting(lines, "", (line) => line)).toEqual(lines)
})
