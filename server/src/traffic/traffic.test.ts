import type { ApiCallView, LogEntry, TraceStep } from "@causeway/contract/endpoints/log"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Reply, type Story, startStory } from "../../../test/story.ts"
import { perSecond, removeOld } from "./record.ts"

let story: Story
const get = async (path: string): Promise<Reply> => {
  const answer = await story.call("GET", path, { token: story.apiToken })
  expect(answer.status, answer.text).toBe(200)
  return answer
}
const log = async (query = ""): Promise<LogEntry[]> => (await get(`/causeway/log?${query}`)).body.entries
const whats = (entries: LogEntry[]) => entries.map(({ direction, what, outcome }) => `${direction} ${what} ${outcome}`)

beforeAll(async () => {
  story = await startStory()
})
afterAll(() => story.close())

/** A customer's question and a teammate's answer. */
async function exchange(
  question: string,
  answer: string,
): Promise<{ uid: string; conversationId: string; replyUid: string }> {
  const asked = await story.customerWrites(question)
  const message = (await story.message(asked)).body
  const conversationId = message._links.related.conversation.split("/").at(-1)
  const replied = await story.call("POST", `/conversations/${conversationId}/messages`, {
    token: story.apiToken,
    json: { body: answer },
  })
  await story.settle()
  return { uid: asked.body.message_uid, conversationId, replyUid: replied.body.message_uid }
}

test("calls and deliveries are one stream, newest first, with what each came to", async () => {
  await exchange("Where is it?", "It ships today.")
  const entries = await log(`channel_id=${story.channelId}`)
  expect(whats(entries)).toEqual(
    expect.arrayContaining([
      "out message ok",
      "out message_imported ok",
      "in POST inbound_messages ok",
      "out authorization ok",
    ]),
  )
  expect(entries.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).toSorted((a, b) => b - a))
  expect(entries.find(({ what }) => what === "message")).toMatchObject({
    http_status: 200,
    attempts: 1,
    took_ms: expect.any(Number),
  })
  const page = await get(`/causeway/log?channel_id=${story.channelId}&limit=2`)
  const rest = await log(`channel_id=${story.channelId}&before=${page.body.next}`)
  expect([...page.body.entries, ...rest].map(({ id }) => id)).toEqual(entries.map(({ id }) => id))
})

test("a call shows its request and answer, and no credential; a refused one says why", async () => {
  const refused = await story.customerWrites("x", { metadata: { external_id: "" } })
  expect(refused.status).toBe(400)
  const [entry] = await log("direction=in&outcome=failed")
  expect(entry).toMatchObject({ http_status: 400, reason: expect.stringContaining("metadata") })
  const call: ApiCallView = (await get(`/causeway/api_calls/${entry?.id}`)).body
  expect(JSON.parse(call.request_body ?? "")).toMatchObject({ body: "x" })
  expect(call.request_headers).toMatchObject({ authorization: "Bearer •••" })
  expect(call.response_body).toContain("_error")
})

test("filters narrow by direction, type, outcome, app, conversation and text", async () => {
  story.partner.answers({ status: 400, body: { type: "bad_request", message: "too long" } })
  const { conversationId } = await exchange("A lamp?", "A needle in the haystack")
  story.partner.answers()
  expect(whats(await log("outcome=failed&direction=out"))).toEqual(["out message failed"])
  expect(whats(await log("text=NEEDLE"))).toEqual(expect.arrayContaining(["out message failed"]))
  expect(await log("text=nobody-said-this")).toEqual([])
  expect(new Set((await log("what=message")).map(({ what }) => what))).toEqual(new Set(["message"]))
  expect((await log(`app_uid=${story.app.uid}`)).length).toBeGreaterThan(3)
  expect(await log("app_uid=1")).toEqual([])
  expect(new Set((await log(`conversation_id=${conversationId}`)).map((one) => one.conversation_id))).toEqual(
    new Set([conversationId]),
  )
})

test("who waits for a change hears of it at once, and of none after a while", async () => {
  const { etag } = (await get("/causeway/log")).body
  const startedAt = performance.now()
  const waiting = get(`/causeway/log?etag=${etag}&wait_seconds=20`)
  await story.customerWrites("Anybody there?")
  expect((await waiting).body.etag).not.toBe(etag)
  expect(performance.now() - startedAt).toBeLessThan(5_000)
  await story.settle()
  const quiet = (await get("/causeway/log")).body.etag
  expect((await get(`/causeway/log?etag=${quiet}&wait_seconds=0.2`)).body.etag).toBe(quiet)
})

test("an edited delivery is signed anew and tells the partner, and the message stays what it is", async () => {
  const { replyUid } = await exchange("Hi", "Original")
  const [original] = await log("what=message&limit=1")
  const path = `/causeway/deliveries/${original?.id}`
  const before = story.partner.received.length
  const body = JSON.stringify({ type: "message", payload: { id: "msg_edited", text: "Edited" } })
  const tried = await story.call("POST", `${path}/try`, { token: story.apiToken, json: { body } })
  expect(tried.status, tried.text).toBe(200)
  expect(tried.body).toMatchObject({ type: "message", status: "sent", replay_of: original?.id })
  const [received] = story.partner.received.slice(before)
  expect([received?.verified, received?.raw.toString()]).toEqual([true, body])
  expect((await get(`/messages/alt:uid:${replyUid}`)).body).toMatchObject({ text: "Original", is_draft: false })
  const broken = await story.call("POST", `${path}/try`, { token: story.apiToken, json: { body: "{a" } })
  expect([broken.status, broken.text]).toEqual([400, expect.stringContaining("body.body is not JSON")])
  expect((await get(path)).body.attempts[0].request.body).toContain("Original")
})

test("one id, of whatever kind, leads from the call to what the teammate saw", async () => {
  const { uid, conversationId, replyUid } = await exchange("Where is my parcel?", "On its way.")
  const found = async (id: string): Promise<{ steps: TraceStep[]; conversation_id: string }> =>
    (await get(`/causeway/trace?id=${encodeURIComponent(id)}`)).body
  const byUid = await found(uid)
  expect(byUid.conversation_id).toBe(conversationId)
  expect(byUid.steps.map(({ step, state }) => `${step} ${state}`)).toEqual([
    "call ok",
    "kept ok",
    "threaded ok",
    "seen ok",
    "delivery ok",
  ])
  const [call, kept] = byUid.steps
  expect((await found(String(call?.id))).steps).toEqual(byUid.steps)
  expect((await found(String(kept?.id))).steps).toEqual(byUid.steps)
  expect((await found(String(kept?.status))).steps).toEqual(byUid.steps)
  const reply = await found(replyUid)
  expect(reply.steps.map(({ step }) => step)).toEqual(["call", "kept", "threaded", "delivery", "seen"])
  expect((await found(String(reply.steps[3]?.id))).steps).toEqual(reply.steps)
  expect((await found("never-heard-of")).steps).toEqual([])
})

test("a busy integration is recorded so often a second and no more; what was refused has room of its own", () => {
  let nowMs = 1_000
  const hasRoom = perSecond(() => nowMs)
  const count = (kind: "fine" | "refused") => Array.from({ length: 200 }, () => hasRoom(kind)).filter(Boolean).length
  expect([count("fine"), count("fine"), count("refused")]).toEqual([50, 0, 100])
  nowMs += 1_000
  expect(count("fine")).toBe(50)
})

test("what is older than the log keeps is removed", async () => {
  const { db } = story.server.services
  await db.query({ text: "update api_call set at = at - interval '31 days' where what like 'POST%'" })
  await removeOld({ db, config: { keepDeliveriesDays: 30 } })
  expect(await log("direction=in&what=POST%20inbound_messages")).toEqual([])
})
