import { isApple } from "../platform.ts"

/**
 * How keys are written here, in settings and in the table of commands: "j", "?", "Shift+j", "Mod+k", "ArrowDown"; one after the other with a space
 * between: "g i". Mod is ⌘ on Apple's keyboards and Ctrl elsewhere. A sign that needs Shift on some keyboard and not on another is written alone.
 */
export interface KeyPress {
  key: string
  code: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
  getModifierState(name: string): boolean
}

const modifiers: ReadonlySet<string> = new Set([
  "Control",
  "Shift",
  "Alt",
  "Meta",
  "AltGraph",
  "CapsLock",
  "Fn",
  "Dead",
])

/** What was pressed, as it is written here; null for a modifier alone and for whatever AltGr types. */
export function chordOf(press: KeyPress): string | null {
  if (modifiers.has(press.key) || press.getModifierState("AltGraph")) return null
  const key = nameOf(press)
  const parts = [
    ...(press.ctrlKey ? [isApple ? "Ctrl" : "Mod"] : []),
    ...(press.metaKey ? [isApple ? "Mod" : "Meta"] : []),
    ...(press.altKey ? ["Alt"] : []),
    ...(press.shiftKey && (isLetter(key) || key.length > 1) ? ["Shift"] : []),
  ]
  return [...parts, key].join("+")
}

/** The character, so that layouts work; where it is of another script (Arabic, Cyrillic), the Latin letter of that key. */
function nameOf({ key, code }: KeyPress): string {
  if (key === " ") return "Space"
  if (key.length > 1) return key
  if (/\p{L}/u.test(key) && !/\p{Script=Latin}/u.test(key)) return /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() ?? key
  return key.toLowerCase()
}

const isLetter = (key: string): boolean => key.length === 1 && key.toLowerCase() !== key.toUpperCase()

/** Whether pressing it while writing would write something: such keys act only where nothing is written, and can be switched off. */
export const isSingle = (chord: string): boolean => !/^(Mod|Ctrl|Meta|Alt)\+/.test(chord)

/** Whether it is a single letter, digit or sign, which WCAG 2.1.4 wants to be switched off; Enter, Esc and arrows are none. */
export const isCharacter = (chord: string): boolean =>
  isSingle(chord) && chord.replace(/^Shift\+(?=.)/, "").length === 1

const shownNames: Readonly<Record<string, string>> = {
  Mod: isApple ? "⌘" : "Ctrl",
  ArrowDown: "↓",
  ArrowUp: "↑",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
  Shift: isApple ? "⇧" : "Shift",
}

/** The keys to be drawn one by one: "g i" → ["g", "i"], "Mod+k" → ["Ctrl+K"]. */
export const shownKeys = (chords: string): string[] => chords.split(" ").map(shown)

function shown(chord: string): string {
  const parts = partsOf(chord)
  const named = parts.map(
    (part) => shownNames[part] ?? (parts.length > 1 && part.length === 1 ? part.toUpperCase() : part),
  )
  return named.join(isApple ? "" : "+")
}

/** "Mod++" is Mod and the plus sign. */
const partsOf = (chord: string): string[] => chord.split(/\+(?=.)/)

/** As `aria-keyshortcuts` wants it; sequences have no way to be said there and are left out. */
export const ariaKeys = (chords: readonly string[]): string | undefined => {
  const said = chords.filter((chord) => !chord.includes(" "))
  return said.length === 0
    ? undefined
    : said.map((chord) => chord.replace("Mod", isApple ? "Meta" : "Control")).join(" ")
}
