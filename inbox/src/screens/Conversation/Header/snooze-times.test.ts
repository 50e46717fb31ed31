import { expect, test } from "vitest"
import { fieldValueOf, firstWorkingDay, snoozePresets } from "./snooze-times.ts"

const offered = (now: Date, locale = "en-GB") =>
  snoozePresets(now, locale).map(({ name, at }) => `${name} ${fieldValueOf(at)}`)

test("in the morning a conversation can come back in an hour, later, tomorrow at 9 and on Monday at 9", () => {
  expect(offered(new Date(2026, 10, 19, 10, 40))).toEqual([
    "inAnHour 2026-11-19T11:40",
    "laterToday 2026-11-19T13:30",
    "tomorrow 2026-11-20T09:00",
    "nextWeek 2026-11-23T09:00",
  ])
})

test("late in the day nothing is offered for later that day", () => {
  expect(offered(new Date(2026, 10, 19, 15, 5)).join()).not.toContain("laterToday")
})

test("on a Sunday tomorrow is next week, and is offered once", () => {
  expect(offered(new Date(2026, 10, 22, 10, 0)).slice(2)).toEqual(["tomorrow 2026-11-23T09:00"])
})

test("on a Monday next week is a week on", () => {
  expect(offered(new Date(2026, 10, 23, 10, 0)).at(-1)).toBe("nextWeek 2026-11-30T09:00")
})

test("the week begins on the reader's first working day: Sunday in Egypt, Monday in the United States", () => {
  expect([firstWorkingDay("ar-EG"), firstWorkingDay("en-US"), firstWorkingDay("de")]).toEqual([7, 1, 1])
})
