import { parseId } from "@causeway/contract/ids"
import { afterAll, expect, test } from "vitest"
import { startStory, unique } from "../../../test/story.ts"
import { type Channel, findChannel } from "../channels/store.ts"
import type { Database } from "../database/database.ts"
import { createLog } from "../log.ts"
import { readBody } from "./html.ts"
import type { Draft } from "./reply.ts"
import { createReplier } from "./reply-together.ts"

const story = await startStory()
afterAll(() => story.close())
const { services } = story.server
const number = (id: string): number => parseId(id.slice(0, 3) as "cnv", id) as number
const companyId = number(story.companyId)
const channel = (await findChannel(services.db, companyId, number(story.channelId))) as Channel

let transactions = 0
const counted: Database = {
  ...services.db,
  tx(work, options) {
    transactions++
    return services.db.tx(work, options)
  },
}
const replier = createReplier({ ...services, db: counted, log: createLog("silent"), now: services.clock.now })

async function conversation(): Promise<{ id: string; number: number }> {
  const metadata = { external_id: unique("ext"), external_conversation_id: unique("thread") }
  const message = await story.message(await story.customerWrites("Is my order late?", { metadata }))
  const id = String(message.body._links.related.conversation).split("/").at(-1) as string
  return { id, number: number(id) }
}

const reply = (conversationId: number, over: Partial<Draft> = {}): Promise<string> =>
  replier
    .send({
      ...{ companyId, conversationId, channel, authorId: null, origin: "api", senderName: null, subject: null },
      ...{ body: readBody("It ships today."), to: null, archive: false, undoMs: 0, clientKey: null, files: [] },
      ...over,
    })
    .then(
      ({ uid, repeated }) => (repeated ? `again ${uid}` : uid),
      (error: { status?: number; message: string }) => `refused ${error.status ?? error.message}`,
    )

const rows = (text: string, ...values: unknown[]) => services.db.query({ text, values: [companyId, ...values] })
const wordsOf = async ({ number }: { number: number }) =>
  (
    await rows(
      "select text from message where company_id = $1 and conversation_id = $2 and direction = 'outbound' order by number",
      number,
    )
  ).map(({ text }) => text)

test("replies that come together share a transaction, and one that is refused refuses no other", async () => {
  const open = conversation
  const [plain, first, unseen, draftless] = await Promise.all([open(), open(), open(), open()])
  const [silent, merged, survivor] = await Promise.all([open(), open(), open()])
  const key = unique("key")
  const before = await reply(first.number, { clientKey: key })
  await story.call("POST", `/causeway/conversations/${survivor.id}/merge`, {
    token: story.apiToken,
    json: { conversation_ids: [merged.id] },
  })
  await rows("update conversation set recipient = null where company_id = $1 and id = $2", silent.number)
  await story.settle() // nobody else holds a conversation
  const goneDraft = { id: 1, uid: "gone", version: null, isShared: false, startsConversation: false }
  transactions = 0
  const outcomes = await Promise.all([
    reply(plain.number),
    reply(plain.number, { body: readBody("And once more.") }),
    reply(first.number, { clientKey: key }),
    reply(unseen.number, { seenPosition: 0, authorId: 1 }),
    reply(draftless.number, { draft: goneDraft }),
    reply(silent.number),
    reply(merged.number),
    reply(999_999_999),
  ])
  expect(outcomes).toEqual([
    expect.stringMatching(/^[0-9a-f]{32}$/),
    expect.stringMatching(/^[0-9a-f]{32}$/),
    `again ${before}`,
    "refused 409",
    "refused 409",
    "refused 400",
    "refused 301",
    "refused 404",
  ])
  // The group, the second reply of the first conversation, and each alone where its conversation was not to be had.
  expect(transactions).toBe(4)
  expect(await wordsOf(plain)).toEqual(["It ships today.", "And once more."])
  for (const refused of [unseen, draftless, silent]) expect(await wordsOf(refused)).toEqual([])
})

test("replies into few conversations keep the order in which they came, and a key makes one message", async () => {
  const conversations = await Promise.all(Array.from({ length: 3 }, conversation))
  const key = unique("key")
  const outcomes = await Promise.all(
    Array.from({ length: 30 }, (_, n) => {
      const { number } = conversations[n % 3] as { number: number }
      return reply(number, { body: readBody(`reply ${n}`), ...(n % 10 === 4 && { clientKey: key }) })
    }),
  )
  const keyed = outcomes.filter((_, n) => n % 10 === 4)
  expect(keyed.slice(1)).toEqual(keyed.slice(1).map(() => `again ${keyed[0]}`))
  for (const [i, known] of conversations.entries()) {
    const theirs = Array.from({ length: 10 }, (_, n) => 3 * n + i).filter((n) => n % 10 !== 4 || n === 4)
    expect(await wordsOf(known)).toEqual(theirs.map((n) => `reply ${n}`))
  }
})

test("a conversation that somebody holds keeps its own replies waiting, in order, and no other's", async () => {
  const [held, free] = await Promise.all([conversation(), conversation()])
  const released = Promise.withResolvers<void>()
  const holding = Promise.withResolvers<void>()
  const holder = services.db.tx(async (tx) => {
    await tx.query({
      text: "select from conversation where company_id = $1 and id = $2 for update",
      values: [companyId, held.number],
    })
    holding.resolve()
    await released.promise
  })
  await holding.promise
  const waiting = [1, 2, 3].map((n) => reply(held.number, { body: readBody(`reply ${n}`) }))
  expect(await Promise.all([reply(free.number), reply(free.number)])).toHaveLength(2)
  expect(await wordsOf(held)).toEqual([])
  released.resolve()
  await Promise.all([holder, ...waiting])
  expect(await wordsOf(held)).toEqual(["reply 1", "reply 2", "reply 3"])
})

test("a reply that the database refuses fails alone, and those beside it are kept once", async () => {
  const conversations = await Promise.all(Array.from({ length: 3 }, conversation))
  const outcomes = await Promise.all(
    conversations.map(({ number }, n) => reply(number, n === 1 ? { subject: "\u0000" } : {})),
  )
  expect(outcomes.map((outcome) => outcome.startsWith("refused"))).toEqual([false, true, false])
  expect(await Promise.all(conversations.map(wordsOf))).toEqual([["It ships today."], [], ["It ships today."]])
})
