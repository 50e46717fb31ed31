import { setTimeout as delay } from "node:timers/promises"
import pg from "pg"
import { afterAll, expect, test } from "vitest"
import { freshDatabase, temporaryDir } from "./database.ts"
import { fakePartner } from "./partner.ts"
import { type ServerProcess, startProcess } from "./process.ts"
import { caller, inbound, jwt, type Reply, unique } from "./story.ts"

const databaseUrl = (await freshDatabase()).replace("@/", "@localhost/") // the socket that `host` names wins
const partner = await fakePartner()
partner.answers((request) => ({
  delayMs: 60,
  body: {
    type: "success",
    external_id: `${request.body._links?.self}-${partner.received.length}`,
    external_conversation_id: "",
  },
}))

/** The same key, so that each can open what the others have sealed; directories of their own. */
const secret = Buffer.alloc(32, 7).toString("base64")
const start = async (name: string): Promise<ServerProcess> =>
  startProcess(await temporaryDir(name), [], { DATABASE_URL: databaseUrl, CAUSEWAY_SECRET_KEY: secret })

const servers: ServerProcess[] = []
for (const name of ["one", "two", "three"]) servers.push(await start(name))
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()))
  await partner.close()
})

const at = (n: number): ReturnType<typeof caller> => caller((servers[n % 3] as ServerProcess).url)
const code = servers.at(-1)?.setupCode // each start makes a new one
const setup = await at(0)("POST", "/causeway/setup", {
  json: { code, name: "Ana Lee", email: "ana@example.test", password: "correct horse battery", company: "Acme" },
})
const token: string = setup.body.api_token
const [inbox] = (await at(1)("GET", "/inboxes", { token })).body._results
const app = (await at(2)("POST", "/causeway/apps", { token, json: { name: "Acme", webhook_url: partner.url } })).body
partner.secret = app.secret

/** A channel with so many customers who wait for an answer: the paths of their conversations. */
async function customersWait(channel: number, count: number): Promise<string[]> {
  const connected = await at(channel)("POST", `/inboxes/${inbox.id}/channels`, {
    token,
    json: { type: "custom", name: unique("Acme"), application_uid: app.uid },
  })
  const id = String(connected.headers.get("location")).split("/").at(-1) as string
  const channelToken = jwt({ iss: app.uid, sub: id, exp: Math.floor(Date.now() / 1000) + 600 }, app.secret)
  const paths: string[] = []
  for (let i = 0; i < count; i++) {
    const accepted = await at(i)("POST", `/channels/${id}/inbound_messages`, {
      token: channelToken,
      json: inbound("Hello?"),
    })
    const message = await at(i + 1)("GET", `/messages/alt:uid:${accepted.body.message_uid}`, { token: channelToken })
    paths.push(new URL(message.body._links.related.conversation).pathname)
  }
  return paths
}

/** Sends until some server has answered 202; the same key makes it the same reply, whoever is asked. */
async function replyUntilKept(path: string, text: string, first: number): Promise<void> {
  for (let n = first; ; n++) {
    const answer: Reply | null = await at(n)("POST", `${path}/messages`, {
      token,
      json: { body: text, options: { archive: false } },
      headers: { "idempotency-key": text },
    }).catch(() => null)
    if (answer?.status === 202) return
    expect(answer === null || answer.status === 503, answer?.text).toBe(true)
    await delay(20)
  }
}

async function states(): Promise<Map<string, string>> {
  const client = new pg.Client(databaseUrl)
  await client.connect()
  const { rows } = await client.query("select trim(text) as text, state from message where direction = 'outbound'")
  await client.end()
  return new Map(rows.map((row) => [row.text, row.state]))
}

test("three servers on one database, killed again and again: replies arrive once, in order, and none is lost", async () => {
  const paths = (await Promise.all([0, 1, 2, 3].map((channel) => customersWait(channel, 3)))).flat()
  const texts: string[][] = paths.map(() => [])
  let isOver = false
  const writing = Promise.all(
    paths.map(async (path, n) => {
      for (let i = 0; !isOver || i < 5; i++) {
        await replyUntilKept(path, `reply ${n}:${i}`, n + i)
        texts[n]?.push(`reply ${n}:${i}`)
        await delay(150)
      }
    }),
  )
  let kills = 0
  for (const n of [0, 1, 2]) {
    await delay(700)
    await (servers[n] as ServerProcess).kill()
    kills++
    servers[n] = await start(`again-${n}`)
  }
  isOver = true
  await writing
  const open = (found: Map<string, string>) =>
    [...found.values()].filter((state) => state !== "sent" && state !== "unknown")
  let found = await states()
  for (let i = 0; i < 600 && open(found).length > 0; i++) {
    await delay(100)
    found = await states()
  }
  expect(open(found)).toEqual([])
  expect([...found.keys()].sort()).toEqual(texts.flat().sort())
  const arrived = partner.received
    .filter(({ body }) => body?.type === "message")
    .map(({ body }) => String(body.payload.text).trim())
  expect(arrived.filter((text, i) => arrived.indexOf(text) !== i)).toEqual([])
  for (const own of texts)
    expect(arrived.filter((text) => own.includes(text))).toEqual(own.filter((text) => arrived.includes(text)))
  expect([...found].filter(([text, state]) => state === "sent" && !arrived.includes(text))).toEqual([])
  const unknown = [...found.values()].filter((state) => state === "unknown").length
  process.stdout.write(
    `${kills} kills, ${arrived.length} of ${texts.flat().length} replies arrived, ${unknown} unknown\n`,
  )
  expect(unknown).toBeLessThanOrEqual(kills * 4 * 16) // what was in flight: four channels, at most 16 each
}, 180_000)
