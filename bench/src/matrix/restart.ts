import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { copyRows } from "../harness/backlog.ts"
import { readLedger, type Seen } from "../harness/ledger.ts"
import { killDatabase } from "../harness/server-process.ts"
import type { World } from "../harness/world.ts"
import { type Cannot, inWorld, isFull, type Row, type RowOptions, type RowResult, seconds } from "./row.ts"

const sizes = isFull ? { stored: 1_000_000, pending: 100_000 } : { stored: 100_000, pending: 100_000 }
const readyMaxMs = 3_000
const restarts = 3
/** Far from what the server itself gives out. */
const firstId = 1e12
const perConversation = 100

/**
 * A server and its database are killed beside a great many messages and deliveries that wait for their time. It is ready at once, and nothing leaves
 * before it is due.
 */
async function heavyRestart({ seed }: RowOptions): Promise<RowResult | Cannot> {
  return await inWorld({ seed, channels: 5 }, async (world, driver) => {
    for (let channel = 0; channel < 5; channel++) await driver.converse(channel)
    const emptyMs = await slowest(world)
    if (emptyMs > readyMaxMs / 1.5)
      return { cannot: `an empty server needs ${seconds(emptyMs)} to start beside what else this machine does` }
    await fill(world)
    const fullMs = await slowest(world)
    await delay(3_000)
    const seen = readLedger<Seen>(join(world.folder, "sink.jsonl")).filter((entry) => entry.kind === "arrived")
    // One each from before; those of the first channel are due.
    const early = seen.filter(({ partner, type }) => partner !== 0 && type === "message_imported").length - 4
    const due = seen.filter(({ partner }) => partner === 0).length - 1
    const broken: string[] = []
    if (fullMs > readyMaxMs) broken.push(`ready after ${seconds(fullMs)}`)
    if (early > 0) broken.push(`${early} notices came before their time`)
    if (due <= 0) broken.push("what was due did not leave")
    const figure = `${sizes.stored} messages, ${sizes.pending} pending: ready in ${seconds(fullMs)} at most (empty: ${seconds(emptyMs)}), ${early} of ${laterCount} early, ${due} of ${dueCount} due ones left at once`
    return { held: "ready within 3 s; nothing leaves before its time", figure, broken }
  })
}

/** kill -9 of both, some times; milliseconds until the slowest start was ready. */
async function slowest(world: World): Promise<number> {
  await world.db.query({ text: "checkpoint" })
  let most = 0
  for (let i = 0; i < restarts; i++) {
    killDatabase(world.dataDir)
    await world.servers[0]?.kill()
    const began = performance.now()
    await world.start()
    most = Math.max(most, performance.now() - began)
  }
  return most
}

const dueCount = sizes.pending / 100
const laterCount = sizes.pending - dueCount

/** Copies of the first message, its conversation and its notice; of the notices one in a hundred is due, the others in an hour. */
async function fill(world: World): Promise<void> {
  const { db } = world
  const [first] = await db.query<{ id: number; conversation_id: number }>({
    text: "select id, conversation_id from message order by id limit 1",
  })
  const conversations = sizes.stored / perConversation
  await copyRows(world, "conversation", first?.conversation_id, conversations, { id: `${firstId} + n` })
  await copyRows(world, "message", first?.id, sizes.stored, {
    id: `${firstId} + n`,
    conversation_id: `${firstId} + n / ${perConversation}`,
    number: `1 + n % ${perConversation}`,
    uid: "md5('stored' || n)",
    external_id: "'stored-' || n",
  })
  const channels = await db.query<{ id: number; notice: number }>({
    text: "select channel_id as id, min(id) as notice from delivery where sequence = 'notice' group by channel_id order by channel_id",
  })
  for (const [i, { notice }] of channels.entries()) {
    const count = i === 0 ? dueCount : laterCount / (channels.length - 1)
    await copyRows(world, "delivery", notice, count, {
      id: `${firstId} + ${i * sizes.pending} + n`,
      message_id: `${firstId} + n`,
      conversation_id: `${firstId} + n % ${conversations}`,
      number: `1000 + ${i * sizes.pending} + n`,
      ready: `n < ${conversations}`,
      state: "'waiting'",
      attempts: "1",
      finished_at: "null",
      due_at: `now() + interval '${i === 0 ? 0 : 3_600} s'`,
    })
  }
  await db.query({
    text: `update lane set due_at = (select min(due_at) from delivery d where d.company_id = lane.company_id and d.channel_id = lane.channel_id
                                     and d.ready and d.state = 'waiting')`,
  })
  await db.query({ text: "analyze" })
}

export const restartRows: Row[] = [
  { number: "R10", fault: "restart beside many messages and pending notices", run: heavyRestart },
]
