import { type Language, language } from "./language.ts"
import type { admin as English } from "./words/en/admin.ts"

/** The sentences of the administration and of invitations, in the page's language; loaded with those screens alone. */
const catalogues: Record<Language, () => Promise<typeof English>> = {
  en: async () => (await import("./words/en/admin.ts")).admin,
  fr: async () => (await import("./words/fr/admin.ts")).admin,
  de: async () => (await import("./words/de/admin.ts")).admin,
  ar: async () => (await import("./words/ar/admin.ts")).admin,
  pseudo: async () => {
    const [{ pseudoWords }, { admin }] = await Promise.all([import("./words/pseudo.ts"), import("./words/en/admin.ts")])
    return pseudoWords(admin)
  },
}

export const adminWords = await catalogues[language]()
