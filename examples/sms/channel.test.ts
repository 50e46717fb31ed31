import { readFile } from "node:fs/promises"
import { signatureHeader, signWebhook, timestampHeader } from "@causeway/sdk"
import { checkChannel } from "@causeway/sdk/check"
import { afterAll, beforeAll, expect, test } from "vitest"
import { temporaryDir } from "../../test/database.ts"
import { callbackHeader, signCallback } from "../shared/callbacks.ts"
import { eventually, startPlatform, type TestPlatform } from "../shared/platform.story.ts"
import { type SmsChannel, startSms } from "./channel.ts"
import { type Provider, startProvider } from "./provider/provider.ts"
import { segmentsOf } from "./provider/segments.ts"

const account = { account: "AC1", token: "provider-token", number: "+15550001" }
let platform: TestPlatform
let provider: Provider
let channel: SmsChannel
let app: { uid: string; secret: string }
let dataDir: string

const start = () =>
  startSms({
    port: 0,
    appUid: app.uid,
    secret: app.secret,
    apiUrl: platform.apiUrl,
    dataDir,
    firstPauseMs: 20,
    provider: { ...account, url: provider.url },
  })

beforeAll(async () => {
  platform = await startPlatform()
  app = await platform.app("Text messages")
  provider = await startProvider({ ...account, port: 0, stepMs: 0, isUnordered: true })
  dataDir = await temporaryDir("sms")
  channel = await start()
  await platform.connect(app.uid, channel.webhookUrl)
})
afterAll(async () => {
  await channel?.close()
  await provider?.close()
  await platform?.close()
})

/** Somebody writes, and it is in the inbox. */
async function customerWrites(phone: string, text: string): Promise<string> {
  await provider.write(phone, text)
  await channel.settle()
  const found = (await platform.conversations()).find(
    ({ recipient }: { recipient: { handle: string } }) => recipient.handle === phone,
  )
  return found.id
}
const onPhone = (phone: string) =>
  provider.texts.filter((text) => text.phone === phone && text.direction === "outbound")

test("a text takes as many segments as its alphabet makes it take", () => {
  const cases: [string, string, number][] = [
    ["a".repeat(160), "GSM-7", 1],
    ["a".repeat(161), "GSM-7", 2],
    ["€".repeat(80), "GSM-7", 1],
    [`${"a".repeat(152)}€${"a".repeat(10)}`, "GSM-7", 2],
    // The escape and its character would be torn apart: the first part holds one septet less.
    [`${"a".repeat(152)}€${"a".repeat(152)}`, "GSM-7", 3],
    ["ç".repeat(70), "UCS-2", 1],
    ["ç".repeat(71), "UCS-2", 2],
    ["🌉".repeat(35), "UCS-2", 1],
    // 33 pairs a part: 67 units are an odd number.
    ["🌉".repeat(67), "UCS-2", 3],
    ["", "GSM-7", 1],
  ]
  expect(cases.map(([text]) => segmentsOf(text)).map(({ encoding, count }) => [encoding, count])).toEqual(
    cases.map(([, encoding, count]) => [encoding, count]),
  )
})

test("a text message is in the inbox as it was written, and the reply is on the phone with a status that the provider gave", async () => {
  const id = await customerWrites("+15550100", "Is <b>my</b> order late?\nAsking & waiting")
  const [message] = await platform.messages(id)
  expect(message).toMatchObject({ is_inbound: true, text: "Is <b>my</b> order late?\nAsking & waiting" })
  const uid = await platform.reply(id, "It ships <i>today</i>.")
  await eventually(() => onPhone("+15550100").map(({ text, status }) => [text, status])).toEqual([
    ["It ships today.", "delivered"],
  ])
  await eventually(async () => (await platform.outcome(uid))?.state).toBe("sent")
})

test("a message that the carrier gives back later becomes failed with its reason, once, though callbacks come twice and in the wrong order", async () => {
  const id = await customerWrites("+15550191", "Call me")
  const uid = await platform.reply(id, "You are on a landline")
  await eventually(() => platform.outcome(uid)).toMatchObject({
    state: "failed",
    reason: "Not delivered: the number is a landline",
  })
  const events = await platform.story.call("GET", `/conversations/${id}/events`, { token: platform.story.apiToken })
  const failures = events.body._results.filter(({ type }: { type: string }) => type === "sending_error")
  expect(failures).toHaveLength(1)
  expect(onPhone("+15550191")[0]?.status).toBe("undelivered")
})

test("what the provider refuses at once is refused to the teammate with the provider's words", async () => {
  const id = await customerWrites("+15550190", "Hello")
  const uid = await platform.reply(id, "Nobody can get this")
  await eventually(() => platform.outcome(uid)).toMatchObject({
    code: "bad_request",
    reason: "this is not a number that takes text messages",
  })
  expect(onPhone("+15550190")).toEqual([])
})

test("STOP is shown with the carrier's answer and ends replies, START lets them through again", async () => {
  const phone = "+15550102"
  const id = await customerWrites(phone, "STOP")
  await eventually(async () =>
    (await platform.messages(id)).map(({ is_inbound }: { is_inbound: boolean }) => is_inbound),
  ).toEqual([true, false])
  const refused = await platform.reply(id, "One more offer")
  await eventually(() => platform.outcome(refused)).toMatchObject({
    state: "failed",
    code: "forbidden",
    reason: expect.stringContaining("replied STOP"),
  })
  await provider.write(phone, "start")
  const sent = await platform.reply(id, "Welcome back")
  await eventually(async () => (await platform.outcome(sent))?.state).toBe("sent")
  expect(onPhone(phone).map(({ text }) => text)).toContain("Welcome back")
})

test("pictures go both ways, byte for byte", async () => {
  const phone = "+15550103"
  const picture = new Uint8Array(
    Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
      "base64",
    ),
  )
  await provider.write(phone, "", [{ filename: "Grüße.png", contentType: "image/png", content: picture }])
  await eventually(async () => (await platform.conversations())[0].recipient.handle).toBe(phone)
  const [{ id }] = await platform.conversations()
  const [message] = await platform.messages(id)
  expect(message.attachments).toMatchObject([
    { filename: "Grüße.png", content_type: "image/png", size: picture.length },
  ])

  await platform.reply(id, "Like this?", [{ name: "Größe.png", type: "image/png", bytes: picture }])
  await eventually(() => onPhone(phone)[0]?.media).toMatchObject([{ filename: "Größe.png", content_type: "image/png" }])
  const media = await fetch(`${provider.url}/phones/media/${onPhone(phone)[0]?.media[0]?.id}`)
  expect(new Uint8Array(await media.arrayBuffer())).toEqual(picture)
})

test("a callback that the provider did not sign, or long ago, is refused; one that comes twice counts once", async () => {
  const body = await readFile(new URL("./payloads/provider-inbound.json", import.meta.url), "utf8")
  const post = async (signature: string) => {
    const url = `${new URL(channel.webhookUrl).origin}/provider/inbound`
    return (await fetch(url, { method: "POST", body, headers: { [callbackHeader]: signature } })).status
  }
  const [now, old] = [Math.floor(Date.now() / 1000), Math.floor(Date.now() / 1000) - 400]
  expect(await post(signCallback("another-token", body))).toBe(403)
  expect(await post(signCallback(account.token, body, old))).toBe(403)
  expect([
    await post(signCallback(account.token, body, now)),
    await post(signCallback(account.token, body, now)),
  ]).toEqual([204, 204])
  await channel.settle()
  const [{ id, recipient }] = await platform.conversations()
  expect(recipient.handle).toBe("+15550111")
  expect(await platform.messages(id)).toHaveLength(1)
})

test("what was taken from the provider while the platform was away is told after a restart, in order", async () => {
  await channel.close()
  channel = await startSms({
    ...{ port: 0, appUid: app.uid, secret: app.secret, dataDir, firstPauseMs: 20 },
    apiUrl: "http://127.0.0.1:9",
    provider: { ...account, url: provider.url },
  })
  await provider.write("+15550112", "First")
  await provider.write("+15550112", "Second")
  await channel.settle()
  await channel.close()
  channel = await start()
  await eventually(async () => (await platform.conversations())[0].recipient.handle).toBe("+15550112")
  const [{ id }] = await platform.conversations()
  await eventually(async () => (await platform.messages(id)).map(({ text }: { text: string }) => text)).toEqual([
    "First",
    "Second",
  ])
})

test("a captured message is sent once however often it comes, and answered with the ids it got first", async () => {
  const body = await readFile(new URL("./payloads/message.json", import.meta.url), "utf8")
  const headers = { [timestampHeader]: String(Date.now()), [signatureHeader]: "" }
  headers[signatureHeader] = signWebhook(app.secret, headers[timestampHeader] as string, body)
  const post = async () => (await fetch(channel.webhookUrl, { method: "POST", body, headers })).json()
  const first = await post()
  expect(first).toEqual({
    type: "success",
    external_id: expect.stringMatching(/^SM/),
    external_conversation_id: "sms:+15550101",
  })
  expect(await post()).toEqual(first)
  expect(onPhone("+15550101")).toHaveLength(1)
})

test("the channel keeps to the protocol", async () => {
  const report = await checkChannel({ url: channel.webhookUrl, secret: app.secret })
  expect(report.results.filter(({ result }) => result === "fail" || result === "warn")).toEqual([])
  expect(report.counts.pass).toBeGreaterThan(55)
})
