import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { signatureHeader, signWebhook, timestampHeader } from "@causeway/sdk"
import { checkChannel } from "@causeway/sdk/check"
import { afterEach, beforeEach, expect, test } from "vitest"
import { type DemoChannel, startDemoChannel } from "./channel.ts"

const appUid = "714285"
const secret = "s3cret"

interface Written {
  path: string
  authorization: string
  message: { body: string; metadata: { external_id: string; external_conversation_id: string }; delivered_at?: number }
}

/** The platform as the channel sees it: accepts what is written and keeps it. */
async function startPlatform() {
  const written: Written[] = []
  let heard: () => void = () => {}
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = ""
    for await (const chunk of request) body += chunk
    written.push({
      path: request.url ?? "",
      authorization: request.headers.authorization ?? "",
      message: JSON.parse(body),
    })
    response.writeHead(202).end("{}")
    heard()
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    written,
    async hears(count: number): Promise<void> {
      while (written.length < count) await new Promise<void>((resolve) => (heard = resolve))
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

let platform: Awaited<ReturnType<typeof startPlatform>>
let channel: DemoChannel

beforeEach(async () => {
  platform = await startPlatform()
  channel = await startDemoChannel({ port: 0, appUid, secret, answerDelayMs: [0, 0], helloDelayMs: 0 })
})
afterEach(async () => {
  await channel.close()
  await platform.close()
})

async function webhook(body: object, { signedWith = secret, at = Date.now(), method = "POST" } = {}) {
  const text = JSON.stringify(body)
  const headers = { [timestampHeader]: String(at), [signatureHeader]: signWebhook(signedWith, at, text) }
  const answer = await fetch(channel.url, { method, headers, body: text })
  const said = await answer.text()
  return { status: answer.status, said: said.startsWith("{") ? JSON.parse(said) : said }
}

const reply = (text: string, id = "msg_1") => ({
  type: "message",
  payload: { id, text, recipients: [{ handle: "+1 555 0100", role: "to" }] },
  metadata: { external_conversation_ids: ["sms:+15550100"] },
})

test("an authorization is answered with the address webhooks go to", async () => {
  const answer = await webhook({ type: "authorization", payload: { channel_id: "cha_1" } })
  expect(answer).toEqual({ status: 200, said: { type: "success", webhook_url: channel.url } })
})

test("what is signed with another secret, or long ago, is refused", async () => {
  const import_ = { type: "message_imported", payload: { id: "msg_1" } }
  expect(await webhook(import_)).toEqual({ status: 200, said: {} })
  expect(await webhook(import_, { signedWith: "wrong" })).toMatchObject({ status: 403, said: { type: "forbidden" } })
  expect(await webhook(import_, { at: Date.now() - 6 * 60_000 })).toMatchObject({ status: 403 })
})

test("customers write what they wrote earlier, then one of them writes live", async () => {
  await channel.begin({ url: platform.url, channelId: "cha_1" })
  const last = platform.written.at(-1)
  expect(last?.path).toBe("/channels/cha_1/inbound_messages")
  expect(last?.message).toMatchObject({ body: "Hi! This is a test customer. Reply to me." })
  expect(last?.message.delivered_at).toBeUndefined()
  expect(new Set(platform.written.map(({ authorization }) => authorization)).size).toBe(platform.written.length)
  expect(new Set(platform.written.map(({ message }) => message.metadata.external_id)).size).toBe(
    platform.written.length,
  )
})

test("a reply gets its ids at once and the customer's answer in the same thread; a repeated webhook gets the same ids and no second answer", async () => {
  await channel.begin({ url: platform.url, channelId: "cha_1" })
  const before = platform.written.length
  const first = await webhook(reply("We are on it."))
  expect(first.said).toEqual({
    type: "success",
    external_id: "sms-msg_1",
    external_conversation_id: "sms:+15550100",
  })
  expect(await webhook(reply("We are on it."))).toEqual(first)
  await webhook(reply("Anything else?", "msg_2"))
  await platform.hears(before + 2)
  const ids = platform.written.slice(before).map(({ message }) => message.metadata.external_id)
  expect(ids.sort()).toEqual(["answer-msg_1", "answer-msg_2"])
})

test("!fail is refused with the code and the reason in it, !fail-once only the first time", async () => {
  const refused = { status: 400, said: { type: "bad_request", message: "unknown recipient" } }
  expect(await webhook(reply("!fail bad_request unknown recipient"))).toEqual(refused)
  expect(await webhook(reply("!fail bad_request unknown recipient"))).toEqual(refused)
  expect(await webhook(reply("!fail-once not_found gone", "msg_2"))).toMatchObject({ status: 404 })
  expect(await webhook(reply("!fail-once not_found gone", "msg_2"))).toMatchObject({ status: 200 })
})

test("a delete is answered OK, and an unknown type is refused by its name", async () => {
  const gone = { type: "delete", payload: { channel_id: "cha_1" } }
  expect(await webhook(gone, { method: "DELETE" })).toEqual({ status: 200, said: "OK" })
  expect(await webhook({ type: "typing", payload: {} })).toMatchObject({ status: 400 })
})

test("it does what the platform asks of every channel", async () => {
  const { results } = await checkChannel({ url: channel.url, secret })
  expect(results.filter(({ result }) => result === "fail")).toEqual([])
})
