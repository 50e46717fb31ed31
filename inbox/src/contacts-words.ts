import { type Language, language } from "./language.ts"
import { contactBook as english } from "./words/en/contact-book.ts"

/** The sentences of the contacts' own screen and of merging contacts, in the page's language; what stands beside a conversation is among the later words. */
const catalogues: Record<Language, () => Promise<typeof english> | typeof english> = {
  en: () => english,
  fr: async () => (await import("./words/fr/contact-book.ts")).contactBook,
  de: async () => (await import("./words/de/contact-book.ts")).contactBook,
  ar: async () => (await import("./words/ar/contact-book.ts")).contactBook,
  pseudo: async () => (await import("./words/pseudo.ts")).pseudoWords(english),
}

export const contactsWords = await catalogues[language]()
