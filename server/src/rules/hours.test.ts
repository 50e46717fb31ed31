import type { Hours } from "@causeway/contract/endpoints/rules"
import type { Weekday } from "@causeway/contract/weekdays"
import { expect, test } from "vitest"
import { isOpen, isTimezone } from "./hours.ts"

const weekdays: Weekday[] = ["mon", "tue", "wed", "thu", "fri"]
const office: Hours[] = [{ days: weekdays, from: "09:00", to: "17:30" }]
const at = (text: string) => new Date(text)

test("opening hours go by the clocks of their time zone, summer time included", () => {
  // A Friday; Berlin is two hours ahead of UTC in summer, and one in winter.
  expect(isOpen(office, "Europe/Berlin", at("2025-07-04T06:59:59Z"))).toBe(false)
  expect(isOpen(office, "Europe/Berlin", at("2025-07-04T07:00:00Z"))).toBe(true)
  expect(isOpen(office, "Europe/Berlin", at("2025-07-04T15:29:59Z"))).toBe(true)
  expect(isOpen(office, "Europe/Berlin", at("2025-07-04T15:30:00Z"))).toBe(false)
  expect(isOpen(office, "Europe/Berlin", at("2025-01-03T07:30:00Z"))).toBe(false)
  expect(isOpen(office, "Europe/Berlin", at("2025-01-03T08:00:00Z"))).toBe(true)
  // Friday evening in Berlin is Saturday morning in Auckland.
  expect(isOpen(office, "Pacific/Auckland", at("2025-07-04T21:30:00Z"))).toBe(false)
  expect(isOpen(office, "America/Los_Angeles", at("2025-07-04T21:30:00Z"))).toBe(true)
})

test("hours that end before they begin go on after midnight, and 24:00 is the end of the day", () => {
  const night: Hours[] = [{ days: ["fri"], from: "22:00", to: "06:00" }]
  expect(isOpen(night, "UTC", at("2025-07-04T21:59:00Z"))).toBe(false)
  expect(isOpen(night, "UTC", at("2025-07-04T23:00:00Z"))).toBe(true)
  expect(isOpen(night, "UTC", at("2025-07-05T05:59:00Z"))).toBe(true)
  expect(isOpen(night, "UTC", at("2025-07-05T06:00:00Z"))).toBe(false)
  expect(isOpen(night, "UTC", at("2025-07-04T05:00:00Z"))).toBe(false)
  const allDay: Hours[] = [{ days: ["fri"], from: "00:00", to: "24:00" }]
  expect(isOpen(allDay, "UTC", at("2025-07-04T23:59:59Z"))).toBe(true)
  expect(isOpen(allDay, "UTC", at("2025-07-05T00:00:00Z"))).toBe(false)
})

test("a time zone is known by its name", () => {
  expect(["Europe/Berlin", "UTC", "Mars/Base", ""].map(isTimezone)).toEqual([true, true, false, false])
})
