import { type Language, language } from "./language.ts"
import { signInWays as english } from "./words/en/sign-in.ts"

/** The sentences of setting up, signing in, passwords, passkeys and the identity provider, in the page's language; loaded with the screens that have forms for them. */
const catalogues: Record<Language, () => Promise<typeof english> | typeof english> = {
  en: () => english,
  fr: async () => (await import("./words/fr/sign-in.ts")).signInWays,
  de: async () => (await import("./words/de/sign-in.ts")).signInWays,
  ar: async () => (await import("./words/ar/sign-in.ts")).signInWays,
  pseudo: async () => (await import("./words/pseudo.ts")).pseudoWords(english),
}

export const signInWords = await catalogues[language]()
