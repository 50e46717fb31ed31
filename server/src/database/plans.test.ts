import { tmpdir } from "node:os"
import pg from "pg"
import { expect, test, vi } from "vitest"
import { freshDatabase } from "../../../test/database.ts"
import { startStory, unique } from "../../../test/story.ts"
import { createLog } from "../log.ts"
import { type Database, openDatabase } from "./database.ts"

/** Tables that grow with every message. */
const grown = "attempt contact contact_handle conversation delivery event external_message_id lane message thread_key"
/** These ask what is due, of whatever company: an index holds just that. */
const dueOnly = new Set(["delivery_held", "lane_due", "lane_leased"])

interface PlanNode {
  "Node Type": string
  "Relation Name"?: string
  "Index Name"?: string
  "Index Cond"?: string
  Plans?: PlanNode[]
}

/** Statements of the transactions that find their rows by keys, by name. */
async function statementsByKeys(during: () => Promise<void>): Promise<Map<string, string>> {
  const statements = new Map<string, string>()
  const clients = new WeakSet<object>()
  const query = pg.Client.prototype.query as (...args: unknown[]) => unknown
  const spy = vi.spyOn(pg.Client.prototype, "query").mockImplementation(function (this: object, ...args: unknown[]) {
    const { name, text } = args[0] as { name?: string; text?: string }
    if (text?.startsWith("begin")) clients[text.includes("force_generic_plan") ? "add" : "delete"](this)
    else if (text !== undefined && name !== undefined && clients.has(this)) statements.set(name, text)
    return query.apply(this, args)
  } as never)
  try {
    await during()
  } finally {
    spy.mockRestore()
  }
  return statements
}

/** In, told to the partner, answered, refused, answered once more. */
async function everyWayOfAMessage(): Promise<void> {
  const story = await startStory()
  const { call, apiToken } = story
  try {
    const written = await story.customerWrites("Is it late?")
    const { conversation } = (await story.message(written)).body._links.related
    const path = `${new URL(conversation).pathname}/messages`
    await story.customerWrites("Hello?", { metadata: { external_id: unique("x") } })
    await story.settle()
    const taken = { type: "success", external_id: unique("x"), external_conversation_id: unique("c") }
    for (const answer of [{ status: 500 }, { body: taken }]) {
      story.partner.answers(answer)
      await call("POST", path, { token: apiToken, json: { body: "Tomorrow." } })
      await story.settle()
    }
  } finally {
    await story.close()
  }
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

/** What the statement reads more of than its keys name. */
async function excessOf(db: Database, text: string, tables: ReadonlyMap<string, string>): Promise<string[]> {
  const rows = await db.tx((tx) => tx.query({ text: `explain (generic_plan, format json) ${text}` }), { byKeys: true })
  return nodesOf(rows[0]["QUERY PLAN"][0].Plan).flatMap((node) => {
    const index = node["Index Name"]
    if (index === undefined)
      return node["Node Type"] === "Seq Scan" && [...tables.values()].includes(node["Relation Name"] ?? "")
        ? [`all of ${node["Relation Name"]}`]
        : []
    const namesMore = node["Index Cond"]?.includes(" AND ") ?? false
    return namesMore || dueOnly.has(index) || !tables.has(index) ? [] : [`${index} ${node["Index Cond"] ?? ""}`]
  })
}

test("statements by keys are planned by whole keys before anything was ever seen of their tables", async () => {
  const statements = await statementsByKeys(everyWayOfAMessage)
  expect([...statements.keys()]).toEqual(
    expect.arrayContaining(["messages.insert", "claim.start", "settle.together", "reply.touch"]),
  )
  const options = { databaseUrl: await freshDatabase(), dataDir: tmpdir() }
  const { db, stop } = await openDatabase(options, createLog("silent"))
  try {
    for (const table of [...grown.split(" "), "audit"])
      expect(
        await db.query({ text: `select from ${table} limit 1` }),
        `what taught of ${table} was left in it`,
      ).toEqual([])
    const indexes = await db.query<{ name: string; on: string }>({
      text: "select indexname as name, tablename as on from pg_indexes where tablename = any($1)",
      values: [grown.split(" ")],
    })
    const tables = new Map(indexes.map(({ name, on }) => [name, on]))
    const excess = []
    for (const [name, text] of statements)
      for (const one of await excessOf(db, text, tables)) excess.push(`${name}: ${one}`)
    expect(excess).toEqual([])
  } finally {
    await stop()
  }
})
