import { type Language, language } from "./language.ts"
import { en } from "./words/en/index.ts"

/** Every sentence of the inbox, by area of the screen; each other language is one folder beside `en`, with the same shape. */
export type Words = typeof en

/** Each language but English comes only where it is read. */
const catalogues: Record<Language, () => Promise<Words> | Words> = {
  en: () => en,
  fr: async () => (await import("./words/fr/index.ts")).fr,
  de: async () => (await import("./words/de/index.ts")).de,
  ar: async () => (await import("./words/ar/index.ts")).ar,
  pseudo: async () => (await import("./words/pseudo.ts")).pseudoWords(en),
}

/** Ready before any module that uses it runs, so that nothing is ever drawn in another language first. */
export const words: Words = await catalogues[language]()
