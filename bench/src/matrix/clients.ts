import { setTimeout as delay } from "node:timers/promises"
import { openProxy } from "../harness/proxy.ts"
import { seeded } from "../harness/seeded.ts"
import { baseSet, inWorld, isFull, type Row, type RowOptions, type RowResult, summary, verdict } from "./row.ts"

const channels = 6

/** Connections of clients are cut while the answer is under way, so that they do not know whether it was done; they ask again with the same ids. */
const cutAnswers = ({ seed }: RowOptions): Promise<RowResult> =>
  inWorld({ seed, channels }, async (world, driver) => {
    const server = world.servers[0] as { url: string }
    const { hostname, port } = new URL(server.url)
    const proxy = await openProxy({ to: { host: hostname, port: Number(port) }, seed })
    const random = seeded(seed)
    server.url = `http://127.0.0.1:${proxy.port}`
    let unanswered = 0
    const { ask } = world
    world.ask = (...args) =>
      ask(...args).catch((error: unknown) => {
        unanswered++
        throw error
      })
    try {
      for (let channel = 0; channel < channels; channel++) await driver.converse(channel)
      const running = driver.begin({ inboundPerSecond: 80, repliesPerSecond: 40 })
      for (let cut = 0; cut < (isFull ? 500 : 60); cut++) {
        await delay(random() * 120)
        // The first byte of an answer is some time after its commit.
        proxy.set(random() < 0.5 ? { resetAfterBytes: 1 } : { cutAfterBytes: 1 + Math.floor(random() * 40) }, "down")
        await delay(random() * 60)
        proxy.set({}, "down")
      }
      await running.stop()
    } finally {
      await proxy.close()
      server.url = `http://${hostname}:${port}`
    }
    const found = await verdict(world)
    return {
      held: `one message an id; ${baseSet}`,
      figure: `${unanswered} answers lost: ${summary(found)}`,
      broken: [...found.broken, ...(unanswered === 0 ? ["no answer was lost"] : [])],
    }
  })

export const clientRows: Row[] = [{ number: 23, fault: "clients cut off after the commit ask again", run: cutAnswers }]
