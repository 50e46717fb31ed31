import { type Language, language } from "./language.ts"
import { settings as english } from "./words/en/settings.ts"

/** The sentences of the personal settings, in the page's language; loaded with that screen alone. */
const catalogues: Record<Language, () => Promise<typeof english> | typeof english> = {
  en: () => english,
  fr: async () => (await import("./words/fr/settings.ts")).settings,
  de: async () => (await import("./words/de/settings.ts")).settings,
  ar: async () => (await import("./words/ar/settings.ts")).settings,
  pseudo: async () => (await import("./words/pseudo.ts")).pseudoWords(english),
}

export const settingsWords = await catalogues[language]()
