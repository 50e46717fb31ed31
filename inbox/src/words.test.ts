import { readdirSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { directionOf, localeOf, pickLanguage } from "./language.ts"
import { everySentence } from "./words/every.story.ts"
import { countingIn } from "./words/plural.ts"
import { pseudoWords } from "./words/pseudo.ts"
import { readSaying } from "./words/used.story.ts"

const { en, ...languages } = everySentence

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

const english = sentencesOf(en)

/** Names, and words that two languages share. A sentence of three words is never among them. */
const isShared = (sentence: string): boolean => {
  const bare = sentence.replace(/Causeway|K7Q-4XD|API|HTTP|OAuth|NaN|[\d\s§.,·:“”«»„]/g, "")
  return bare === "" || shared.has(bare)
}
const shared = new Set(
  "Admin Administration App Archive Code Console JSON JUnit MB Manifest Messages Page Secret Signature Signatures Simulator TLS Text Token X-Front-Request-Timestamp YAML Contact Contacts Conversation Conversations E-mail Invitation Link Live Message Name Notes note notes Offline Tags Team Webhook Webhooks in offline".split(
    " ",
  ),
)

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

/** By path: which of its values each sentence says. A value counts when another one makes another sentence. */
function valuesOf(words: object, like: object, path = ""): [string, boolean[]][] {
  return Object.entries(like).flatMap(([key, mark]) => {
    const node = (words as Record<string, unknown>)[key]
    const at = `${path}.${key}`
    if (typeof mark === "function")
      return [[at, Array.from({ length: mark.length }, (_, i) => says(node as Maker, mark.length, i))]]
    return typeof mark === "object" && mark !== null ? valuesOf(node as object, mark, at) : []
  })
}
type Maker = (...values: unknown[]) => unknown

function says(make: Maker, count: number, index: number): boolean {
  const pairs = [
    [5, 7],
    ["§", "§§"],
    ["all", "mine"],
  ]
  return pairs.some(([other, changed]) => {
    const values = Array<unknown>(count).fill(other)
    try {
      return JSON.stringify(make(...values)) !== JSON.stringify(make(...values.with(index, changed)))
    } catch {
      return false // not values that this sentence takes
    }
  })
}

test.each(Object.entries(languages))("%s says the same names and counts in each sentence", (_name, words) => {
  expect(valuesOf(words, en)).toEqual(valuesOf(en, en))
})

test("there is no sentence that nobody says", () => {
  const source = import.meta.dirname
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
    (file) => /\.tsx?$/.test(file) && !/^(words|gallery)\/|\.(test|story)\./.test(file),
  )
  const saying = readSaying(files.map((file) => join(source, file)))
  expect([...english.keys()].filter((path) => !saying.says(path.slice(1)))).toEqual([])
})

test("the pseudo-language has no plain word, is 40 % longer, and leaves names and counts as they are", () => {
  const pseudo = sentencesOf(pseudoWords(en))
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
