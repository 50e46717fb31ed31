import { deviceSettings } from "./settings/device.ts"

/** Languages that people read, in the order in which they are offered, each by its own name. */
export const languageNames = { en: "English", fr: "Français", de: "Deutsch", ar: "العربية" } as const

/** "pseudo" is made out of English, to see what was not translated and what does not fit. */
export type Language = keyof typeof languageNames | "pseudo"

const isLanguage = (name: string): name is Language => Object.hasOwn(languageNames, name) || name === "pseudo"
const baseOf = (tag: string): string => tag.toLowerCase().split("-")[0] as string

interface Wishes {
  /** `?lang=` of the address: for this page only. */
  asked: string | null
  /** The setting; "system" when nobody chose. */
  chosen: string
  /** The browser's languages, BCP 47, the most wanted first. */
  preferred: readonly string[]
}

/** The address wins over the setting, the setting over the browser; English when none of these is a language that we have. */
export function pickLanguage({ asked, chosen, preferred }: Wishes): Language {
  return [asked ?? "", chosen, ...preferred.map(baseOf)].find(isLanguage) ?? "en"
}

/** The tag by which numbers and times are written: the browser's own region of that language, as en-GB, where it names one. */
export function localeOf(language: Language, preferred: readonly string[]): string {
  const base = language === "pseudo" ? "en" : language
  return preferred.find((tag) => baseOf(tag) === base) ?? base
}

export const directionOf = (language: Language): "ltr" | "rtl" => (language === "ar" ? "rtl" : "ltr")

// Tests of plain functions run without a page, and in English.
const page = typeof document === "undefined" ? null : document
const preferred = page === null ? ["en"] : navigator.languages

/** What this page is in, from its first paint to its end: another language is another load. */
export const language: Language = pickLanguage({
  asked: page === null ? null : new URLSearchParams(page.location.search).get("lang"),
  chosen: deviceSettings.get().language,
  preferred,
})

/** For everything of Intl, BCP 47. */
export const locale: string = localeOf(language, preferred)

if (page !== null) {
  // The pseudo-language's tag is the one that the CLDR keeps for accented English.
  page.documentElement.lang = language === "pseudo" ? "en-XA" : language
  page.documentElement.dir = directionOf(language)
}
