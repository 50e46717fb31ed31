import { readFile } from "node:fs/promises"
import { signatureHeader, signWebhook, timestampHeader } from "@causeway/sdk"
import { checkChannel } from "@causeway/sdk/check"
import { afterAll, beforeAll, expect, test } from "vitest"
import { callbackHeader, signCallback } from "../shared/callbacks.ts"
import { eventually, startPlatform, type TestPlatform } from "../shared/platform.story.ts"
import { openStore } from "../shared/store.ts"
import { type PhoneChannel, startPhone } from "./channel.ts"
import { type Pbx, type PbxEvent, startPbx } from "./pbx/pbx.ts"
import { scripts } from "./pbx/scripts.ts"
import { gapMsMax, openSequence, sequenceSchema, skippedSchema } from "./sequence.ts"

const account = { account: "AC1", token: "pbx-token" }
let platform: TestPlatform
let pbx: Pbx
let channel: PhoneChannel
let app: { uid: string; secret: string }

beforeAll(async () => {
  platform = await startPlatform()
  app = await platform.app("Phone", { contact_type: "phone", features: ["reply", "calls"] })
  pbx = await startPbx({ ...account, port: 0, pace: 0, isUnordered: true, agentEmail: "ana@example.test" })
  channel = await startPhone({
    ...{ port: 0, appUid: app.uid, secret: app.secret, apiUrl: platform.apiUrl, dataDir: null, firstPauseMs: 20 },
    pbx: { ...account, url: pbx.url },
  })
  await platform.connect(app.uid, channel.webhookUrl)
})
afterAll(async () => {
  await channel?.close()
  await pbx?.close()
  await platform?.close()
})

/** The calls of the conversation with whoever plays in the script, oldest first. */
async function played(name: string) {
  const script = scripts[name]
  if (script === undefined) throw new Error(`no script ${name}`)
  await pbx.play(script)
  await channel.settle()
  return callsWith(script.caller.number)
}
async function callsWith(number: string) {
  const { id } = (await platform.conversations()).find(
    ({ recipient }: { recipient: { handle: string } }) => recipient.handle === number,
  )
  const { body } = await platform.story.call("GET", `/causeway/conversations/${id}/calls`, {
    token: platform.story.apiToken,
  })
  return { id, calls: body.calls }
}

test("a call is in the inbox from ringing to its summary, though its events came backwards and twice", async () => {
  const { calls } = await played("answered")
  expect(calls).toHaveLength(1)
  expect(calls[0]).toMatchObject({
    direction: "inbound",
    status: "hangup",
    agent: { email: "ana@example.test" },
    summary: expect.stringContaining("14 Harbour Lane"),
  })
  expect(calls[0].transcript).toHaveLength(5)
  expect(calls[0].recordings).toHaveLength(1)
})

test("a transfer is a second leg in the same conversation, and a hold is a step of the first", async () => {
  const { calls } = await played("transferred")
  expect(calls.map(({ status }: { status: string }) => status).sort()).toEqual(["hangup", "transferred"])
  expect(calls.flatMap(({ recordings }: { recordings: unknown[] }) => recordings)).toHaveLength(2)
})

test("a missed call with a message left is a voicemail with sound and words; one given up in the queue is abandoned", async () => {
  const { calls } = await played("voicemail")
  expect(calls[0]).toMatchObject({
    status: "missed",
    recordings: [{ type: "voicemail" }],
    summary: expect.stringContaining("second one"),
  })
  const [{ status }] = (await played("abandoned")).calls
  expect(status).toBe("abandoned")
})

test("a reply is read out: a call to the customer in the same conversation, with what was said", async () => {
  const { id } = await played("missed")
  const uid = await platform.reply(id, "We called you back. Your order ships today.")
  await eventually(async () => (await platform.outcome(uid))?.state).toBe("sent")
  const spoken = async () =>
    (await callsWith("+15550100")).calls.find(({ direction }: { direction: string }) => direction === "outbound")
  await eventually(async () => (await spoken())?.transcript?.[0]?.content).toBe(
    "We called you back. Your order ships today.",
  )
})

test("an event that never comes holds the others up for a while only; what it was about may still come late", () => {
  const sequence = openSequence(openStore(null, "test", sequenceSchema + skippedSchema))
  const event = (seq: number, type: PbxEvent["type"]): PbxEvent => ({
    ...{
      call_id: "CA1",
      seq,
      type,
      at: 1,
      direction: "inbound",
      number: "+15550100",
      name: "Casey",
      parent_call_id: null,
    },
  })
  const types = (events: PbxEvent[]) => events.map(({ type }) => type)
  expect(types(sequence.take(event(1, "ringing")))).toEqual(["ringing"])
  expect(types(sequence.take(event(1, "ringing")))).toEqual([])
  expect(types(sequence.take(event(4, "hangup")))).toEqual([])
  expect(types(sequence.overdue(Date.now()))).toEqual([])
  expect(types(sequence.overdue(Date.now() + gapMsMax + 1))).toEqual(["hangup"])
  expect(types(sequence.take(event(2, "answered")))).toEqual([])
  expect(types(sequence.take(event(3, "recording_ready")))).toEqual(["recording_ready"])
  expect(types(sequence.take(event(3, "recording_ready")))).toEqual([])
})

test("an event that the telephone system did not sign is refused; a captured one is told", async () => {
  const body = await readFile(new URL("./payloads/pbx-ringing.json", import.meta.url), "utf8")
  const post = async (signature: string) => {
    const url = new URL("/pbx/events", channel.webhookUrl)
    return (await fetch(url, { method: "POST", body, headers: { [callbackHeader]: signature } })).status
  }
  expect(await post(signCallback("another", body))).toBe(403)
  expect(await post(signCallback(account.token, body))).toBe(204)
  await channel.settle()
  expect((await callsWith("+12125550142")).calls).toMatchObject([{ status: "ringing" }])
})

test("a captured reply makes one call however often it comes", async () => {
  const body = await readFile(new URL("./payloads/message.json", import.meta.url), "utf8")
  const at = String(Date.now())
  const headers = { [timestampHeader]: at, [signatureHeader]: signWebhook(app.secret, at, body) }
  const post = async () => (await fetch(channel.webhookUrl, { method: "POST", body, headers })).json()
  const first = await post()
  expect(first).toMatchObject({ type: "success", external_id: expect.stringMatching(/^spoken-CA/) })
  expect(await post()).toEqual(first)
})

test("the channel keeps to the protocol", async () => {
  // Calls that never get further than being asked for: the checks make a hundred.
  const slow = await startPbx({ ...account, port: 0, pace: 1 })
  const own = await startPhone({
    ...{ port: 0, appUid: app.uid, secret: app.secret, apiUrl: "http://127.0.0.1:9", dataDir: null },
    pbx: { ...account, url: slow.url },
  })
  try {
    const report = await checkChannel({ url: own.webhookUrl, secret: app.secret })
    expect(report.results.filter(({ result }) => result === "fail" || result === "warn")).toEqual([])
    expect(report.counts.pass).toBeGreaterThan(55)
  } finally {
    await own.close()
    await slow.close()
  }
})
