import { type Language, language } from "./language.ts"
import { admin as adminEnglish } from "./words/en/admin.ts"
import { connecting as connectingEnglish } from "./words/en/connecting.ts"
import { integrations as integrationsEnglish } from "./words/en/integrations.ts"
import { rules as rulesEnglish } from "./words/en/rules.ts"

/** The sentences of the administration and of invitations, in the page's language; loaded with those screens alone. */
const english = { ...adminEnglish, ...connectingEnglish, ...integrationsEnglish, ...rulesEnglish }

const catalogues: Record<Language, () => Promise<typeof english> | typeof english> = {
  en: () => english,
  fr: async () => ({
    ...(await import("./words/fr/admin.ts")).admin,
    ...(await import("./words/fr/connecting.ts")).connecting,
    ...(await import("./words/fr/integrations.ts")).integrations,
    ...(await import("./words/fr/rules.ts")).rules,
  }),
  de: async () => ({
    ...(await import("./words/de/admin.ts")).admin,
    ...(await import("./words/de/connecting.ts")).connecting,
    ...(await import("./words/de/integrations.ts")).integrations,
    ...(await import("./words/de/rules.ts")).rules,
  }),
  ar: async () => ({
    ...(await import("./words/ar/admin.ts")).admin,
    ...(await import("./words/ar/connecting.ts")).connecting,
    ...(await import("./words/ar/integrations.ts")).integrations,
    ...(await import("./words/ar/rules.ts")).rules,
  }),
  pseudo: async () => (await import("./words/pseudo.ts")).pseudoWords(english),
}

export const adminWords = await catalogues[language]()
