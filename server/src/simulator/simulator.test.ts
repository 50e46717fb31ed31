import { Session, type SimulatedState } from "@causeway/contract/endpoints/simulator"
import { Value } from "typebox/value"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Reply, type Story, startStory } from "../../../test/story.ts"
import { syntheticRecording } from "./audio.ts"
import { newRecording, recordEntry, recordStep, sessionOf } from "./session.ts"

let story: Story
let channelId: string
const path = (rest = "") => `/causeway/simulator/channels/${channelId}${rest}`
const call = async (method: string, to: string, json?: unknown): Promise<Reply> => {
  const answer = await story.call(method, to, { token: story.apiToken, ...(json !== undefined && { json }) })
  expect(answer.status, answer.text).toBeLessThan(300)
  return answer
}
const state = async (): Promise<SimulatedState> => (await call("GET", path())).body
const phone = async (handle: string) => (await state()).phones.find((one) => one.handle === handle)
const write = (handle: string, text: string, over: object = {}) =>
  call("POST", path("/messages"), { handle, name: "Mia", text, ...over })
const setFaults = (faults: object) => call("PUT", path("/faults"), faults)
const calm = { answer: null, inbound: null, later_failure: null, answer_after_seconds: 0, seed: null, remaining: null }

/** The conversation that a handle writes in, once it is known. */
async function conversationWith(handle: string): Promise<string> {
  const found = await call("GET", `/conversations?limit=100`)
  for (const { id, recipient } of found.body._results) if (recipient?.handle === handle) return id
  throw new Error(`nobody wrote as ${handle}`)
}

async function reply(handle: string, body: string): Promise<string> {
  const sent = await call("POST", `/conversations/${await conversationWith(handle)}/messages`, { body })
  await story.settle()
  return sent.body.message_uid
}

const errorOf = async (uid: string) => (await call("GET", `/messages/alt:uid:${uid}`)).body

/** How the latest delivery of a message ended. */
async function outcomeOf(uid: string): Promise<string[]> {
  const [last] = (await call("GET", `/causeway/deliveries?message_id=${(await errorOf(uid)).id}`)).body.deliveries
  return [last.status, last.error_code, last.reason]
}

beforeAll(async () => {
  story = await startStory()
  channelId = (await call("POST", "/causeway/simulator/channels", { name: "Phone" })).body.id
})
afterAll(() => story.close())

test("a customer's message comes in by the Channel API, and the reply reaches the phone", async () => {
  const written = await write("+15550001", "Where is my order?", { attachment: "image" })
  expect(written.body).toMatchObject({ state: "accepted", attachments: ["photo.png"] })
  await reply("+15550001", "It ships today.")
  expect((await phone("+15550001"))?.messages.map(({ from, text }) => [from, text])).toEqual([
    ["customer", "Where is my order?"],
    ["team", "It ships today."],
  ])
  const { traffic } = await state()
  expect(traffic.map(({ what, status }) => [what, status])).toEqual([
    ["authorization", 200],
    ["POST inbound_messages", 202],
    ["message_imported", 200],
    ["message", 200],
  ])
})

test("faults answer sends as the provider would: refused, lost on the way, failed later", async () => {
  await write("+15550002", "Hello")
  await setFaults({ answer: "forbidden", reason: "opted out", remaining: 1 })
  expect(await outcomeOf(await reply("+15550002", "one"))).toEqual(["failed", "forbidden", "opted out"])
  expect((await state()).faults).toMatchObject({ answer: null, remaining: null })
  await setFaults({ answer: "drop" })
  expect((await outcomeOf(await reply("+15550002", "two")))[0]).toBe("unknown")
  await setFaults({ ...calm, later_failure: "carrier rejected" })
  const later = await reply("+15550002", "three")
  await expect.poll(async () => (await errorOf(later)).error_type).not.toBeNull()
  await setFaults(calm)
  const magic = await reply("+15550002", "!fail not_found no such number")
  expect(await outcomeOf(magic)).toEqual(["failed", "not_found", "no such number"])
  expect((await phone("+15550002"))?.messages.at(-1)).toMatchObject({
    state: "failed",
    note: "not_found: no such number",
  })
})

test("what customers write can come twice, late, cut or not at all, and is kept at most once", async () => {
  for (const inbound of ["duplicate", "cut", "reorder", "drop"]) {
    await setFaults({ ...calm, inbound, remaining: 1 })
    await write("+15550003", inbound)
  }
  await write("+15550003", "last")
  const id = await conversationWith("+15550003")
  await expect
    .poll(async () =>
      (await call("GET", `/conversations/${id}/messages`)).body._results.map((m: { text: string }) => m.text),
    )
    .toEqual(expect.arrayContaining(["duplicate", "cut", "reorder", "last"]))
  const kept = (await call("GET", `/conversations/${id}/messages`)).body._results
  expect(kept).toHaveLength(4)
  expect((await phone("+15550003"))?.messages.map((message) => message.state)).toEqual([
    "accepted",
    "accepted",
    "accepted",
    "lost",
    "accepted",
  ])
})

test("a call rings, is held, transferred and ends, and leaves its recording, transcript and summary", async () => {
  const step = (action: string, over: object = {}) =>
    call("POST", path("/calls"), { handle: "+15550004", name: "Mia", action, ...over })
  const first = (await step("ring")).body.call_id
  for (const action of ["answer", "hold", "resume"]) await step(action)
  expect((await step("transfer")).body.call_id).not.toBe(first)
  await step("answer")
  expect((await step("hang_up", { recording: true, transcript: true, summary: true })).body.status).toBe("hangup")
  const calls = await call("GET", `/causeway/conversations/${await conversationWith("+15550004")}/calls`)
  expect(calls.body.calls.map(({ status }: { status: string }) => status)).toEqual(["transferred", "hangup"])
  expect(calls.body.calls[1]).toMatchObject({ summary: expect.stringContaining("7781") })
  expect(calls.body.calls[1].recordings).toHaveLength(1)
  const refused = await story.call("POST", path("/calls"), {
    token: story.apiToken,
    json: { handle: "+15550004", action: "hold" },
  })
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("the call is over")])
})

test("a recording is a WAV file, and the same one every time", () => {
  const audio = syntheticRecording(2, 3)
  expect([audio.toString("latin1", 0, 4), audio.toString("latin1", 8, 16), audio.length]).toEqual([
    "RIFF",
    "WAVEfmt ",
    44 + 2 * 16_000,
  ])
  expect(syntheticRecording(2, 3).equals(audio)).toBe(true)
  expect(syntheticRecording(2, 4).equals(audio)).toBe(false)
})

const steps = process.env.CAUSEWAY_FULL ? 120 : 16
test(
  "the same seed plays the same scene byte for byte, another seed another one",
  { timeout: 30_000 + steps * 2_000 },
  async () => {
    const run = async (seed: number) =>
      (await call("POST", path("/run"), { seed, steps, fault_rate: 0.5 })).body as {
        steps_done: number
        session: Session
      }
    const [first, again, other] = [await run(7), await run(7), await run(8)]
    expect(first.steps_done).toBe(first.session.steps.length)
    expect(first.session.streams.flatMap(({ sends }) => sends).some((send) => send.includes('"fault"'))).toBe(true)
    expect(again.session.streams).toEqual(first.session.streams)
    expect(JSON.stringify(again.session.streams)).toBe(JSON.stringify(first.session.streams))
    expect(JSON.stringify(other.session.streams)).not.toBe(JSON.stringify(first.session.streams))
  },
)

test("what people did is recorded, and replays byte for byte; a change in what passes is named", async () => {
  await call("POST", path("/session"))
  await write("+15550005", "Is my order late?")
  await reply("+15550005", "!fail bad_request too long")
  await write("+15550005", "Thanks anyway")
  const session = (await call("DELETE", path("/session"))).body as Session
  expect(session.steps.map((step) => step.do)).toEqual(["write", "reply", "write"])
  const replayed = (await call("POST", path("/replay"), { session })).body
  expect(replayed.differences).toEqual([])
  expect(replayed.is_equal).toBe(true)
  expect(JSON.stringify(replayed.session.streams)).toBe(JSON.stringify(session.streams))
  const changed = structuredClone(session)
  changed.steps[1] = { do: "reply", handle: "+15550005", text: "It ships today." }
  const different = (await call("POST", path("/replay"), { session: changed })).body
  expect(different).toMatchObject({ is_equal: false })
  expect(different.differences.map(({ stream }: { stream: string }) => stream)).toContain("sends")
})

test("a session that nobody ends stays within its bounds, and a call of before it is no part of it", async () => {
  const recording = newRecording(null)
  for (let n = 0; n < 3_000; n++) {
    recordStep(recording, { do: "reply", handle: "+15550006", text: "Soon." })
    const entry = {
      what: "message",
      body: "x".repeat(n === 0 ? 200_000 : 1),
      status: 200,
      answer: null,
      atMs: n,
      tookMs: 1,
    }
    recordEntry(recording, { ...entry, stream: "sends", thread: `thread-${n % 600}` })
  }
  expect([recording.steps.length, recording.entries.length]).toEqual([500, 2_000])
  expect(Value.Check(Session, sessionOf(recording, "space"))).toBe(true)

  const ring = (json: object) =>
    story.call("POST", path("/calls"), { token: story.apiToken, json: { handle: "+15550006", ...json } })
  const { call_id } = (await ring({ action: "ring" })).body
  await call("POST", path("/session"))
  expect((await ring({ action: "answer", call_id })).status).toBe(202)
  for (let n = 0; n < 500; n++) await call("PUT", path("/faults"), { rate: 0 })
  expect((await ring({ action: "hang_up", call_id })).body._error.message).toContain("no more steps")
  const ended = (await call("DELETE", path("/session"))).body as Session
  expect(new Set(ended.steps.map((step) => step.do))).toEqual(new Set(["faults"]))
  expect((await ring({ action: "hang_up", call_id })).status).toBe(202)
})

test("after a restart at another port the phones are reachable again", async () => {
  await story.restart()
  await write("+15550006", "Still there?")
  await reply("+15550006", "Yes.")
  expect((await phone("+15550006"))?.messages.map(({ text }) => text)).toEqual(["Still there?", "Yes."])
})

test("a server that was not started for it simulates nothing", async () => {
  const away = await startStory({ simulator: false })
  const answer = await away.call("POST", "/causeway/simulator/channels", { token: away.apiToken, json: {} })
  expect([answer.status, answer.text]).toEqual([403, expect.stringContaining("CAUSEWAY_SIMULATOR=1")])
  expect((await away.call("GET", "/causeway/simulator/channels", { token: away.apiToken })).body.is_enabled).toBe(false)
  await away.close()
})
