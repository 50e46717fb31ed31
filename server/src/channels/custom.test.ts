import { createHmac } from "node:crypto"
import { afterAll, expect, test } from "vitest"
import type { Received } from "../../../test/partner.ts"
import { type Reply, startStory, unique } from "../../../test/story.ts"

const story = await startStory()
afterAll(() => story.close())
const { call, apiToken, partner, inboxId } = story
const get = (path: string) => call("GET", path, { token: apiToken })

async function connect(settings: object, name = unique("Custom")): Promise<Reply> {
  return call("POST", `/inboxes/${inboxId}/channels`, { token: apiToken, json: { type: "custom", name, settings } })
}
const idOf = (connected: Reply): string => String(connected.headers.get("location")).split("/").at(-1) as string

const outgoing = { webhook_url: `${partner.url}/custom` }
const channelId = idOf(await connect({ ...outgoing, compose_mode: "normal" }))
const receive = (body: object, id = channelId) =>
  call("POST", `/channels/${id}/incoming_messages`, { token: apiToken, json: body })
const conversationOf = async (accepted: Reply) =>
  (await get(`/messages/alt:uid:${accepted.body.message_uid}`)).body._links.related.conversation as string

test("a custom channel shows its settings, which can be changed one by one; its contact type is fixed", async () => {
  const id = idOf(await connect({ ...outgoing, contact_type: "phone", undo_send_time: 5 }))
  const settings = async () => (await get(`/channels/${id}`)).body.settings
  expect(await settings()).toEqual({
    ...outgoing,
    contact_type: "phone",
    undo_send_time: 5,
    reply_mode: "same_channel",
    compose_mode: "unsupported",
    all_teammates_can_reply: true,
    auto_assign: true,
  })
  const change = (settings: object) => call("PATCH", `/channels/${id}`, { token: apiToken, json: { settings } })
  expect((await change({ auto_assign: false, compose_mode: "normal" })).status).toBe(204)
  expect(await settings()).toMatchObject({ auto_assign: false, compose_mode: "normal", undo_send_time: 5 })
  const refused = await change({ webhook_url: null })
  expect([refused.status, refused.body._error.details[0]]).toEqual([
    400,
    expect.stringContaining("body.settings.webhook_url"),
  ])
  expect((await change({ webhook_url: null, reply_mode: "unsupported", compose_mode: "unsupported" })).status).toBe(204)
})

test("without an outgoing URL nobody can reply or begin", async () => {
  expect((await connect({ reply_mode: "same_channel" })).status).toBe(400)
  const id = idOf(await connect({}))
  const accepted = await receive({ sender: { handle: "lin" }, body: "Hello" }, id)
  const reply = await call("POST", `${new URL(await conversationOf(accepted)).pathname}/messages`, {
    token: apiToken,
    json: { body: "Hi" },
  })
  expect([reply.status, reply.body._error.message]).toEqual([400, expect.stringContaining("cannot reply")])
  const begun = await call("POST", `/channels/${id}/messages`, { token: apiToken, json: { to: ["lin"], body: "Hi" } })
  expect([begun.status, begun.body._error.message]).toEqual([400, expect.stringContaining("no new messages")])
})

test("what an app decides cannot be set on its channel", async () => {
  for (const settings of [outgoing, { reply_mode: "unsupported" }, { compose_mode: "normal" }])
    expect((await call("PATCH", `/channels/${story.channelId}`, { token: apiToken, json: { settings } })).status).toBe(
      400,
    )
})

test("an incoming message is markdown unless it says html; its headers come back, its reference finds the conversation", async () => {
  const accepted = await receive({
    sender: { handle: "rosa", name: "Rosa Díaz" },
    subject: "Order",
    body: "**late**?",
    metadata: { thread_ref: unique("t"), headers: { ticket: 7, nested: { a: [1] } } },
  })
  expect(accepted.status, accepted.text).toBe(202)
  const message = (await get(`/messages/alt:uid:${accepted.body.message_uid}`)).body
  expect(message).toMatchObject({
    type: "custom",
    is_inbound: true,
    subject: "Order",
    body: "<p><strong>late</strong>?</p>\n",
  })
  expect(message.metadata.headers).toMatchObject({ ticket: 7, nested: { a: [1] } })
  const found = await get(`/conversations/alt:ref:${encodeURIComponent(accepted.body.conversation_reference)}`)
  expect(found.body).toMatchObject({ status: "unassigned", subject: "Order" })
  const html = await receive({ sender: { handle: "rosa" }, body: "**as is** <b>x</b>", body_format: "html" })
  expect((await get(`/messages/alt:uid:${html.body.message_uid}`)).body.body).toContain("**as is** <b>x</b>")
})

test("a sender is linked to the contact that is named beside it, once it is a contact", async () => {
  const first = await receive({ sender: { handle: unique("ines"), name: "Ines" }, body: "Hi" })
  const message = (await get(`/messages/alt:uid:${first.body.message_uid}`)).body
  const contact = message.recipients[0]._links.related.contact.split("/").at(-1)
  const other = unique("ines-at-work")
  const linked = await receive({ sender: { handle: other, contact_id: contact }, body: "Me too" })
  expect(linked.status, linked.text).toBe(202)
  const again = (await get(`/messages/alt:uid:${linked.body.message_uid}`)).body
  expect(again.recipients[0]._links.related.contact).toBe(message.recipients[0]._links.related.contact)
  const { handles } = (await get(`/contacts/${contact}`)).body
  expect(handles.map(({ handle }: { handle: string }) => handle)).toContain(other)
  const nobody = await receive({ sender: { handle: "x", contact_id: "crd_zzz" }, body: "Hi" })
  expect([nobody.status, nobody.body._error.details[0]]).toEqual([400, "body.sender.contact_id names no contact"])
})

test("a reply tells the custom channel's server by which thread_ref it knows the conversation", async () => {
  const ref = unique("t")
  const accepted = await receive({ sender: { handle: "noor" }, body: "Hi", metadata: { thread_ref: ref } })
  await call("POST", `${new URL(await conversationOf(accepted)).pathname}/messages`, {
    token: apiToken,
    json: { body: "Threaded" },
  })
  await story.settle()
  const sent = partner.received.find(({ path, body }) => path === "/custom" && body.text === "Threaded")
  expect(sent?.body.metadata).toEqual({ thread_ref: ref, headers: { in_reply_to: null } })
})

test("incoming messages come as multipart with files too", async () => {
  const form = new FormData()
  form.set("sender[handle]", "rosa")
  form.set("body", "See")
  form.set("metadata[headers][source]", "form")
  form.set("attachments[0]", new File(["x"], "x.txt", { type: "text/plain" }))
  const accepted = await call("POST", `/channels/${channelId}/incoming_messages`, { token: apiToken, form })
  expect(accepted.status, accepted.text).toBe(202)
  const message = (await get(`/messages/alt:uid:${accepted.body.message_uid}`)).body
  expect(message).toMatchObject({ attachments: [{ filename: "x.txt" }], metadata: { headers: { source: "form" } } })
})

test("an outgoing message is the bare resource, signed with SHA-1; each of the seven error types shows its reason", async () => {
  const { body: secret } = await get("/causeway/rules/secret")
  const received = await receive({ sender: { handle: "noor" }, body: "Hi" })
  const path = `${new URL(await conversationOf(received)).pathname}/messages`
  const types = [
    "bad_request",
    "authentication_required",
    "forbidden",
    "not_found",
    "request_timeout",
    "too_many_requests",
    "internal_error",
  ]
  for (const type of [null, ...types]) {
    const before = partner.received.length
    partner.answers((request: Received) =>
      request.path === "/custom" ? { body: type ? { type, message: `no: ${type}` } : { type: "success" } } : {},
    )
    const accepted = await call("POST", path, { token: apiToken, json: { body: "Answer" } })
    await story.settle()
    const sent = partner.received.slice(before).filter((request) => request.path === "/custom")
    expect(sent).toHaveLength(1)
    const [webhook] = sent as [Received]
    expect(webhook.headers["x-front-signature"]).toBe(
      createHmac("sha1", secret.secret).update(webhook.raw).digest("base64"),
    )
    expect(webhook.headers["x-front-request-timestamp"]).toBeUndefined()
    expect(webhook.body).toMatchObject({ id: expect.stringMatching(/^msg_/), text: "Answer", is_inbound: false })
    const message = (await get(`/messages/alt:uid:${accepted.body.message_uid}`)).body
    expect(message.is_draft).toBe(type !== null)
    const { deliveries } = (await get(`/causeway/deliveries?message_id=${message.id}`)).body
    expect(deliveries[0]).toMatchObject(
      type === null ? { error_code: null } : { error_code: type, reason: `no: ${type}` },
    )
    if (type === "authentication_required")
      await call("PATCH", `/channels/${channelId}`, { token: apiToken, json: { status: "ok" } })
  }
  partner.answers()
})

test("history is imported into an inbox once per external id, archived, in its own order, and nobody is asked to answer it", async () => {
  const externalId = unique("old")
  const old = {
    sender: { handle: "Mia@Example.test", name: "Mia Kovač" },
    to: ["support@acme.test"],
    body: "From *2015*",
    external_id: externalId,
    created_at: 1436544000,
    type: "email",
    metadata: { is_inbound: true, thread_ref: unique("t") },
  }
  const send = (over: object = {}) =>
    call("POST", `/inboxes/${inboxId}/imported_messages`, { token: apiToken, json: { ...old, ...over } })
  const first = await send()
  expect(first.status, first.text).toBe(202)
  expect((await send()).body).toEqual(first.body)
  const message = (await get(`/messages/alt:uid:${first.body.message_uid}`)).body
  expect(message).toMatchObject({
    created_at: 1436544000,
    is_inbound: true,
    text: "From 2015",
    recipients: [
      { role: "from", handle: "mia@example.test" },
      { role: "to", handle: "support@acme.test" },
    ],
  })
  const conversation = (await get(new URL(message._links.related.conversation).pathname)).body
  expect(conversation.status).toBe("archived")
  expect(conversation).not.toHaveProperty("waiting_since")
  const answer = await send({
    external_id: unique("old"),
    sender: { handle: "support@acme.test", author_id: "alt:email:ana@example.test" },
    to: ["mia@example.test"],
    created_at: 1436547600,
    metadata: { ...old.metadata, is_inbound: false },
  })
  const answered = (await get(`/messages/alt:uid:${answer.body.message_uid}`)).body
  expect(answered).toMatchObject({
    is_inbound: false,
    author: { email: "ana@example.test" },
    _links: { related: { conversation: message._links.related.conversation } },
  })
  const elsewhere = await send({
    external_id: unique("old"),
    conversation_id: conversation.id,
    metadata: { is_inbound: true, thread_ref: "other" },
  })
  expect(await conversationOf(elsewhere)).toBe(message._links.related.conversation)
  const open = await send({
    external_id: unique("old"),
    assignee_id: "alt:email:ana@example.test",
    metadata: { is_inbound: true, is_archived: false, thread_ref: unique("t") },
  })
  expect((await get(new URL(await conversationOf(open)).pathname)).body).toMatchObject({
    status: "assigned",
    assignee: { email: "ana@example.test" },
  })
  expect((await get("/channels")).body._results.map(({ name }: { name: string }) => name)).not.toContain("Imported")
  const reply = await call("POST", `${new URL(message._links.related.conversation).pathname}/messages`, {
    token: apiToken,
    json: { body: "x" },
  })
  expect(reply.status).toBe(400)
})

test("an imported message keeps its type and everybody it names; rules leave it alone unless they are asked for", async () => {
  const rule = await call("POST", "/causeway/rules", {
    token: apiToken,
    json: {
      name: "Thanks",
      conditions: [{ type: "text_contains", words: ["unanswered history"] }],
      actions: [{ type: "assign", assignee_id: "alt:email:ana@example.test" }],
    },
  })
  const send = (over: object, metadata: object = {}) =>
    call("POST", `/inboxes/${inboxId}/imported_messages`, {
      token: apiToken,
      json: {
        sender: { handle: "+47 22 33 44 55" },
        to: ["+4711111111", "+4722222222"],
        cc: ["+4733333333"],
        bcc: ["+4744444444"],
        body: "5 * 3 * 2, unanswered history",
        type: "sms",
        external_id: unique("sms"),
        created_at: 1436544000,
        ...over,
        metadata: { is_inbound: true, thread_ref: unique("t"), is_archived: false, ...metadata },
      },
    })
  const quiet = await send({})
  expect(quiet.status, quiet.text).toBe(202)
  const message = (await get(`/messages/alt:uid:${quiet.body.message_uid}`)).body
  expect(message).toMatchObject({ type: "sms", text: "5 * 3 * 2, unanswered history" })
  expect(message.recipients.map(({ role, handle }: { role: string; handle: string }) => `${role} ${handle}`)).toEqual([
    "from +4722334455",
    "to +4711111111",
    "to +4722222222",
    "cc +4733333333",
    "bcc +4744444444",
  ])
  expect(message.recipients[0]._links.related.contact).toMatch(/crd_/)
  const asked = await send({}, { should_skip_rules: false })
  await story.settle()
  const statusOf = async (accepted: Reply) => (await get(new URL(await conversationOf(accepted)).pathname)).body.status
  expect(rule.status, rule.text).toBe(201)
  expect([await statusOf(quiet), await statusOf(asked)]).toEqual(["unassigned", "assigned"])
})

test("an import tags its conversation by name; a tag that nobody made is made, once", async () => {
  const name = unique("vip")
  const send = (over: object = {}) =>
    call("POST", `/inboxes/${inboxId}/imported_messages`, {
      token: apiToken,
      json: {
        sender: { handle: unique("mia") },
        to: ["b"],
        body: "x",
        external_id: unique("e"),
        created_at: 1,
        tags: [name, name],
        metadata: { is_inbound: true, thread_ref: unique("t") },
        ...over,
      },
    })
  const both = await Promise.all([send(), send()])
  expect(both.map(({ status }) => status)).toEqual([202, 202])
  for (const accepted of both) {
    const conversation = (await get(new URL(await conversationOf(accepted)).pathname)).body
    expect(conversation.tags.map((tag: { name: string }) => tag.name)).toEqual([name])
  }
  const tags = (await get("/tags")).body._results.filter((tag: { name: string }) => tag.name === name)
  expect(tags).toHaveLength(1)
})

test("bad imports name their field", async () => {
  const send = (json: object) => call("POST", `/inboxes/${inboxId}/imported_messages`, { token: apiToken, json })
  const good = {
    sender: { handle: "a" },
    to: ["b"],
    body: "x",
    external_id: "e",
    created_at: 1,
    metadata: { is_inbound: true },
  }
  const cases: [object, string][] = [
    [{ created_at: "soon" }, "body.created_at"],
    [{ metadata: {} }, "body.metadata.is_inbound"],
    [{ assignee_id: "tea_zzz" }, "body.assignee_id"],
    [{ conversation_id: "cnv_zzz" }, "body.conversation_id"],
    [{ sender: {} }, "body.sender.handle"],
  ]
  for (const [over, field] of cases) {
    const refused = await send({ ...good, external_id: unique("e"), ...over })
    expect([refused.status, refused.body._error.details[0]], field).toEqual([400, expect.stringContaining(field)])
  }
})
