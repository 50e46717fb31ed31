/** When a snooze may end, in the reader's own zone. */
export interface SnoozePreset {
  name: "inAnHour" | "laterToday" | "tomorrow" | "nextWeek"
  at: Date
}

const morning = 9
const evening = 18

/** 1 (Monday) to 7 (Sunday): the first day of the reader's week that is a working day there; Monday where the browser does not know. */
export function firstWorkingDay(locale: string): number {
  const found = new Intl.Locale(locale) as Intl.Locale & {
    getWeekInfo?(): { firstDay: number; weekend: number[] }
    weekInfo?: { firstDay: number; weekend: number[] }
  }
  const info = found.getWeekInfo?.() ?? found.weekInfo
  if (info === undefined) return 1
  let day = info.firstDay
  for (let tries = 0; tries < 7 && info.weekend.includes(day); tries++) day = (day % 7) + 1
  return day
}

/** What is offered at `now`: an hour on; three hours on while that is before the evening; tomorrow, and the next working week, at 9. */
export function snoozePresets(now: Date, locale: string): SnoozePreset[] {
  const later = new Date(
    now.getFullYear(),
    now.getMonth(),
    now.getDate(),
    now.getHours() + 3,
    now.getMinutes() < 30 ? 0 : 30,
  )
  const isToday = later.getDate() === now.getDate() && later.getHours() < evening
  const today = now.getDay() === 0 ? 7 : now.getDay()
  const days = ((firstWorkingDay(locale) - today + 6) % 7) + 1
  return [
    { name: "inAnHour", at: new Date(now.getTime() + 3_600_000) },
    ...(isToday ? [{ name: "laterToday" as const, at: later }] : []),
    { name: "tomorrow", at: morningIn(now, 1) },
    // Where tomorrow begins the week, it has its own line already.
    ...(days > 1 ? [{ name: "nextWeek" as const, at: morningIn(now, days) }] : []),
  ]
}

const morningIn = (now: Date, days: number): Date =>
  new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, morning)

/** What a datetime-local field takes: the reader's own wall clock, to the minute. */
export function fieldValueOf(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0")
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`
}
