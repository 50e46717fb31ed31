import { inWorld, isFull, type Row, type RowOptions, type RowResult, verdict } from "./row.ts"

const parallel = 64

/** Many copies of each message at once, over two servers: one message each, and every copy gets its uid. */
async function copies({ seed }: RowOptions, count: number): Promise<RowResult> {
  return await inWorld({ seed, channels: 1, servers: 2 }, async (world, driver) => {
    const [{ id, token }] = world.channels as [{ id: string; token: string }]
    const broken: string[] = []
    for (let n = 0; n < count; n++) {
      const json = message(`copy-${seed}-${n}`, `copies-${n % 20}`)
      const answers = await Promise.all(
        Array.from({ length: parallel }, (_, i) =>
          driver.insist(`copy ${n}`, () =>
            world.ask("POST", `/channels/${id}/inbound_messages`, { token, json, server: i % 2 }),
          ),
        ),
      )
      const uids = new Set(answers.map((answer) => answer?.body.message_uid))
      if (uids.size !== 1) broken.push(`copy-${seed}-${n} got ${uids.size} uids`)
    }
    const rows = await world.db.query({ text: "select from message where external_id like 'copy-%'" })
    if (rows.length !== count) broken.push(`${count} ids made ${rows.length} messages`)
    return {
      held: "one message an id; every copy gets the same uid",
      figure: `${parallel} copies × ${count} ids = ${rows.length} messages`,
      broken: [...broken, ...(await verdict(world, 1_000)).broken],
    }
  })
}

async function firsts({ seed }: RowOptions, count: number): Promise<RowResult> {
  return await inWorld({ seed, channels: 1, servers: 2 }, async (world, driver) => {
    const [{ id, token }] = world.channels as [{ id: string; token: string }]
    for (let n = 0; n < count; n++)
      await Promise.all(
        Array.from({ length: parallel }, (_, i) => {
          const json = message(`first-${seed}-${n}-${i}`, `first-${n}`)
          return driver.insist(`first ${n}`, () =>
            world.ask("POST", `/channels/${id}/inbound_messages`, { token, json, server: i % 2 }),
          )
        }),
      )
    const [found] = await world.db.query<{ conversations: number; messages: number }>({
      text: "select count(distinct conversation_id)::int as conversations, count(*)::int as messages from message where external_id like 'first-%'",
    })
    const broken = []
    if (found?.conversations !== count) broken.push(`${count} threads made ${found?.conversations} conversations`)
    if (found?.messages !== count * parallel) broken.push(`${count * parallel} ids made ${found?.messages} messages`)
    return {
      held: "one conversation a thread",
      figure: `${parallel} first messages × ${count} threads = ${found?.conversations} conversations`,
      broken: [...broken, ...(await verdict(world, 1_000)).broken],
    }
  })
}

const message = (externalId: string, thread: string) => ({
  sender: { handle: thread, name: "Mia Kovač" },
  body: externalId,
  metadata: { external_id: externalId, external_conversation_id: thread },
})

export const copyRows: Row[] = [
  { number: 21, fault: "64 copies of each message at once", run: (options) => copies(options, isFull ? 1_000 : 100) },
  {
    number: 22,
    fault: "64 first messages of each thread at once",
    run: (options) => firsts(options, isFull ? 500 : 50),
  },
]
