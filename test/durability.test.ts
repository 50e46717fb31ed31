import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, describe, expect, test } from "vitest"
import { temporaryDir } from "./database.ts"
import { fakePartner } from "./partner.ts"
import { killDatabase, type ServerProcess, startProcess } from "./process.ts"
import { caller, inbound, jwt } from "./story.ts"

/** What a client was promised: every external id that was answered 202, with the uid of the answer and the thread it was sent to. */
type Ledger = Map<string, { uid: string; thread: string }>

const dataDir = await temporaryDir("durable")
const partner = await fakePartner()
const ledger: Ledger = new Map()
let server = await startProcess(dataDir)
const code = server.setupCode
const setup = await caller(server.url)("POST", "/causeway/setup", {
  json: { code, name: "Ana Lee", email: "ana@example.test", password: "correct horse battery", company: "Acme" },
})
const token: string = setup.body.api_token
const call = caller(server.url)
const inboxId = (await call("GET", "/inboxes", { token })).body._results[0].id
const app = (await call("POST", "/causeway/apps", { token, json: { name: "Acme", webhook_url: partner.url } })).body
const connected = await call("POST", `/inboxes/${inboxId}/channels`, {
  token,
  json: { type: "custom", name: "Acme", application_uid: app.uid },
})
const channelId = String(connected.headers.get("location")).split("/").at(-1) as string
const channelToken = () => jwt({ iss: app.uid, sub: channelId, exp: Math.floor(Date.now() / 1000) + 60 }, app.secret)

afterAll(async () => {
  await server.stop()
  await partner.close()
})

/** Clients that write as fast as they are answered, and note every promise. What fails is sent again with the same external id, as clients do. */
function load(target: () => ServerProcess): { stop(): Promise<void> } {
  let running = true
  let n = ledger.size * 10
  const writers = Array.from({ length: 16 }, async (_, writer) => {
    while (running) {
      const message = inbound(`message ${n}`, {
        external_id: `load-${writer}-${n++}`,
        external_conversation_id: `t-${n % 40}`,
      })
      await writeUntilKept(target, message, () => running)
    }
  })
  return {
    async stop() {
      running = false
      await Promise.all(writers)
    },
  }
}

async function writeUntilKept(
  target: () => ServerProcess,
  message: Record<string, unknown>,
  running: () => boolean,
): Promise<void> {
  const { external_id: externalId, external_conversation_id: thread } = message.metadata as Record<
    "external_id" | "external_conversation_id",
    string
  >
  while (running()) {
    try {
      const answer = await caller(target().url)("POST", `/channels/${channelId}/inbound_messages`, {
        token: channelToken(),
        json: message,
      })
      if (answer.status === 202) {
        ledger.set(externalId, { uid: answer.body.message_uid, thread })
        return
      }
      expect(answer.status, answer.text).toBe(503)
    } catch (error) {
      if ((error as Error).name === "AssertionError") throw error
    }
    await sleep(20)
  }
}

/** The ledger against what the server says now: every promise is kept, under the uid that was promised, and exactly once. */
async function check(): Promise<void> {
  const ask = caller(server.url)
  const call: typeof ask = async (method, path, options) => {
    // A database that was killed is back within seconds; until then every request says so.
    for (let i = 0; i < 200; i++) {
      const answer = await ask(method, path, options)
      if (answer.status !== 503) return answer
      await sleep(50)
    }
    throw new Error("the database did not come back")
  }
  const seen = new Map<string, number>()
  const conversations = new Set<string>()
  for (const { uid } of new Map([...ledger.values()].map((promise) => [promise.thread, promise])).values()) {
    const message = await call("GET", `/messages/alt:uid:${uid}`, { token: channelToken() })
    expect(message.status, `${uid} was promised`).toBe(200)
    conversations.add(new URL(message.body._links.related.conversation).pathname)
  }
  for (const path of conversations) {
    let next: string | null = `${path}/messages?limit=100`
    while (next !== null) {
      const page: Awaited<ReturnType<typeof call>> = await call("GET", next, { token: channelToken() })
      for (const message of page.body._results) {
        const id = message.metadata.external_id
        seen.set(id, (seen.get(id) ?? 0) + 1)
        const promise = ledger.get(id)
        if (promise) expect(message.message_uid).toBe(promise.uid)
      }
      next = page.body._pagination.next === null ? null : page.body._pagination.next.replace(server.url, "")
    }
  }
  for (const [id, { uid }] of ledger) expect(seen.get(id), `${id} (${uid}) must be there exactly once`).toBe(1)
  expect([...seen.values()].every((count) => count === 1)).toBe(true)
}

const rounds = process.env.CAUSEWAY_FULL ? 5 : 2
const kills: [string, () => Promise<void>][] = [
  ["the server", async () => await server.kill()],
  ["PostgreSQL", async () => killDatabase(dataDir)],
  [
    "both at once",
    async () => {
      killDatabase(dataDir)
      await server.kill()
    },
  ],
]

describe(`kill -9 under load, ${rounds} times each: every acknowledged message is there once`, () => {
  test.each(kills)("%s", { timeout: 120_000 }, async (name, kill) => {
    for (let round = 0; round < rounds; round++) {
      const writing = load(() => server)
      await sleep(300 + Math.random() * 700)
      await kill()
      if (name !== "PostgreSQL") server = await startProcess(dataDir)
      await sleep(300)
      await writing.stop()
      await check()
    }
    expect(ledger.size).toBeGreaterThan(50)
  })
})

test("a message that was committed but not answered is there after the restart, and its repeat gets its uid", async () => {
  await server.stop()
  server = await startProcess(dataDir, [], { CAUSEWAY_FAIL_POINT: "accept.committed" })
  const message = inbound("committed, then silence", { external_id: "cut-1" })
  const exited = new Promise((resolve) => server.child.once("exit", resolve))
  const answer = await caller(server.url)("POST", `/channels/${channelId}/inbound_messages`, {
    token: channelToken(),
    json: message,
  }).catch(() => null)
  expect(answer).toBeNull()
  await exited
  server = await startProcess(dataDir)
  const first = await caller(server.url)("POST", `/channels/${channelId}/inbound_messages`, {
    token: channelToken(),
    json: message,
  })
  const again = await caller(server.url)("POST", `/channels/${channelId}/inbound_messages`, {
    token: channelToken(),
    json: message,
  })
  expect(again.body.message_uid).toBe(first.body.message_uid)
  const kept = await caller(server.url)("GET", `/messages/alt:uid:${first.body.message_uid}`, { token: channelToken() })
  const list = await caller(server.url)("GET", `${new URL(kept.body._links.related.conversation).pathname}/messages`, {
    token: channelToken(),
  })
  expect(list.body._results).toHaveLength(1)
})

test("the running database flushes: fsync and synchronous_commit are on", async () => {
  const { default: pg } = await import("pg")
  const client = new pg.Client({ host: await socketOf(dataDir), user: "causeway", database: "causeway" })
  await client.connect()
  const { rows } = await client.query(
    "select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit",
  )
  await client.end()
  expect(rows).toEqual([{ fsync: "on", commit: "on" }])
})

/** Where its socket is, from the file that PostgreSQL itself keeps. */
async function socketOf(folder: string): Promise<string> {
  const { readFile } = await import("node:fs/promises")
  const lines = (await readFile(join(folder, "postgres", "postmaster.pid"), "utf8")).split("\n")
  return lines[4] as string
}
