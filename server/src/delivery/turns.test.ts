import { expect, test } from "vitest"
import type { WallClock } from "../clock.ts"
import { createTurns, type Fairness, type TurnLimits } from "./turns.ts"

/** Work that ends when told to, and a wall clock that is moved by hand. */
function stage(limits: { max: number; fairness?: Omit<Fairness, "wall"> }) {
  let nowMs = 0
  const timers: { atMs: number; work: () => void }[] = []
  const wall: WallClock = {
    now: () => nowMs,
    steady: () => nowMs,
    after(ms, work) {
      timers.push({ atMs: nowMs + ms, work })
      return () => {}
    },
  }
  const turn = createTurns({
    max: limits.max,
    ...(limits.fairness && { fairness: { wall, ...limits.fairness } }),
  } satisfies TurnLimits)
  const running: { name: string; end: () => void }[] = []
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    /** Names of what is under way, in the order in which it began. */
    running: () => running.map(({ name }) => name),
    /** `whose` undefined: nobody's. */
    async ask(whose: string | undefined, count: number, payers?: string[]) {
      for (let i = 1; i <= count; i++)
        void turn(
          () => new Promise<void>((end) => running.push({ name: `${whose ?? "nobody"}${i}`, end })),
          whose,
          payers,
        )
      await settle()
    },
    async end(name: string) {
      const at = running.findIndex((one) => one.name === name)
      running.splice(at, 1)[0]?.end()
      await settle()
    },
    async pass(ms: number) {
      nowMs += ms
      for (const timer of timers.filter(({ atMs }) => atMs <= nowMs)) {
        timers.splice(timers.indexOf(timer), 1)
        timer.work()
      }
      await settle()
    },
  }
}

const fairness = { aloneMax: 3, besideMax: 1, othersMs: 1_000, share: 1 / 6, burstMs: 10, restMaxMs: 180 }

test("work of one begins in its order, and no more than there are places", async () => {
  const { ask, end, running } = stage({ max: 2 })
  await ask("a", 4)
  expect(running()).toEqual(["a1", "a2"])
  await end("a1")
  expect(running()).toEqual(["a2", "a3"])
})

test("whoever has least under way goes next, however much somebody else has waiting, and then by rounds", async () => {
  const { ask, end, running } = stage({ max: 2 })
  await ask("a", 9)
  await ask("b", 2)
  await ask("c", 2)
  await end("a1")
  expect(running()).toEqual(["a2", "b1"])
  await end("a2")
  expect(running()).toEqual(["b1", "a3"])
  await end("b1")
  expect(running()).toEqual(["a3", "c1"])
  await end("c1")
  expect(running()).toEqual(["a3", "b2"])
})

test("one that is alone takes its places; beside another it takes fewer", async () => {
  const { ask, end, running } = stage({ max: 6, fairness })
  await ask("a", 9)
  expect(running()).toEqual(["a1", "a2", "a3"])
  await ask("b", 1)
  for (const name of ["b1", "a1", "a2"]) await end(name)
  expect(running()).toEqual(["a3"])
})

test("who took more than its share rests in proportion to that while others come, and nobody else waits for it", async () => {
  const { ask, end, pass, running } = stage({ max: 6, fairness })
  await ask("b", 1)
  await end("b1")
  await ask("a", 9)
  await pass(20)
  await end("a1")
  expect(running()).toEqual([])
  await ask("b", 1)
  expect(running()).toEqual(["b1"])
  await pass(59)
  expect(running()).toEqual(["b1"])
  await pass(1)
  expect(running()).toEqual(["b1", "a2"])
})

test("a little now and then is within one's share", async () => {
  const { ask, end, pass, running } = stage({ max: 6, fairness })
  for (let i = 0; i < 20; i++) {
    await ask("b", 1)
    await end("b1")
    await ask("a", 1)
    expect(running()).toEqual(["a1"])
    await pass(10)
    await end("a1")
    await pass(50)
  }
})

test("one that is alone again does not rest", async () => {
  const { ask, end, pass, running } = stage({ max: 6, fairness })
  await ask("b", 1)
  await end("b1")
  await ask("a", 9)
  await pass(30)
  await end("a1")
  expect(running()).toEqual([])
  await pass(970)
  expect(running()).toEqual(["a2", "a3", "a4"])
})

test("what one took while it was alone holds it up for a moment only when others come", async () => {
  const { ask, end, pass, running } = stage({ max: 6, fairness })
  for (let i = 0; i < 100; i++) {
    await ask("a", 1)
    await pass(100)
    await end("a1")
  }
  await ask("b", 1)
  await ask("a", 1)
  expect(running()).toEqual(["b1"])
  await pass(180)
  expect(running()).toEqual(["b1", "a1"])
})

test("however much one took, none of its turns is waited for longer than the longest rest", async () => {
  const { ask, end, pass, running } = stage({ max: 6, fairness: { ...fairness, restMaxMs: 60 } })
  await ask("b", 1)
  await end("b1")
  await ask("a", 2)
  await pass(30)
  await end("a1")
  expect(running()).toEqual([])
  await pass(59)
  expect(running()).toEqual([])
  await pass(1)
  expect(running()).toEqual(["a2"])
})

test("nobody rests where all have as much to do", async () => {
  const { ask, end, pass, running } = stage({ max: 6, fairness })
  for (const whose of ["a", "b", "c"]) await ask(whose, 20)
  for (let i = 1; i < 20; i++) {
    await pass(40)
    for (const whose of ["a", "b", "c"]) await end(`${whose}${i}`)
    await pass(1)
  }
  await pass(20)
  expect(running()).toHaveLength(3)
})

test("work done for several together is paid for by each of them, and is nobody beside them", async () => {
  const { ask, end, pass, running } = stage({ max: 6, fairness })
  await ask("b", 1)
  await end("b1")
  await ask("together", 1, ["a", "a", "c"])
  await pass(30)
  await end("together1")
  await ask("a", 1)
  await ask("c", 1)
  expect(running()).toEqual(["c1"])
  await pass(60)
  expect(running()).toEqual(["c1", "a1"])
  await end("c1")
  await end("a1")
  await pass(1_000)
  await ask("together", 1, ["a"])
  await ask("a", 9)
  expect(running()).toEqual(["together1", "a1", "a2", "a3"])
})

test("who has something under way still counts as such when nothing more of it waits", async () => {
  const { ask, end, running } = stage({ max: 2 })
  await ask("a", 2)
  await end("a1")
  await ask("b", 1)
  await ask("a", 1)
  await ask("c", 1)
  expect(running()).toEqual(["a2", "b1"])
  await end("b1")
  expect(running()).toEqual(["a2", "c1"])
})

test("who owes nearly twice what another does is a crowd beside it, and rests for as long as it took too much", async () => {
  const { ask, end, pass, running } = stage({ max: 6, fairness })
  await ask("b", 1)
  await pass(20)
  await end("b1")
  await ask("a", 2)
  await pass(28)
  await end("a1")
  expect(running()).toEqual([])
  await pass(107)
  expect(running()).toEqual([])
  await pass(1)
  expect(running()).toEqual(["a2"])
})

test("what is nobody's is free, takes the place of no company, and owes nothing", async () => {
  const { ask, end, pass, running } = stage({ max: 6, fairness })
  await ask(undefined, 1)
  await end("nobody1")
  await ask("b", 3)
  expect(running()).toEqual(["b1", "b2", "b3"])
  for (const name of ["b1", "b2", "b3"]) await end(name)
  await ask(undefined, 1)
  await pass(25)
  await end("nobody1")
  await ask("a", 3)
  expect(running()).toEqual(["a1"])
  await pass(25)
  await end("a1")
  expect(running()).toEqual([])
})

test("however many others there were, nobody's debt is forgotten before it is paid", async () => {
  const { ask, end, pass, running } = stage({ max: 6, fairness })
  await ask("b", 1)
  await end("b1")
  await ask("a", 2)
  await pass(30)
  await end("a1")
  const crowd = Array.from({ length: 1_000 }, (_, i) => `c${i}`)
  await ask("all", 1, crowd)
  await pass(1)
  await end("all1")
  expect(running()).toEqual([])
  await pass(100)
  expect(running()).toEqual([])
})
