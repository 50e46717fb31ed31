import { expect, test } from "vitest"
import { type Known, parseTyped, resolve, withoutFilter } from "./query.ts"

const known: Known = {
  channels: [
    { id: "cha_1", name: "SMS" },
    { id: "cha_2", name: "SMS Österreich" },
  ],
  inboxes: [{ id: "inb_1", name: "Support" }],
  tags: [{ id: "tag_1", name: "Very urgent" }],
  teammates: [{ id: "tea_2", name: "Bo Berg" }],
  me: "tea_1",
}

test("operators are told from words, also from words that have a colon", () => {
  expect(parseTyped('late order channel:sms tag:"Very urgent" re:invoice is:')).toEqual({
    words: "late order re:invoice is:",
    filters: [
      { name: "channel", value: "sms" },
      { name: "tag", value: "Very urgent" },
    ],
  })
  expect(parseTyped("")).toEqual({ words: "", filters: [] })
})

test("taking a filter off leaves the rest as it was meant", () => {
  const typed = parseTyped('order channel:sms tag:"Very urgent"')
  expect(withoutFilter(typed, 0)).toBe('order tag:"Very urgent"')
  expect(parseTyped(withoutFilter(typed, 0)).filters).toEqual([{ name: "tag", value: "Very urgent" }])
})

test("names lead to ids: the same one before one that begins so, before one that holds it, whatever the accents", () => {
  const of = (text: string) => resolve(parseTyped(text).filters[0] as never, known)
  expect(of("channel:sms")).toEqual(["channel_id", "cha_1"])
  expect(of("channel:osterreich")).toEqual(["channel_id", "cha_2"])
  expect(of("tag:urgent")).toEqual(["tag_id", "tag_1"])
  expect(of("assignee:me")).toEqual(["assignee_id", "tea_1"])
  expect(of("assignee:bo")).toEqual(["assignee_id", "tea_2"])
  expect(of("is:Failed")).toEqual(["is", "failed"])
  expect(of("before:2026-02-01")).toEqual(["before", String(new Date(2026, 1, 1).getTime() / 1000)])
  expect(["tag:nothing", "is:purple", "after:2026-02-31", "after:soon"].map(of)).toEqual([null, null, null, null])
})
