import { expect, test } from "vitest"
import { activitiesMax, add, createActivityLog, dismiss, undoableAt, undoKeyMs } from "./activity.ts"

test("the key takes back the newest that can be, each once, and none after a minute", async () => {
  const log = createActivityLog()
  const undone: string[] = []
  const undoing = (name: string) => ({ undo: async () => void undone.push(name) })
  add(log, "Archived", undoing("archived"), 1_000)
  add(log, "Assigned", undoing("assigned"), 2_000)
  add(log, "Another try is queued", {}, 3_000)
  await undoableAt(log, 3_000)?.undo?.()
  await undoableAt(log, 3_000)?.undo?.()
  expect(undone).toEqual(["assigned", "archived"])
  expect(undoableAt(log, 3_000)).toBeNull()
  expect(log.get().map(({ wasUndone }) => wasUndone)).toEqual([false, true, true])
  add(log, "Tagged", undoing("tagged"), 4_000)
  expect(undoableAt(log, 4_000 + undoKeyMs)?.text).toBe("Tagged")
  expect(undoableAt(log, 4_001 + undoKeyMs)).toBeNull()
})

test("the last twenty are kept, and a problem goes when it was seen to", () => {
  const log = createActivityLog()
  for (let at = 0; at < 25; at++) add(log, `${at}`, { isProblem: at === 24 }, at)
  expect(log.get()).toHaveLength(activitiesMax)
  expect(log.get().at(-1)?.text).toBe("5")
  dismiss(log, log.get()[0]?.id ?? 0)
  expect(log.get()[0]?.text).toBe("23")
})

test("what could not be taken back says so, and can be tried again", async () => {
  const log = createActivityLog()
  let isDown = true
  const undo = async () => {
    if (isDown) add(log, "That did not work", { isProblem: true }, 2)
  }
  add(log, "Archived", { undo }, 1)
  await undoableAt(log, 2)?.undo?.()
  expect(undoableAt(log, 2)).toMatchObject({ text: "Archived", wasUndone: false })
  isDown = false
  await undoableAt(log, 2)?.undo?.()
  expect(log.get().at(-1)).toMatchObject({ text: "Archived", wasUndone: true, undo: null })
})
