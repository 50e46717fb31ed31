import { type Language, language } from "./language.ts"
import { later as english } from "./words/en/later.ts"

/** The sentences of parts that come when they are wanted (search, calls, contacts, templates, bulk changes, alerts), in the page's language; with the first of them. */
const catalogues: Record<Language, () => Promise<typeof english> | typeof english> = {
  en: () => english,
  fr: async () => (await import("./words/fr/later.ts")).later,
  de: async () => (await import("./words/de/later.ts")).later,
  ar: async () => (await import("./words/ar/later.ts")).later,
  pseudo: async () => (await import("./words/pseudo.ts")).pseudoWords(english),
}

export const laterWords = await catalogues[language]()
