/** The forms of one counted sentence; `#` stands for the number. `other` is every form that the language has and the sentence does not tell apart. */
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

/** What a language needs to count: `count` picks the form of a sentence, `number` writes a number with the language's digits. */
export interface Counting {
  count(value: number, forms: Forms): string
  number(value: number): string
}

/** `locale` is a BCP 47 tag. The rules are the CLDR's, as the browser has them: Arabic has six forms, French counts 0 as one. */
export function countingIn(locale: string): Counting {
  const rules = new Intl.PluralRules(locale)
  const digits = new Intl.NumberFormat(locale)
  const number = (value: number): string => digits.format(value)
  return {
    number,
    count: (value, forms) => (forms[rules.select(value)] ?? forms.other).replaceAll("#", number(value)),
  }
}
