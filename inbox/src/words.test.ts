import { expect, test } from "vitest"
import { directionOf, localeOf, pickLanguage } from "./language.ts"
import { ar } from "./words/ar/index.ts"
import { settings as arSettings } from "./words/ar/settings.ts"
import { de } from "./words/de/index.ts"
import { settings as deSettings } from "./words/de/settings.ts"
import { en } from "./words/en/index.ts"
import { settings as enSettings } from "./words/en/settings.ts"
import { fr } from "./words/fr/index.ts"
import { settings as frSettings } from "./words/fr/settings.ts"
import { countingIn } from "./words/plural.ts"
import { pseudoWords } from "./words/pseudo.ts"

type Sentences = Map<string, string[]>

/** Every sentence of a catalogue by its path; those made by functions in several counts, each with names that no language has. */
function sentencesOf(node: unknown, path = "", found: Sentences = new Map()): Sentences {
  if (typeof node === "string") found.set(path, [node])
  else if (typeof node === "function") found.set(path, said(node as (...values: unknown[]) => unknown))
  else for (const [key, value] of Object.entries(node as object)) sentencesOf(value, `${path}.${key}`, found)
  return found
}

/** A function's sentences. What is a count and what is a name shows only when it runs, so both are tried. */
function said(make: (...values: unknown[]) => unknown): string[] {
  const tries: unknown[] = [0, 1, 2, 3, 11, 100, "§"]
  return tries.flatMap((value) => {
    try {
      const made = make(...Array<unknown>(Math.max(1, make.length)).fill(value))
      return [...sentencesOf(made).values()].flat()
    } catch {
      return [] // not a value that this sentence takes
    }
  })
}

/** Those of the settings come with their screen, and are checked like the others. */
const english = sentencesOf({ ...en, ...enSettings })
const languages = { fr: { ...fr, ...frSettings }, de: { ...de, ...deSettings }, ar: { ...ar, ...arSettings } }

/** Names, and words that two languages share. A sentence of three words is never among them. */
const isShared = (sentence: string): boolean =>
  sentence.replace(/Causeway|K7Q-4XD|API|HTTP|[\d\s§.,·:“”«»„-]/g, "") === "" || shared.has(sentence)
const shared = new Set([
  "Administration",
  "Notes",
  "Message",
  "Conversation",
  "Conversations",
  "Archive",
  "Name",
  "Live",
  "Code",
  "Tags",
])

test.each(Object.entries(languages))("%s has every sentence, and none of them is the English one", (_name, words) => {
  const translated = sentencesOf(words)
  expect([...translated.keys()].sort()).toEqual([...english.keys()].sort())
  const leftOver = [...translated].flatMap(([path, sentences]) =>
    sentences
      .filter((sentence) => english.get(path)?.includes(sentence) && !isShared(sentence))
      .map((sentence) => `${path}: ${sentence}`),
  )
  expect(leftOver).toEqual([])
  const empty = [...translated].filter(
    ([path, sentences]) => sentences.includes("") && !english.get(path)?.includes(""),
  )
  expect(empty).toEqual([])
})

test("the pseudo-language has no plain word, is 40 % longer, and leaves names and counts as they are", () => {
  const pseudo = sentencesOf(pseudoWords({ ...en, ...enSettings }))
  expect([...pseudo.keys()].sort()).toEqual([...english.keys()].sort())
  const plain = [...pseudo].filter(([, sentences]) => sentences.some((sentence) => /[A-Za-z]/.test(sentence)))
  expect(plain).toEqual([])
  const short = [...pseudo].filter(([path, sentences]) => {
    const length = english.get(path)?.[0]?.length ?? 0
    return (sentences[0]?.length ?? 0) < Math.floor(length * 1.4)
  })
  expect(short).toEqual([])
  expect(pseudoWords((name: string, count: number) => `${name} has ${count}`)("Mia", 3)).toMatch(/^\[Mia ĥáš 3~+\]$/)
})

test("a count takes the form that its language has for it, with the language's digits", () => {
  const forms = { zero: "zero", one: "one", two: "two", few: "few #", many: "many #", other: "other #" }
  const inArabic = countingIn("ar-EG")
  expect([0, 1, 2, 3, 11, 100].map((value) => inArabic.count(value, forms))).toEqual([
    "zero",
    "one",
    "two",
    "few ٣",
    "many ١١",
    "other ١٠٠",
  ])
  expect([0, 1, 2].map((value) => countingIn("fr").count(value, forms))).toEqual(["one", "one", "other 2"])
  expect(countingIn("de").count(12_000, { other: "# Antworten" })).toBe("12.000 Antworten")
})

test("the address wins over the setting, the setting over the browser, and a language nobody has is English", () => {
  const preferred = ["sv-SE", "de-AT", "fr"]
  expect(pickLanguage({ asked: "ar", chosen: "fr", preferred })).toBe("ar")
  expect(pickLanguage({ asked: "klingon", chosen: "fr", preferred })).toBe("fr")
  expect(pickLanguage({ asked: null, chosen: "system", preferred })).toBe("de")
  expect(pickLanguage({ asked: null, chosen: "system", preferred: ["sv"] })).toBe("en")
  expect(localeOf("de", preferred)).toBe("de-AT")
  expect(localeOf("pseudo", ["fr", "en-GB"])).toBe("en-GB")
  expect([directionOf("ar"), directionOf("pseudo")]).toEqual(["rtl", "ltr"])
})
