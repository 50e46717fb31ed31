import { execFileSync } from "node:child_process"
import { setTimeout as delay } from "node:timers/promises"
import { check, noticesSettled, settled } from "@causeway/bench/harness/checker"
import { openDriver } from "@causeway/bench/harness/driver"
import { openWorld } from "@causeway/bench/harness/world"
import { sendCopies, sendFirsts } from "@causeway/bench/matrix/copies"
import { killAgain, killBoth, killPostgres, killServer } from "@causeway/bench/matrix/kills"
import { dieAnswered, dieDuring } from "@causeway/bench/matrix/points"
import { converse, handOverMaxMs, loseWorker } from "@causeway/bench/matrix/workers"
import { afterAll, expect, test } from "vitest"
import { temporaryDir } from "./database.ts"

const seed = Number(process.env.CAUSEWAY_SEED ?? 1)
const commit = execFileSync("git", ["describe", "--always", "--dirty"], { encoding: "utf8" }).trim()
/** Every failure says how to run it again: `CAUSEWAY_SEED=…`. */
const again = `seed ${seed}, commit ${commit}`
const timeout = 600_000
const kills = process.env.CAUSEWAY_FULL ? 10 : 1

/** One world for all: three servers on a database that flushes, and four partners in a process of their own. Each test leaves it with work to do. */
const world = await openWorld({ seed, channels: 4, servers: 3, folder: await temporaryDir("faults") })
const driver = openDriver(world)
afterAll(() => world.close())

test("the database flushes: fsync and synchronous_commit are on", async () => {
  const [settings] = await world.db.query({
    text: "select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit",
  })
  expect(settings).toEqual({ fsync: "on", commit: "on" })
})

test("64 copies of a message at once are one message, and get the same answer", { timeout }, async () => {
  expect(await sendCopies(world, driver, 8), again).toEqual([])
})

test("64 first messages of a thread at once are in one conversation", { timeout }, async () => {
  expect(await sendFirsts(world, driver, 4), again).toEqual([])
})

test(
  "under load a worker, the server, PostgreSQL and both are killed, and lanes go on elsewhere",
  { timeout },
  async () => {
    await converse(world, driver)
    const running = driver.begin({ inboundPerSecond: 20, repliesPerSecond: 15 })
    await delay(500)
    const lost = loseWorker(world, (victim) => process.kill(victim.pid, "SIGKILL"))
    for (const kill of [killServer, killPostgres, killBoth, killServer, killPostgres])
      await killAgain(world, { kill, kills, pauseMs: [0, 1_000] })
    await running.stop()
    const { handOverMs } = await lost
    expect(handOverMs.length).toBeGreaterThan(0)
    expect(Math.max(...handOverMs), again).toBeLessThan(handOverMaxMs)
  },
)

test(
  "a message that was committed but not answered is there after the restart, and its repeat gets its uid",
  { timeout },
  async () => {
    await settled(world)
    await noticesSettled(world)
    // From here on the first server is alone, so that what dies is what acts.
    for (const n of [1, 2]) {
      world.away.add(n)
      await world.servers[n]?.stop()
    }
    await world.calm.except(async () => {
      const { acting } = await dieDuring(world, "accept.committed", () => driver.converse(0))
      const committed = "select uid from message where direction = 'inbound' order by id desc limit 1"
      const [kept] = await world.db.query<{ uid: string }>({ text: committed })
      await world.start(0)
      await acting
      expect(await world.db.query({ text: committed }), again).toEqual([kept])
    })
  },
)

test(
  "killed between a partner's answer and our commit, a reply is unknown and a notice is told once more",
  {
    timeout,
  },
  async () => {
    expect(await dieAnswered(world, driver, { sends: [1], notice: 2 }), again).toEqual([])
  },
)

test(
  "after all of that nothing is lost, nothing is there twice, all is in order, and no reply was sent again by itself",
  {
    timeout,
  },
  async () => {
    await settled(world)
    const { broken, inbound, replies } = await check(world)
    expect(broken, again).toEqual([])
    expect(inbound).toBeGreaterThan(50)
    expect(replies.sent).toBeGreaterThan(20)
  },
)
