import { parseId } from "@causeway/contract/ids"
import { clientOptions } from "@causeway/server/database/pool"
import pg from "pg"
import { afterAll, expect, test } from "vitest"
import { signIn } from "../../../test/people.ts"
import { startStory } from "../../../test/story.ts"
import { fill, type Place, word } from "./fill.ts"

const story = await startStory()
afterAll(() => story.close())
story.partner.answers()
const { db } = story.server.services
const number = (prefix: Parameters<typeof parseId>[0], id: string): number => parseId(prefix, id) as number
const companyId = number("cmp", story.companyId)

/** Two inbound messages and one that was sent elsewhere, delivered. */
async function realConversation(): Promise<void> {
  for (const nth of [1, 2, 3]) {
    const metadata = { external_id: `real-${nth}`, external_conversation_id: "real" }
    const path = `/channels/${story.channelId}/${nth === 3 ? "outbound" : "inbound"}_messages`
    const people = nth === 3 ? { to: [{ handle: "mia" }] } : { sender: { handle: "mia", name: "Mia" } }
    const json = { ...people, body: "Where is it?", metadata }
    const answer = await story.call("POST", path, { token: story.channelToken(), json })
    expect(answer.status, answer.text).toBe(202)
  }
  await story.settle()
}

/** What differs from one message to the next: of these only the kind of value is compared. */
const own =
  /^(id|.*_id|.*_at|position|uid|key|handle|name|sender_name|body|text|blurb|preview|lease_token|activity_at|waiting_since)$/

// biome-ignore lint/suspicious/noExplicitAny: rows of every table
function shapeOf(value: any, column = ""): unknown {
  if (value === null || (own.test(column) && typeof value !== "object")) return value === null ? null : typeof value
  if (value instanceof Date) return "time"
  if (Array.isArray(value)) return value.map((item) => shapeOf(item, column === "inbox_ids" ? "id" : ""))
  if (typeof value !== "object") return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner, name)]))
}

const tables = {
  conversation: "id = $2",
  thread_key: "conversation_id = $2",
  contact: "id = (select contact_id from conversation where company_id = $1 and id = $2)",
  contact_handle: "contact_id = (select contact_id from conversation where company_id = $1 and id = $2)",
  message: "conversation_id = $2 order by number",
  external_message_id:
    "message_id in (select id from message where company_id = $1 and conversation_id = $2) order by message_id",
  delivery: "conversation_id = $2 order by number",
  event: "conversation_id = $2 order by position",
}

async function shapesOf(conversationId: number): Promise<unknown> {
  const shapes: Record<string, unknown> = {}
  for (const [table, sql] of Object.entries(tables)) {
    const text = `select * from ${table} where company_id = $1 and ${sql}`
    shapes[table] = (await db.query({ text, values: [companyId, conversationId] })).map((row) => shapeOf(row))
  }
  return shapes
}

test("a conversation that is filled in is what the server would have written, and its lists, its search and its threads work", async () => {
  await realConversation()
  const [real] = await db.query<{ id: number; inbox_id: number }>({ text: "select id, inbox_id from conversation" })
  const tag = await story.call("POST", "/tags", { token: story.apiToken, json: { name: "late" } })
  const me = await story.call("GET", "/teammates", { token: story.apiToken })
  const channels = await db.query<Place["channels"][number]>({ text: "select id, address from channel" })
  const place: Place = {
    companyId,
    inboxId: real?.inbox_id ?? 0,
    channels,
    teammates: [number("tea", me.body._results[0].id)],
    tags: [number("tag", tag.body.id)],
  }
  // As the owner of the tables, like every filling.
  const client = new pg.Client(
    clientOptions({ connectionString: story.server.services.config.databaseOwnerUrl ?? undefined }),
  )
  await client.connect()
  await fill(client, place, { conversations: 700, messagesPer: 3 }, () => {})
  await client.end()
  const filled = await db.query<{ id: number; preview: string; last: string; number: number }>({
    text: `select conversation.id, preview, message.text as last, message.number from conversation join message on message.company_id = conversation.company_id
             and message.conversation_id = conversation.id and message.id = last_message_id where preview_direction = 'outbound' and conversation.id > $1 order by conversation.id`,
    values: [real?.id],
  })
  expect(filled).toHaveLength(700)
  expect(filled.filter((row) => row.preview !== row.last || row.number !== 3)).toEqual([])
  const open = filled[40]?.id as number
  // Nobody has taken the real one.
  await db.query({ text: "update conversation set assignee_id = null where id = $1", values: [open] })
  expect(await shapesOf(open)).toEqual(await shapesOf(real?.id ?? 0))
  const [feed] = await db.query<{ dense: boolean }>({
    text: "select count(*) = max(event.position) and max(event.position) = max(feed.position) as dense from event join company_feed feed using (company_id)",
  })
  expect(feed).toEqual({ dense: true })

  const ana = await signIn(story)
  const list = await ana("GET", `/causeway/conversations?view=archived`)
  expect(list.body.total).toBe(665)
  const tagged = await ana("GET", `/causeway/conversations?view=open&tag_id=${tag.body.id}`)
  expect(tagged.body.total).toBe(9)
  const found = await ana("GET", "/causeway/search?q=order680")
  expect(found.body.messages).toMatchObject([{ author: "guest 680" }])
  expect((await ana("GET", `/causeway/search?q=${word(0)}`)).body.messages).toHaveLength(20)
  const metadata = { external_id: "after", external_conversation_id: "growth-680" }
  await story.message(await story.customerWrites("And now?", { sender: { handle: "guest-680" }, metadata }))
  const [after] = await db.query({
    text: "select last_number, last_inbound, status from conversation where id = $1",
    values: [filled[680]?.id],
  })
  expect(after).toEqual({ last_number: 4, last_inbound: 4, status: "open" })
})
