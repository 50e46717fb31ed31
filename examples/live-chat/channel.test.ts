import { createHmac } from "node:crypto"
import { readFile } from "node:fs/promises"
import { signatureHeader, signWebhook, timestampHeader } from "@causeway/sdk"
import { checkChannel } from "@causeway/sdk/check"
import { afterAll, beforeAll, expect, test } from "vitest"
import { temporaryDir } from "../../test/database.ts"
import { eventually, startPlatform, type TestPlatform } from "../shared/platform.story.ts"
import { type LiveChat, type LiveChatOptions, startLiveChat } from "./channel.ts"
import { sessionMs } from "./chats.ts"
import { opening } from "./hours.ts"
import { createLimiter } from "./limits.ts"

const identitySecret = "website-secret"
let platform: TestPlatform
let chat: LiveChat
let app: { uid: string; secret: string }
let dataDir: string
let now = Date.now()

const start = (over: Partial<LiveChatOptions> = {}) =>
  startLiveChat({
    ...{ port: 0, appUid: app.uid, secret: app.secret, apiUrl: platform.apiUrl, dataDir, identitySecret },
    ...{ firstPauseMs: 20, now: () => now, ...over },
  })

beforeAll(async () => {
  platform = await startPlatform()
  app = await platform.app("Live chat")
  dataDir = await temporaryDir("live-chat")
  chat = await start()
  await platform.connect(app.uid, chat.webhookUrl)
})
afterAll(async () => {
  await chat?.close()
  await platform?.close()
})

interface Said {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  body: any
  headers: Headers
}

async function call(
  method: string,
  path: string,
  { token, json, raw }: { token?: string; json?: object; raw?: string | Uint8Array<ArrayBuffer> } = {},
): Promise<Said> {
  const headers = {
    ...(token && { authorization: `Bearer ${token}` }),
    ...(json && { "content-type": "application/json" }),
  }
  const body = raw ?? (json && JSON.stringify(json))
  const answer = await fetch(new URL(path, chat.webhookUrl), { method, headers, ...(body && { body }) })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, body: text.startsWith("{") ? JSON.parse(text) : text }
}

let ids = 0
const visit = async (): Promise<string> => (await call("POST", "/api/visitors", { json: {} })).body.token
const write = (token: string, text: string, over: object = {}) =>
  call("POST", "/api/messages", { token, json: { id: `message-${++ids}`, text, ...over } })
const history = async (token: string) => (await call("GET", "/api/messages", { token })).body.messages
/** The newest conversation of a visitor. */
async function conversationOf(token: string) {
  const handle = token.split(".")[1]
  return (await platform.conversations()).find(
    (one: { recipient: { handle: string } }) => one.recipient.handle === handle,
  )
}

test("what a visitor writes is in the inbox as text, and the answer is in the visitor's history with its author", async () => {
  const token = await visit()
  await write(token, "Is <b>this</b> free?\n& how much")
  await chat.settle()
  const { id } = await conversationOf(token)
  expect((await platform.messages(id))[0]).toMatchObject({ is_inbound: true, text: "Is <b>this</b> free?\n& how much" })
  await platform.reply(id, "It is <i>nearly</i> free.")
  await eventually(async () => (await history(token)).at(-1)).toMatchObject({
    is_mine: false,
    text: "It is nearly free.",
    author: "Ana",
  })
  const answered = (await history(token)).at(-1)
  expect((await call("POST", "/api/seen", { token, json: { id: answered.id } })).status).toBe(204)
})

test("a message that is sent again counts once", async () => {
  const token = await visit()
  const first = await write(token, "Once", { id: "the-same-id" })
  expect((await write(token, "Once", { id: "the-same-id" })).body.seq).toBe(first.body.seq)
  await chat.settle()
  expect(await platform.messages((await conversationOf(token)).id)).toHaveLength(1)
})

test("within a day it is one conversation, after a day of silence a new one; the history shows both", async () => {
  const token = await visit()
  await write(token, "Monday")
  now += sessionMs - 1000
  await write(token, "Tuesday")
  await chat.settle()
  const first = (await conversationOf(token)).id
  now += sessionMs
  await write(token, "Thursday")
  await chat.settle()
  const second = (await conversationOf(token)).id
  expect(second).not.toBe(first)
  expect((await platform.messages(first)).map(({ text }: { text: string }) => text)).toEqual(["Monday", "Tuesday"])
  expect((await history(token)).map(({ text }: { text: string }) => text)).toEqual(["Monday", "Tuesday", "Thursday"])
  await platform.reply(first, "About Monday")
  await eventually(async () => (await history(token)).at(-1).text).toBe("About Monday")
})

test("nobody reads what another visitor wrote: not with a changed token, not with their own, and not a file by its id", async () => {
  const [mia, leo] = [await visit(), await visit()]
  const file = (await call("POST", "/api/files?name=secret.txt", { token: mia, raw: "mine" })).body
  await write(mia, "My address is 1 Main Street", { files: [file.id] })
  expect(await history(leo)).toEqual([])
  const [, miaId] = mia.split(".")
  const [, , leoMac] = leo.split(".")
  for (const forged of [`v1.${miaId}.${leoMac}`, `v1.${miaId}.`, `v1.${miaId}`, "v1.vis_AAAAAAAAAAAAAAAA.x"]) {
    expect((await call("GET", "/api/messages", { token: forged })).status).toBe(401)
    expect((await call("GET", "/api/events", { token: forged })).status).toBe(401)
  }
  const [{ files }] = await history(mia)
  expect((await call("GET", files[0].path)).body).toBe("mine")
  for (const forged of [`${files[0].path}A`, files[0].path.slice(0, -1), files[0].path.replace(/.{4}$/, "....")]) {
    expect((await call("GET", forged)).status).toBe(404)
  }
  expect((await write(leo, "Give me that", { files: [file.id] })).status).toBe(400)
})

test("whom the website vouches for is the same visitor on every device, and nobody else can say so", async () => {
  const sign = (who: object, secret = identitySecret) => {
    const payload = Buffer.from(JSON.stringify(who)).toString("base64url")
    return `${payload}.${createHmac("sha256", secret).update(payload).digest("base64url")}`
  }
  const exp = Date.now() / 1000 + 60
  const laptop = await visit()
  await write(laptop, "From my laptop")
  const identity = sign({ user_id: "u1", name: "Mia Kovač", email: "mia@example.test", exp })
  const known = (await call("POST", "/api/visitors", { token: laptop, json: { identity } })).body
  const phone = (await call("POST", "/api/visitors", { json: { identity } })).body
  expect(phone).toEqual(known)
  const stale = await call("POST", "/api/visitors", { token: "v1.of.long-ago", json: { identity } })
  expect(stale.body).toEqual(known)
  expect((await history(phone.token)).map(({ text }: { text: string }) => text)).toEqual(["From my laptop"])
  await write(phone.token, "From my phone")
  await chat.settle()
  expect((await conversationOf(phone.token)).recipient.name).toBe("Mia Kovač")
  for (const bad of [sign({ user_id: "u1", exp }, "guess"), sign({ user_id: "u1", exp: exp - 120 }), "x.y", ""]) {
    expect((await call("POST", "/api/visitors", { json: { identity: bad } })).status).toBe(401)
  }
})

test("files go both ways; what could run in a browser is only ever saved", async () => {
  const token = await visit()
  const bytes = new Uint8Array([137, 80, 78, 71, 1, 2, 3])
  const html = await call("POST", "/api/files?name=..%2F..%2Fevil%E2%80%AE.html", {
    token,
    raw: "<script>alert(1)</script>",
  })
  expect(html.body.name).toBe("evil.html")
  await write(token, "", { files: [html.body.id] })
  await chat.settle()
  const { id } = await conversationOf(token)
  expect((await platform.messages(id))[0].attachments).toMatchObject([{ filename: "evil.html", size: 25 }])
  const [{ files }] = await history(token)
  const saved = await call("GET", files[0].path)
  expect(saved.headers.get("content-disposition")).toMatch(/^attachment/)
  expect(saved.headers.get("content-type")).toBe("application/octet-stream")

  await platform.reply(id, "See the picture", [{ name: "größe.png", type: "image/png", bytes }])
  await eventually(async () => (await history(token)).at(-1).files).toMatchObject([
    { name: "größe.png", type: "image/png" },
  ])
  const answer = await fetch(new URL((await history(token)).at(-1).files[0].path, chat.webhookUrl))
  expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes)
})

test("what is too much, too large or out of shape is refused with words", async () => {
  const token = await visit()
  expect((await write(token, "x".repeat(4001))).status).toBe(400)
  expect((await write(token, "  ")).status).toBe(400)
  expect((await write(token, "x", { id: "../../x" })).status).toBe(400)
  expect((await call("POST", "/api/messages", { token, raw: "{" })).status).toBe(400)
  expect((await call("POST", "/api/files?name=big", { token, raw: new Uint8Array(10 * 1024 * 1024 + 1) })).status).toBe(
    413,
  )
  const all = await Promise.all(Array.from({ length: 40 }, () => write(token, "spam")))
  const refused = all.filter(({ status }) => status === 429)
  expect(refused.length).toBeGreaterThan(15)
  expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThan(0)
  expect((await write(await visit(), "Somebody else")).status).toBe(202)
})

test("a bucket gives its burst, then one for each pause, and is full again after a while", () => {
  let at = 0
  const limit = createLimiter({ burst: 2, everyMs: 1000 }, () => at)
  const tries = () => {
    try {
      limit("mia")
      return true
    } catch {
      return false
    }
  }
  expect([tries(), tries(), tries()]).toEqual([true, true, false])
  at = 1000
  expect([tries(), tries()]).toEqual([true, false])
  at = 60_000
  expect([tries(), tries(), tries()]).toEqual([true, true, false])
})

test("outside of its hours it says when somebody is back, also over a change of the clock", () => {
  const day = ["09:00", "17:00"] as const
  const hours = { timeZone: "Europe/Paris", days: [day, day, day, day, day, null, null] }
  const at = (text: string) => opening(hours, Date.parse(text))
  expect(at("2026-11-20T10:00:00Z")).toEqual({ is_open: true, opens_at: null })
  expect(at("2026-11-20T17:00:00Z").opens_at).toBe(Date.parse("2026-11-23T08:00:00Z"))
  // The clock goes forward on 29 March.
  expect(at("2026-03-27T17:00:00Z").opens_at).toBe(Date.parse("2026-03-30T07:00:00Z"))
  expect(opening({ timeZone: "Europe/Paris", days: Array(7).fill(null) }, now)).toEqual({
    is_open: false,
    opens_at: null,
  })
})

test("what was taken while the platform was away is told after a restart, in order", async () => {
  await chat.close()
  chat = await start({ apiUrl: "http://127.0.0.1:9" })
  const token = await visit()
  for (const text of ["One", "Two", "Three"]) await write(token, text)
  await chat.settle()
  await chat.close()
  chat = await start()
  await eventually(async () =>
    (await platform.messages((await conversationOf(token)).id)).map(({ text }: { text: string }) => text),
  ).toEqual(["One", "Two", "Three"])
})

test("a captured answer reaches its visitor once however often it comes", async () => {
  const token = await visit()
  await write(token, "Hello")
  await chat.settle()
  const [, handle] = token.split(".")
  const captured = await readFile(new URL("./payloads/message.json", import.meta.url), "utf8")
  const body = captured.replaceAll("vis_captured", handle as string)
  const at = String(Date.now())
  const headers = { [timestampHeader]: at, [signatureHeader]: signWebhook(app.secret, at, body) }
  const post = async () => (await fetch(chat.webhookUrl, { method: "POST", body, headers })).json()
  const first = await post()
  expect(first).toMatchObject({ type: "success", external_id: expect.stringMatching(/^answer-\d+$/) })
  expect(await post()).toEqual(first)
  expect((await history(token)).filter(({ is_mine }: { is_mine: boolean }) => !is_mine)).toHaveLength(1)
})

test("the channel keeps to the protocol", async () => {
  const token = await visit()
  const [, recipient = ""] = token.split(".")
  const report = await checkChannel({ url: chat.webhookUrl, secret: app.secret, recipient })
  expect(report.results.filter(({ result }) => result === "fail" || result === "warn")).toEqual([])
  expect(report.counts.pass).toBeGreaterThan(55)
})
