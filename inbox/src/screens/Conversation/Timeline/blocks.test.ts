import type { CommentView, MessageView } from "@causeway/contract/inbox"
import type { ActivityView } from "@causeway/contract/inbox-timeline"
import { expect, test } from "vitest"
import { type Block, blocksOf } from "./blocks.ts"

const dayOf = (at: number): string => String(Math.floor(at / 86_400))
const message = (id: string, at: number, call?: object) =>
  ({ id: `msg_${id}`, uid: id, created_at: at, ...(call && { call }) }) as MessageView
const comment = (id: string, at: number) => ({ id: `com_${id}`, posted_at: at }) as CommentView
const activity = (id: string, at: number, type: ActivityView["type"] = "tag") =>
  ({ id: `evt_${id}`, at, type }) as ActivityView
const said = (blocks: readonly Block[]): string[] =>
  blocks.map((block) =>
    block.kind === "activities"
      ? `${block.activities.length} activities`
      : block.kind === "call"
        ? `call ${block.legs.map(({ uid }) => uid).join("→")}`
        : block.kind,
  )

test("days are divided, activities that follow each other are one block, and new entries have a divider before them", () => {
  const entries = [
    message("a", 10),
    activity("b", 11),
    activity("c", 12),
    comment("d", 13),
    activity("e", 14),
    message("f", 90_000),
    message("g", 90_001),
  ]
  expect(said(blocksOf(entries, { dayOf, newFrom: "msg_g" }))).toEqual([
    "day",
    "message",
    "2 activities",
    "comment",
    "1 activities",
    "day",
    "message",
    "new",
    "message",
  ])
})

test("the archiving of a snooze has no line of its own; any other has", () => {
  const entries = [activity("a", 5, "snooze"), activity("b", 5, "archive"), activity("c", 9, "archive")]
  expect(said(blocksOf(entries, { dayOf, newFrom: null }))).toEqual(["day", "2 activities"])
})

test("the legs of a transferred call are one block where the last one is, also when the leg between came last", () => {
  const leg = (id: string, parent: string | null) => ({
    id: `cal_${id}`,
    parent_id: parent && `cal_${parent}`,
    legs: [`cal_${id}`],
  })
  const entries = [
    message("a", 1, leg("a", null)),
    message("x", 2, leg("x", null)),
    message("c", 3, leg("c", "b")),
    message("b", 4, { ...leg("b", "a"), legs: ["cal_a", "cal_b", "cal_c"] }),
    message("d", 5),
  ]
  expect(said(blocksOf(entries, { dayOf, newFrom: null }))).toEqual(["day", "call x", "call a→c→b", "message"])
})
