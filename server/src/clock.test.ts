import { expect, test } from "vitest"
import { runningClock } from "./clock.ts"

const hourMs = 3_600_000

test("a running clock follows a machine's clock that is set forward, and never goes back with it: it waits at half its speed", () => {
  const machine = { wall: 10 * hourMs, steady: 0 }
  const clock = runningClock(
    () => machine.wall,
    () => machine.steady,
  )
  const pass = (ms: number) => {
    machine.wall += ms
    machine.steady += ms
    return clock.now().getTime()
  }
  expect(pass(1_000)).toBe(10 * hourMs + 1_000)
  machine.wall += hourMs
  expect(pass(1_000)).toBe(11 * hourMs + 2_000)
  machine.wall -= hourMs
  expect(pass(0)).toBe(11 * hourMs + 2_000)
  expect(pass(10_000)).toBe(11 * hourMs + 7_000)
  expect(pass(2 * hourMs)).toBe(12 * hourMs + 12_000)
  expect(clock.now().getTime()).toBe(machine.wall)
})
