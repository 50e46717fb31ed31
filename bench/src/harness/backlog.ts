import { setTimeout as delay } from "node:timers/promises"
import { parseId } from "@causeway/contract/ids"
import type { Driver } from "./driver.ts"
import type { World } from "./world.ts"

const perConversation = 20
const portion = 5_000
/** Far from what the server itself gives out. */
let firstId = 2e12

/** Copies of one reply of this channel that is sent already, queued and due at once, in conversations of their own. */
export async function pileUp(world: World, driver: Driver, channel: number, count: number): Promise<void> {
  const { db } = world
  const key = await driver.reply(await driver.converse(channel))
  const message = await sentMessage(world, key)
  const base = firstId
  firstId += count
  const conversations = Math.ceil(count / perConversation)
  const place = `${base} + n / ${perConversation}`
  await copyRows(world, "conversation", message.conversation_id, conversations, {
    id: `${base} + n`,
    last_number: `${perConversation + 1}`,
    last_send: `${perConversation}`,
    last_message_id: `${base} + n * ${perConversation}`,
  })
  await copyRows(world, "message", message.id, count, {
    id: `${base} + n`,
    conversation_id: place,
    number: `1 + n % ${perConversation}`,
    uid: `md5('pile' || ${base} + n)`,
    text: `'pile-' || ${base} + n`,
    body: `'pile-' || ${base} + n`,
    external_id: "null",
    client_key: "null",
    state: "'queued'",
  })
  const [delivery] = await db.query<{ id: number }>({
    text: "select id from delivery where message_id = $1 and sequence = 'send'",
    values: [message.id],
  })
  await copyRows(world, "delivery", delivery?.id, count, {
    id: `${base} + n`,
    message_id: `${base} + n`,
    conversation_id: place,
    number: `1 + n % ${perConversation}`,
    ready: `n % ${perConversation} = 0`,
    state: "'queued'",
    attempts: "0",
    due_at: "'-infinity'",
    first_started_at: "null",
    finished_at: "null",
    lease_token: "null",
  })
  await db.query({
    text: "update lane set due_at = '-infinity' where channel_id = $1",
    values: [parseId("cha", (world.channels[channel] as { id: string }).id)],
  })
  await db.query({ text: "analyze" })
}

async function sentMessage({ db }: World, key: string): Promise<{ id: number; conversation_id: number }> {
  for (let i = 0; i < 200; i++) {
    const [row] = await db.query<{ id: number; conversation_id: number }>({
      text: "select id, conversation_id from message where trim(text) = $1 and state = 'sent'",
      values: [key],
    })
    if (row !== undefined) return row
    await delay(100)
  }
  throw new Error(`${key} was not sent`)
}

/** Copies a row `count` times. `changes` are expressions in SQL, of what differs in the n-th copy, `n` from 0. */
export async function copyRows(
  { db }: Pick<World, "db">,
  table: "conversation" | "message" | "delivery",
  id: number | undefined,
  count: number,
  changes: Record<string, string>,
): Promise<void> {
  const pairs = Object.entries(changes).map(([column, expression]) => `'${column}', ${expression}`)
  // In portions, each well within the time that a statement has.
  for (let from = 0; from < count; from += portion)
    await db.query({
      text: `insert into ${table} select made.* from ${table} model cross join generate_series($2::int, $3::int - 1) as n
             cross join lateral jsonb_populate_record(model, jsonb_build_object(${pairs.join(", ")})) made
           where model.id = $1`,
      values: [id, from, Math.min(count, from + portion)],
    })
}
