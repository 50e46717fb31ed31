import { type Language, language } from "./language.ts"
import { prove as english } from "./words/en/prove.ts"

/** The sentences that ask again who somebody is, in the page's language; loaded when that is asked. */
const catalogues: Record<Language, () => Promise<typeof english> | typeof english> = {
  en: () => english,
  fr: async () => (await import("./words/fr/prove.ts")).prove,
  de: async () => (await import("./words/de/prove.ts")).prove,
  ar: async () => (await import("./words/ar/prove.ts")).prove,
  pseudo: async () => (await import("./words/pseudo.ts")).pseudoWords(english),
}

export const proveWords = await catalogues[language]()
