import type { Driver } from "../harness/driver.ts"
import type { World, WorldChannel } from "../harness/world.ts"
import { inWorld, isFull, type Row, type RowOptions, type RowResult, verdict } from "./row.ts"

const parallel = 64

/** Many copies of each message at once, over two servers. Resolves to what is wrong: one message each, and every copy gets its uid. */
export async function sendCopies(world: World, driver: Driver, count: number): Promise<string[]> {
  const broken: string[] = []
  for (let n = 0; n < count; n++) {
    const answers = await atOnce(world, driver, () => message(`copy-${world.seed}-${n}`, `copies-${n % 20}`))
    const uids = new Set(answers.map((answer) => answer?.body.message_uid))
    if (uids.size !== 1) broken.push(`copy-${world.seed}-${n} got ${uids.size} uids`)
  }
  const rows = await world.db.query({ text: "select from message where external_id like 'copy-%'" })
  if (rows.length !== count) broken.push(`${count} ids made ${rows.length} messages`)
  return broken
}

/** Many first messages of each thread at once, over two servers. Resolves to what is wrong: one conversation a thread. */
export async function sendFirsts(world: World, driver: Driver, count: number): Promise<string[]> {
  for (let n = 0; n < count; n++)
    await atOnce(world, driver, (i) => message(`first-${world.seed}-${n}-${i}`, `first-${n}`))
  const [found] = await world.db.query<{ conversations: number; messages: number }>({
    text: "select count(distinct conversation_id)::int as conversations, count(*)::int as messages from message where external_id like 'first-%'",
  })
  const broken = []
  if (found?.conversations !== count) broken.push(`${count} threads made ${found?.conversations} conversations`)
  if (found?.messages !== count * parallel) broken.push(`${count * parallel} ids made ${found?.messages} messages`)
  return broken
}

/** Sixty-four messages to the first channel, every other one through another server. */
function atOnce(world: World, driver: Driver, messageOf: (i: number) => ReturnType<typeof message>) {
  const [{ id, token }] = world.channels as [WorldChannel]
  const ask = (i: number) => {
    const json = messageOf(i)
    return driver.insist(json.body, () =>
      world.ask("POST", `/channels/${id}/inbound_messages`, { token, json, server: i % 2 }),
    )
  }
  return Promise.all(Array.from({ length: parallel }, (_, i) => ask(i)))
}

const message = (externalId: string, thread: string) => ({
  sender: { handle: thread, name: "Mia Kovač" },
  body: externalId,
  metadata: { external_id: externalId, external_conversation_id: thread },
})

const [ids, threads] = isFull ? [1_000, 500] : [100, 50]

async function row(
  { seed }: RowOptions,
  send: typeof sendCopies,
  count: number,
  said: Pick<RowResult, "held" | "figure">,
): Promise<RowResult> {
  return await inWorld({ seed, channels: 1, servers: 2 }, async (world, driver) => {
    const wrong = await send(world, driver, count)
    return { ...said, broken: [...wrong, ...(await verdict(world)).broken] }
  })
}

export const copyRows: Row[] = [
  {
    number: 21,
    fault: "64 copies of each message at once",
    run: (options) =>
      row(options, sendCopies, ids, {
        held: "one message an id; every copy gets the same uid",
        figure: `${parallel} copies × ${ids} ids = ${ids} messages`,
      }),
  },
  {
    number: 22,
    fault: "64 first messages of each thread at once",
    run: (options) =>
      row(options, sendFirsts, threads, {
        held: "one conversation a thread",
        figure: `${parallel} first messages × ${threads} threads = ${threads} conversations`,
      }),
  },
]
