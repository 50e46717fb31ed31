import type { Hours } from "@causeway/contract/endpoints/rules"
import { type Weekday, weekdays } from "@causeway/contract/weekdays"

const dayMinutes = 24 * 60

/** Whether `at` lies within opening hours as the clocks of `timezone` (IANA) show it, summer time included. `to` not after `from` ends the next day. */
export function isOpen(hours: readonly Hours[], timezone: string, at: Date): boolean {
  const { day, minute } = localTime(timezone, at)
  const dayBefore = weekdays[(weekdays.indexOf(day) + 6) % 7] as Weekday
  return hours.some(({ days, from, to }) => {
    const start = minutesOf(from)
    const end = minutesOf(to)
    if (end > start) return days.includes(day) && minute >= start && minute < end
    return (days.includes(day) && minute >= start) || (days.includes(dayBefore) && minute < end)
  })
}

export function isTimezone(name: string): boolean {
  try {
    formatFor(name)
    return true
  } catch {
    return false
  }
}

function localTime(timezone: string, at: Date): { day: Weekday; minute: number } {
  const parts = Object.fromEntries(
    formatFor(timezone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )
  const day = String(parts.weekday).toLowerCase() as Weekday
  return { day, minute: (Number(parts.hour) * 60 + Number(parts.minute)) % dayMinutes }
}

const formats = new Map<string, Intl.DateTimeFormat>()
const formatsMax = 500

/** Making one is slow. Throws RangeError for a name that is no timezone. */
function formatFor(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  })
  if (formats.size >= formatsMax) formats.clear()
  formats.set(timezone, made)
  return made
}

function minutesOf(time: string): number {
  const [hour, minute] = time.split(":").map(Number) as [number, number]
  return hour * 60 + minute
}
