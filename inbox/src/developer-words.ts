import { type Language, language } from "./language.ts"
import { developer as english } from "./words/en/developer.ts"

/** The sentences of the developer console, in the page's language; loaded with its screens alone. */
const catalogues: Record<Language, () => Promise<typeof english> | typeof english> = {
  en: () => english,
  fr: async () => (await import("./words/fr/developer.ts")).developer,
  de: async () => (await import("./words/de/developer.ts")).developer,
  ar: async () => (await import("./words/ar/developer.ts")).developer,
  pseudo: async () => (await import("./words/pseudo.ts")).pseudoWords(english),
}

export const developerWords = await catalogues[language]()
