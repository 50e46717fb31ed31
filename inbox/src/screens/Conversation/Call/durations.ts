import { locale } from "../../../language.ts"

/** 4:12, or 1:02:05; with the digits of the page's language. */
export function clockOf(seconds: number): string {
  const total = Math.max(0, Math.floor(seconds))
  const hours = Math.floor(total / 3600)
  const minutes = Math.floor(total / 60) % 60
  const parts = hours > 0 ? [hours, minutes, total % 60] : [minutes, total % 60]
  return parts.map((part, i) => (i === 0 ? plain : padded).format(part)).join(":")
}
const plain = new Intl.NumberFormat(locale, { useGrouping: false })
const padded = new Intl.NumberFormat(locale, { minimumIntegerDigits: 2 })

const unitOf = (unit: string) => new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" })
const minuteUnit = unitOf("minute")
const secondUnit = unitOf("second")

/** As it is said: "1 minute 5 seconds". */
export function spokenOf(seconds: number): string {
  const total = Math.max(0, Math.floor(seconds))
  const minutes = Math.floor(total / 60)
  const rest = secondUnit.format(total % 60)
  return minutes === 0 ? rest : `${minuteUnit.format(minutes)} ${rest}`
}
