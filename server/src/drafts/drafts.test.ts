import { afterAll, expect, test } from "vitest"
import { ana, startStory, unique } from "../../../test/story.ts"
import { listen } from "../live/live.story.ts"
import { hire, signIn } from "../teammates/people.story.ts"

const story = await startStory()
afterAll(() => story.close())
const bo = await hire(story, "Bo Reed")
const ola = await hire(story, "Ola Marsh", "observer")
const admin = await signIn(story)
const { channelId } = story

const call = (method: string, path: string, json?: unknown) =>
  story.call(method, path, { token: story.apiToken, ...(json !== undefined && { json }) })

async function conversation(): Promise<string> {
  const message = await story.message(
    await story.customerWrites("Is my order late?", { sender: { handle: unique("mia") } }),
  )
  return String(message.body._links.related.conversation).split("/").at(-1) as string
}
const idsOf = (answer: { body: { _results: { id: string }[] } }) => answer.body._results.map(({ id }) => id)
const reply = { channel_id: channelId, body: "<p>It <b>ships</b> today.</p><script>x</script>" }
const sends = () => story.partner.received.filter(({ body }) => body?.type === "message")

test("a draft of a token is a message that is not sent: private, addressed to the customer, with a version", async () => {
  const cnv = await conversation()
  const made = await call("POST", `/conversations/${cnv}/drafts`, { ...reply, author_id: bo.id, subject: "Order" })
  expect(made.status, made.text).toBe(200)
  expect(made.body).toMatchObject({
    _links: {
      self: `${story.server.url}/messages/${made.body.id}`,
      related: { conversation: `${story.server.url}/conversations/${cnv}` },
    },
    id: expect.stringMatching(/^msg_/),
    type: "custom",
    is_inbound: false,
    is_draft: true,
    draft_mode: "private",
    error_type: null,
    version: expect.stringMatching(/^[0-9a-f]{32}-\d+-\d+-[0-9a-f]{4}$/),
    subject: "Order",
    body: "<p>It <b>ships</b> today.</p>",
    text: "It ships today.",
    author: { id: bo.id },
    signature: null,
  })
  expect(made.body.recipients.map(({ role }: { role: string }) => role)).toEqual(["from", "to"])
  expect((await call("GET", `/messages/${made.body.id}`)).body).toEqual(made.body)
  expect((await call("GET", `/messages/alt:uid:${made.body.message_uid}`)).body).toEqual(made.body)
  expect((await call("GET", `/conversations/${cnv}/drafts`)).body._results).toEqual([made.body])
  expect(idsOf(await call("GET", `/conversations/${cnv}/messages`))).not.toContain(made.body.id)
})

test("a private draft is its author's alone, an admin's neither; a shared one is everybody's who can open the conversation", async () => {
  const cnv = await conversation()
  const path = `/conversations/${cnv}/drafts`
  const own = await bo.call("POST", path, { json: reply })
  const shared = await bo.call("POST", path, { json: { ...reply, mode: "shared" } })
  expect([own.status, shared.status]).toEqual([200, 200])
  const both = [own.body.id, shared.body.id]
  expect(idsOf(await bo.call("GET", path))).toEqual(both)
  expect(idsOf(await admin("GET", path))).toEqual([shared.body.id])
  expect(idsOf(await call("GET", path))).toEqual([shared.body.id])
  expect(idsOf(await story.call("GET", path, { token: story.channelToken() }))).toEqual([shared.body.id])
  expect((await bo.call("GET", "/causeway/drafts")).body.drafts.map(({ id }: { id: string }) => id)).toEqual(
    expect.arrayContaining(both),
  )
  const hidden = await admin("GET", `/messages/${own.body.id}`)
  expect(hidden.status).toBe(404)
  expect(hidden.text.replace(own.body.id, "ID")).toBe(
    (await admin("GET", "/messages/msg_zzzzzz")).text.replace("msg_zzzzzz", "ID"),
  )
  expect((await admin("PATCH", `/drafts/${own.body.id}`, { json: reply })).status).toBe(404)
})

test("a change names the version it was made from: of two at once one is kept, the other is told", async () => {
  const cnv = await conversation()
  const { body: draft } = await bo.call("POST", `/conversations/${cnv}/drafts`, { json: { ...reply, cc: ["lee"] } })
  const change = (body: string) =>
    bo.call("PATCH", `/drafts/${draft.id}/`, { json: { channel_id: channelId, body, version: draft.version } })
  const answers = await Promise.all([change("one"), change("two")])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  const kept = answers.find(({ status }) => status === 200)?.body
  expect(kept.version).not.toBe(draft.version)
  expect(kept.recipients.map(({ role, handle }: { role: string; handle: string }) => `${role} ${handle}`)).toContain(
    "cc lee",
  )
  expect((await call("GET", `/messages/${draft.id}`)).status).toBe(404)
  expect((await bo.call("GET", `/messages/${draft.id}`)).body).toEqual(kept)
  const stale = await bo.call("DELETE", `/drafts/${draft.id}`, { json: { version: draft.version } })
  expect(stale.status).toBe(409)
  expect((await bo.call("DELETE", `/drafts/${draft.id}`, { json: {} })).status).toBe(400)
  expect((await bo.call("DELETE", `/drafts/${draft.id}`, { json: { version: kept.version } })).status).toBe(204)
  expect((await bo.call("GET", `/messages/${draft.id}`)).status).toBe(404)
})

test("sent, the draft is the message with the same id, uid and files, and it goes once", async () => {
  const cnv = await conversation()
  const form = new FormData()
  form.set("body", "The contract")
  form.set("channel_id", channelId)
  form.set("attachments[0]", new File(["a"], "a.txt", { type: "text/plain" }))
  form.set("attachments[1]", new File(["b"], "b.txt", { type: "text/plain" }))
  const { body: draft } = await bo.call("POST", `/conversations/${cnv}/drafts`, { form })
  const [first, second] = draft.attachments
  expect((await bo.call("GET", new URL(first.url).pathname)).text).toBe("a")
  expect((await admin("GET", new URL(first.url).pathname)).status).toBe(404)
  expect((await admin("GET", `/download/${first.id}`)).status).toBe(404)
  const changed = await bo.call("PATCH", `/drafts/${draft.id}`, {
    json: { channel_id: channelId, body: "The right contract", attachment_ids: [second.id] },
  })
  expect(changed.body.attachments.map(({ id }: { id: string }) => id)).toEqual([second.id])
  const before = sends().length
  const answers = await Promise.all(
    [1, 2, 3].map(() => bo.call("POST", `/causeway/drafts/${draft.id}/send`, { json: {} })),
  )
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202])
  expect(new Set(answers.map(({ body }) => body.message_uid))).toEqual(new Set([draft.message_uid]))
  await story.settle()
  expect(sends().length - before).toBe(1)
  expect(sends().at(-1)?.body.payload).toMatchObject({ id: draft.id, text: "The right contract" })
  const message = await bo.call("GET", `/messages/${draft.id}`)
  expect(message.body).toMatchObject({ message_uid: draft.message_uid, is_draft: false, author: { id: bo.id } })
  expect(message.body.attachments).toMatchObject([{ id: second.id, filename: "b.txt" }])
  expect((await call("GET", `/conversations/${cnv}`)).body.status).toBe("assigned")
  expect((await bo.call("GET", `/conversations/${cnv}/drafts`)).body._results).toEqual([])
  expect((await bo.call("PATCH", `/drafts/${draft.id}`, { json: reply })).status).toBe(404)
})

test("what changed since its sender read it is not sent", async () => {
  const cnv = await conversation()
  const { body: draft } = await bo.call("POST", `/conversations/${cnv}/drafts`, { json: { ...reply, mode: "shared" } })
  await admin("PATCH", `/drafts/${draft.id}`, { json: { ...reply, body: "Wait" } })
  const before = sends().length
  const stale = await bo.call("POST", `/causeway/drafts/${draft.id}/send`, { json: { version: draft.version } })
  expect(stale.status).toBe(409)
  expect((await ola.call("POST", `/causeway/drafts/${draft.id}/send`, { json: {} })).status).toBe(403)
  await story.settle()
  expect(sends()).toHaveLength(before)
})

test("a draft that starts a conversation shows it when it is shared, and the first message goes to whom it names", async () => {
  const handle = unique("nia")
  const made = await bo.call("POST", `/channels/${channelId}/drafts`, {
    json: { body: "Hello", to: [handle], subject: "Hi" },
  })
  expect(made.status, made.text).toBe(200)
  const cnv = made.body._links.related.conversation.split("/").at(-1)
  expect((await bo.call("GET", `/conversations/${cnv}`)).status).toBe(404)
  const shared = await bo.call("PATCH", `/drafts/${made.body.id}`, {
    json: { channel_id: channelId, body: "Hello Nia", mode: "shared" },
  })
  expect(shared.body.draft_mode).toBe("shared")
  expect((await admin("GET", `/conversations/${cnv}`)).body).toMatchObject({ subject: "Hi", status: "unassigned" })
  const sent = await admin("POST", `/causeway/drafts/${made.body.id}/send`, { json: {} })
  expect(sent.status, sent.text).toBe(202)
  await story.settle()
  expect(sends().at(-1)?.body.payload.recipients).toMatchObject([{ role: "from" }, { role: "to", handle }])
  expect((await admin("GET", `/conversations/${cnv}`)).body.recipient).toMatchObject({ handle })
  const nobody = await call("POST", `/channels/${channelId}/drafts`, { body: "Hello" })
  const unsent = await call("POST", `/causeway/drafts/${nobody.body.id}/send`, {})
  expect(unsent.status).toBe(400)
  expect(unsent.text).toContain("body.to is required")
})

test("a conversation that held nothing but a draft goes with it", async () => {
  const made = await admin("POST", `/channels/${channelId}/drafts`, {
    json: { body: "Hello", to: ["nia"], mode: "shared" },
  })
  const path = new URL(made.body._links.related.conversation).pathname
  expect((await admin("GET", path)).body.status).toBe("unassigned")
  await admin("DELETE", `/drafts/${made.body.id}`, { json: { version: made.body.version } })
  expect((await admin("GET", path)).body.status).toBe("deleted")
})

test("other browsers see a shared draft as it is written and when it is gone; a private one makes no sound", async () => {
  const cnv = await conversation()
  const listener = await listen(story, ana.email)
  const path = `/conversations/${cnv}/drafts`
  await bo.call("POST", path, { json: reply })
  const { body: draft } = await bo.call("POST", path, { json: { ...reply, mode: "shared" } })
  expect(await listener.next("draft_changed")).toMatchObject({
    conversation: { id: cnv },
    draft: { id: draft.id, text: "It ships today.", author: { name: "Bo Reed" }, version: draft.version },
  })
  await bo.call("PATCH", `/drafts/${draft.id}`, { json: { ...reply, body: "It ships tonight." } })
  expect((await listener.next("draft_changed")).draft?.text).toBe("It ships tonight.")
  await bo.call("POST", `/conversations/${cnv}/comments`, { json: { body: "Is that **right**?" } })
  expect((await listener.next("comment")).comment).toMatchObject({ html: "<p>Is that <strong>right</strong>?</p>\n" })
  await bo.call("POST", `/causeway/drafts/${draft.id}/send`, { json: {} })
  expect(await listener.next("draft_deleted")).toMatchObject({ draft: null, draft_id: draft.id })
  listener.close()
})

test("a draft is refused where it could not be sent, and to whom may not write", async () => {
  const cnv = await conversation()
  const path = `/conversations/${cnv}/drafts`
  for (const [json, problem] of [
    [{ body: "x" }, "body.channel_id"],
    [{ channel_id: channelId }, "body.body"],
    [{ ...reply, channel_id: "cha_zzzzzz" }, "body.channel_id names no channel"],
    [{ ...reply, author_id: "tea_zzzzzz" }, "body.author_id names no teammate"],
    [{ ...reply, signature_id: "sig_zzzzzz" }, "body.signature_id names no signature"],
    [{ ...reply, mode: "public" }, "body.mode"],
  ] as const) {
    const refused = await call("POST", path, json)
    expect(refused.status, JSON.stringify(json)).toBe(400)
    expect(refused.text).toContain(problem)
  }
  const signature = await call("POST", `/teammates/${bo.id}/signatures`, { name: "Bo", body: "Bo" })
  expect((await call("POST", path, { ...reply, signature_id: signature.body.id })).status).toBe(403)
  expect((await ola.call("POST", path, { json: reply })).status).toBe(403)
  expect((await bo.call("POST", path, { json: { ...reply, author_id: ola.id } })).status).toBe(403)
  const second = { token: story.channelToken({ sub: await story.connect(unique("Second")) }) }
  expect((await story.call("GET", path, second)).status).toBe(404)
  expect((await story.call("GET", `/conversations/${cnv}/drafts`, { token: story.channelToken() })).status).toBe(200)
})
