import { expect, test } from "vitest"
import { chordOf, isCharacter, type KeyPress } from "./chord.ts"
import { type CommandId, commandIds, commands } from "./commands.ts"
import { type Moment, press } from "./dispatch.ts"
import { whyReserved } from "./reserved.ts"
import { keysOf, readKeySettings, usualKeys } from "./settings.ts"

const all = commandIds.flatMap((id) => commands[id].keys.map((keys) => ({ id, keys, where: commands[id].where })))

test("no command has a key that a browser keeps for itself, or that AltGr types", () => {
  const isPlaying = { where: "call", keys: "Space" } // on the card itself; on its buttons it presses them
  const isFree = (where: string, keys: string) =>
    where === "composer" || (where === isPlaying.where && keys === isPlaying.keys)
  expect(all.filter(({ keys, where }) => !isFree(where, keys) && whyReserved(keys) !== null)).toEqual([])
  expect(["Mod+t", "Mod+Shift+k", "F6", "Mod+Alt+q", "Alt+e", "g Space"].map(whyReserved)).not.toContain(null)
  expect(["Mod+k", "Mod+F6", "Mod+Shift+Space", "j", "#"].map(whyReserved)).toEqual(Array(5).fill(null))
})

test("two commands share a key only where one of them holds inside its own part of the screen", () => {
  const own = new Set(["call", "log", "composer"])
  const collisions = all.flatMap((one, index) =>
    all
      .slice(index + 1)
      .filter((two) => two.id !== one.id && (one.keys === two.keys || isBeginning(one.keys, two.keys)))
      .filter((two) => one.where === two.where || !(own.has(one.where) || own.has(two.where)))
      .map((two) => `${one.keys}: ${one.id}, ${two.id}`),
  )
  expect(collisions).toEqual([])
})

const isBeginning = (a: string, b: string): boolean => a.startsWith(`${b} `) || b.startsWith(`${a} `)

const down = (key: string, over: Partial<KeyPress> & { altGraph?: boolean } = {}): KeyPress => ({
  key,
  code: "",
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  getModifierState: (name) => name === "AltGraph" && over.altGraph === true,
  ...over,
})

test("keys are matched by their character, whatever the layout; another script's letter by its place", () => {
  expect(chordOf(down("j", { code: "KeyH" }))).toBe("j")
  expect(chordOf(down("J", { shiftKey: true }))).toBe("Shift+j")
  expect(chordOf(down("?", { shiftKey: true }))).toBe("?")
  expect(chordOf(down("K", { ctrlKey: true }))).toBe("Mod+k")
  expect(chordOf(down("ت", { code: "KeyJ" }))).toBe("j")
  expect(chordOf(down("ж", { code: "Semicolon" }))).toBe("ж")
  expect(chordOf(down(" ", { ctrlKey: true, shiftKey: true }))).toBe("Mod+Shift+Space")
  expect(chordOf(down("@", { altGraph: true, ctrlKey: true, altKey: true }))).toBeNull()
  expect(chordOf(down("Shift", { shiftKey: true }))).toBeNull()
  expect(["j", "?", "Shift+j", "Enter", "ArrowDown", "Shift+Enter"].map(isCharacter)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ])
})

const moment = (over: Partial<Moment> = {}): Moment => ({
  settings: usualKeys,
  canDo: () => true,
  isWriting: false,
  within: null,
  ...over,
})
const does = (id: CommandId) => ({ kind: "commands", ids: [id] })
const nothing = { kind: "nothing" }

test("a single key acts where nothing is written; with a modifier it acts everywhere", () => {
  expect(press("", "j", moment())).toEqual(does("next"))
  expect(press("", "j", moment({ isWriting: true }))).toEqual(nothing)
  expect(press("", "Mod+k", moment({ isWriting: true }))).toEqual(does("palette"))
  expect(press("", "j", moment({ canDo: (id) => id !== "next" }))).toEqual(nothing)
})

test("a sequence is one key after the other, and another key ends it", () => {
  expect(press("", "g", moment())).toEqual({ kind: "pending", keys: "g" })
  expect(press("g", "i", moment())).toEqual(does("goOpen"))
  expect(press("g", "j", moment())).toEqual(nothing)
})

test("single characters can be switched off, kept behind a leader key, or be others", () => {
  const off = moment({ settings: { ...usualKeys, single: "off" } })
  expect([press("", "j", off), press("", "g", off)]).toEqual([nothing, nothing])
  expect(press("", "ArrowDown", off)).toEqual(does("next"))

  const leader = moment({ settings: { ...usualKeys, single: "leader" } })
  expect(press("", "j", leader)).toEqual(nothing)
  expect(press("", ",", leader)).toEqual({ kind: "pending", keys: "," })
  expect(press(",", "j", leader)).toEqual(does("next"))
  expect(press(",", "g", leader)).toEqual({ kind: "pending", keys: ", g" })
  expect(press(", g", "i", leader)).toEqual(does("goOpen"))

  const remapped = moment({ settings: { ...usualKeys, remapped: { next: ["Shift+n"], archive: [] } } })
  expect(press("", "Shift+n", remapped)).toEqual(does("next"))
  expect([press("", "j", remapped), press("", "e", remapped)]).toEqual([nothing, nothing])
})

test("settings of another version or of nobody's making leave what they do not say as usual", () => {
  expect(readKeySettings(null)).toEqual(usualKeys)
  const odd = readKeySettings({ single: "leader", leader: "", remapped: { next: ["n"], archive: 7, gone: ["x"] } })
  expect(odd).toEqual({ single: "leader", leader: ",", remapped: { next: ["n"] } })
  expect(keysOf("next", odd)).toEqual(["n"])
})
