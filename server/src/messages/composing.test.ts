import { afterAll, expect, test } from "vitest"
import { startStory, unique } from "../../../test/story.ts"
import { hire, signIn } from "../teammates/people.story.ts"

const story = await startStory({ app: { features: ["reply", "attachments", "templates"] } })
afterAll(() => story.close())
const admin = await signIn(story)
const bo = await hire(story, "Bo Reed")

async function conversation(): Promise<{ id: string; handle: string; thread: object; path: string }> {
  const handle = unique("mia")
  const thread = { external_conversation_id: unique("thread") }
  const message = await story.message(
    await story.customerWrites("Is my order late?", {
      sender: { handle, name: "Mia Kovač" },
      metadata: { external_id: unique("ext"), ...thread },
    }),
  )
  const id = String(message.body._links.related.conversation).split("/").at(-1) as string
  return { id, handle, thread, path: `/conversations/${id}/messages` }
}
/** The place in the feed up to which a browser that loads the conversation now has seen it. */
async function seen(id: string): Promise<number> {
  const { body } = await admin("GET", `/causeway/conversations/${id}`)
  return Number(body.cursor.split("-").at(-1))
}
const sends = () => story.partner.received.filter(({ body }) => body?.type === "message")
const words = { body: "<p>It ships today.</p>", text: "It ships today." }

test("a reply is refused once when a customer, a teammate's reply or a note came in since its writer looked, and names them", async () => {
  const { id, path, handle, thread } = await conversation()
  const before = await seen(id)
  await story.customerWrites("Hello?", {
    sender: { handle, name: "Mia Kovač" },
    metadata: { external_id: unique("ext"), ...thread },
  })
  const first = await bo.call("POST", path, { json: words })
  expect(first.status, first.text).toBe(202)
  await bo.call("POST", `/conversations/${id}/comments`, { json: { body: "I have answered." } })
  await story.settle()
  const sentBefore = sends().length
  const refused = await admin("POST", path, { json: { ...words, based_on_seq: before } })
  expect(refused.status).toBe(409)
  expect(refused.body._error.newcomers).toMatchObject([
    { type: "message", by: "Mia Kovač" },
    { type: "message", by: "Bo Reed" },
    { type: "comment", by: "Bo Reed" },
  ])
  expect(refused.body._error.position).toBeGreaterThan(before)
  await story.settle()
  expect(sends().length).toBe(sentBefore)
  const anyway = await admin("POST", path, { json: { ...words, based_on_seq: refused.body._error.position } })
  expect(anyway.status, anyway.text).toBe(202)
})

test("assigning, tagging, one's own words and what was taken back refuse nobody's reply", async () => {
  const { id, path } = await conversation()
  const before = await seen(id)
  await bo.call("PATCH", `/conversations/${id}`, { json: { assignee_id: bo.id } })
  await admin("POST", `/conversations/${id}/comments`, { json: { body: "Mine." } })
  const own = await admin("POST", path, { json: { ...words, based_on_seq: before } })
  expect(own.status, own.text).toBe(202)
  const held = await bo.call("POST", path, { json: { ...words, options: { undo_seconds: 30 } } })
  const message = await bo.call("GET", `/messages/alt:uid:${held.body.message_uid}`)
  expect((await bo.call("POST", `/causeway/messages/${message.body.id}/undo`)).status).toBe(200)
  expect((await admin("POST", path, { json: { ...words, based_on_seq: before } })).status).toBe(202)
})

test("of two teammates who send at once, exactly one is refused and sees the other's reply", async () => {
  const { id, path } = await conversation()
  const based_on_seq = await seen(id)
  const answers = await Promise.all(
    [admin, bo.call].map((call) => call("POST", path, { json: { ...words, based_on_seq } })),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 409])
})

test("inboxes are told the key that a teammate's reply was sent with; nobody learns a program's, and the vendor's resource has none", async () => {
  const { id, path } = await conversation()
  const headers = { "idempotency-key": unique("key") }
  await admin("POST", path, { json: words, headers })
  const sent = await story.call("POST", path, { token: story.apiToken, json: words, headers })
  const { body } = await bo.call("GET", `/causeway/conversations/${id}`)
  const replies = body.messages.filter(({ direction }: { direction: string }) => direction === "outbound")
  expect(replies.map((reply: { client_key: string | null }) => reply.client_key)).toEqual([
    headers["idempotency-key"],
    null,
  ])
  const resource = await story.call("GET", `/messages/alt:uid:${sent.body.message_uid}`, { token: story.apiToken })
  expect(resource.text).not.toContain(headers["idempotency-key"])
})

test("an API token's reply is never held up by what it has not seen", async () => {
  const { path } = await conversation()
  const sent = await story.call("POST", path, { token: story.apiToken, json: { ...words, based_on_seq: 0 } })
  expect(sent.status).toBe(202)
})

test("a reply takes its writer's draft with the files, once; undone, both come back as a draft", async () => {
  const { id, path } = await conversation()
  const form = new FormData()
  form.set("channel_id", story.channelId)
  form.set("body", "<p>half</p>")
  form.set("attachments[0]", new File(["the contract"], "contract.txt", { type: "text/plain" }))
  const { body: draft } = await bo.call("POST", `/conversations/${id}/drafts`, { form })
  const json = { body: "<p></p>", text: "", draft_id: draft.id, options: { undo_seconds: 60 } }
  expect((await admin("POST", path, { json })).status).toBe(409)
  const once = { json, headers: { "idempotency-key": "one" } }
  const [sent, repeated] = [await bo.call("POST", path, once), await bo.call("POST", path, once)]
  expect([sent.status, repeated.status]).toEqual([202, 202])
  expect(repeated.body).toEqual(sent.body)
  const message = await bo.call("GET", `/messages/${draft.id}`)
  expect(message.body).toMatchObject({ body: "", text: "", attachments: [{ filename: "contract.txt" }] })
  const undone = await bo.call("POST", `/causeway/messages/${draft.id}/undo`)
  const { body: back } = await bo.call("GET", `/messages/${undone.body.draft_id}`)
  expect(back).toMatchObject({ is_draft: true, draft_mode: "private", attachments: [{ filename: "contract.txt" }] })
  expect((await bo.call("GET", new URL(back.attachments[0].url).pathname)).text).toBe("the contract")
  expect((await bo.call("POST", path, { json: { ...json, draft_id: back.id } })).status).toBe(202)
})

const template = {
  external_id: "delivery_update",
  name: "Delivery update",
  blurb: "Hi {{1}}",
  is_disabled: false,
  status_name: "APPROVED",
  variable_mappings: [
    { uid: "1", type: "text", name: "Customer" },
    { uid: "2", type: "text", name: "Parcel" },
  ],
  template_preview: "<p>Hi {{1}}, your parcel <b>{{2}}</b> comes.</p>",
}
const put = (over: object = {}) =>
  story.call("PUT", `/channels/${story.channelId}/application_message_templates`, {
    token: story.channelToken(),
    json: { ...template, ...over },
  })
async function templateId(name: string): Promise<string> {
  const { body } = await bo.call("GET", `/causeway/channels/${story.channelId}/templates`)
  return body.templates.find((view: { name: string }) => view.name === name).id
}
const filled = (id: string, ...values: string[]) => ({
  ...words,
  template: { id, variables: values.map((value, i) => ({ uid: String(i + 1), value })) },
})

test("a filled-in template goes out with its rendered body, and in metadata by id and values", async () => {
  const { path } = await conversation()
  await put()
  const sent = await bo.call("POST", path, { json: filled(await templateId("Delivery update"), "Mia <3", "{{1}}") })
  expect(sent.status, sent.text).toBe(202)
  await story.settle()
  const { payload, metadata } = sends().at(-1)?.body ?? {}
  expect(payload).toMatchObject({
    body: "<p>Hi Mia &lt;3, your parcel <b>{{1}}</b> comes.</p>",
    text: "Hi Mia <3, your parcel {{1}} comes.",
  })
  expect(metadata.template).toEqual({
    external_id: "delivery_update",
    name: "Delivery update",
    variables: [
      { uid: "1", type: "text", name: "Customer", value: "Mia <3" },
      { uid: "2", type: "text", name: "Parcel", value: "{{1}}" },
    ],
  })
})

test("a template that is waiting, has an unexplained place, or lacks a value is refused by name", async () => {
  const { path } = await conversation()
  await put()
  await put({ external_id: "w", name: "Waiting", status_name: "PENDING" })
  await put({ external_id: "u", name: "Unmapped", variable_mappings: [] })
  await put({
    external_id: "i",
    name: "Picture",
    variable_mappings: [{ uid: "1", type: "image", name: "Header" }],
    template_preview: "See {{1}}",
  })
  for (const [name, values, problem] of [
    ["Delivery update", ["Mia"], "body.template.variables {{2}} (Parcel) is required"],
    ["Waiting", ["Mia", "x"], "until the provider approves it"],
    ["Unmapped", [], "nothing says what {{1}}"],
    ["Picture", ["javascript:alert(1)"], "must be an https address"],
  ] as const) {
    const refused = await bo.call("POST", path, { json: filled(await templateId(name), ...values) })
    expect(refused.status, name).toBe(400)
    expect(refused.text).toContain(problem)
  }
  const missing = await bo.call("POST", path, { json: filled("tpl_zzzzzz") })
  expect(missing.text).toContain("body.template.id names no template")
})
