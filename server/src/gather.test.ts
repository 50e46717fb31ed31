import { expect, test } from "vitest"
import { gather } from "./gather.ts"

test("what is asked together, or while another look-up is under way, is looked up together, and a failure reaches only those who asked in it", async () => {
  const asked: number[][] = []
  const square = gather(3, async (keys: readonly number[]) => {
    asked.push([...keys])
    if (keys.includes(0)) throw new Error("no such number")
    return keys.map((key) => key * key)
  })
  const answers = await Promise.allSettled([1, 2, 3, 4, 0].map(square))
  expect(asked).toEqual([
    [1, 2, 3],
    [4, 0],
  ])
  expect(answers.map((answer) => (answer.status === "fulfilled" ? answer.value : "failed"))).toEqual([
    1,
    4,
    9,
    "failed",
    "failed",
  ])
  expect(await square(5)).toBe(25)
})
