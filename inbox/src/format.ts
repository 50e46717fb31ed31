import { useEffect, useState } from "react"
import { serverNow } from "./api.ts"
import { locale } from "./language.ts"
import { deviceSettings } from "./settings/device.ts"
import { words } from "./words.ts"

/** Times come as seconds since 1970 and are shown in the page's language and the reader's zone. */
const hours = ({ system: {}, "12": { hourCycle: "h12" }, "24": { hourCycle: "h23" } } as const)[
  deviceSettings.get().hours
]
const clock = new Intl.DateTimeFormat(locale, { timeStyle: "short", ...hours })
const clockWithSeconds = new Intl.DateTimeFormat(locale, { timeStyle: "medium", ...hours })
const full = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "long", ...hours })
const dayAndMonth = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" })
const withYear = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" })
const longDay = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" })
const longDayWithYear = new Intl.DateTimeFormat(locale, { dateStyle: "full" })
const relative = new Intl.RelativeTimeFormat(locale, { style: "long", numeric: "auto" })

const shortIn = (unit: string) => new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "narrow" })
const short = { minute: shortIn("minute"), hour: shortIn("hour"), day: shortIn("day") }

const dateOf = (seconds: number): Date => new Date(seconds * 1000)

/** 14:02 */
export const timeOf = (seconds: number): string => clock.format(dateOf(seconds))
/** 14:02 today, else with its day. `nowMs` in ms since 1970. */
export function momentOf(seconds: number, nowMs: number): string {
  const isToday = dateOf(seconds).toDateString() === new Date(nowMs).toDateString()
  return isToday ? timeOf(seconds) : `${dayAndMonth.format(dateOf(seconds))}, ${timeOf(seconds)}`
}
/** 14:02:10 */
export const preciseTimeOf = (seconds: number): string => clockWithSeconds.format(dateOf(seconds))
/** The day, the time and its zone. */
export const fullTimeOf = (seconds: number): string => full.format(dateOf(seconds))
export const isoOf = (seconds: number): string => dateOf(seconds).toISOString()

/** How long ago, as said: "2 minutes ago". `nowMs` in ms since 1970. */
export function agoOf(seconds: number, nowMs: number): string {
  const [value, unit] = distance(seconds, nowMs)
  return relative.format(-value, unit)
}

/** How long ago in as few characters as a list has room for: "2m" in the page's language, then the day. */
export function shortAgoOf(seconds: number, nowMs: number): string {
  const [value, unit] = distance(seconds, nowMs)
  if (unit === "day" && value > 6) {
    const date = dateOf(seconds)
    return (date.getFullYear() === new Date(nowMs).getFullYear() ? dayAndMonth : withYear).format(date)
  }
  if (unit === "second") return relative.format(0, "second")
  return short[unit].format(value)
}

function distance(seconds: number, nowMs: number): [number, "second" | "minute" | "hour" | "day"] {
  const past = Math.max(0, nowMs / 1000 - seconds)
  if (past < 45) return [0, "second"]
  if (past < 3_600) return [Math.max(1, Math.round(past / 60)), "minute"]
  if (past < 86_400) return [Math.round(past / 3_600), "hour"]
  return [Math.round(past / 86_400), "day"]
}

/** The calendar day of a moment where the reader is; equal for two moments of one day. */
export const dayOf = (seconds: number): string => dateOf(seconds).toDateString()

export function dayLabelOf(seconds: number, nowMs: number): string {
  const date = dateOf(seconds)
  const now = new Date(nowMs)
  if (date.toDateString() === now.toDateString()) return words.message.today
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1)
  if (date.toDateString() === yesterday.toDateString()) return words.message.yesterday
  return (date.getFullYear() === now.getFullYear() ? longDay : longDayWithYear).format(date)
}

/** 214 KB, with the unit in the reader's language. */
export function sizeOf(bytes: number): string {
  const [unit, value] =
    bytes >= 1e9
      ? (["gigabyte", bytes / 1e9] as const)
      : bytes >= 1e6
        ? (["megabyte", bytes / 1e6] as const)
        : bytes >= 1e3
          ? (["kilobyte", bytes / 1e3] as const)
          : (["byte", bytes] as const)
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit,
    maximumFractionDigits: value < 10 && unit !== "byte" ? 1 : 0,
  }).format(value)
}

const plain = new Intl.NumberFormat(locale)
/** 12,345 */
export const numberOf = (value: number): string => plain.format(value)
const oneDecimal = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
/** 3.2 */
export const decimalOf = (value: number): string => oneDecimal.format(value)
const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 })
/** 98.9 % of a share from 0 to 1 */
export const percentOf = (share: number): string => percent.format(share)
/** 184 ms */
export const millisecondsOf = (value: number): string =>
  new Intl.NumberFormat(locale, { style: "unit", unit: "millisecond", maximumFractionDigits: 0 }).format(value)
/** 3 minutes, in the largest unit that fits. */
export function spanOf(seconds: number): string {
  const [unit, value] =
    seconds >= 86_400
      ? (["day", seconds / 86_400] as const)
      : seconds >= 3_600
        ? (["hour", seconds / 3_600] as const)
        : seconds >= 60
          ? (["minute", seconds / 60] as const)
          : (["second", seconds] as const)
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 0 }).format(
    value,
  )
}

/** The server's present time in ms, drawn again every `everyMs`; null: not at all. */
export function useNow(everyMs: number | null): number {
  const [now, setNow] = useState(serverNow)
  useEffect(() => {
    if (everyMs === null) return
    setNow(serverNow())
    const timer = setInterval(() => setNow(serverNow()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
