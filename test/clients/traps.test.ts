import { afterAll, beforeEach, expect, test } from "vitest"
import type { Received } from "../partner.ts"
import { inbound, type Reply, startStory, unique } from "../story.ts"

/** Where a platform like this goes wrong, by the numbers of docs/compatibility.md. Those that a client's row covers are named there. */
const story = await startStory()
afterAll(() => story.close())
const { call, apiToken, partner, channelId } = story
beforeEach(async () => {
  partner.answers()
  await story.settle() // what one test left on its way must not meet the next one's script
})

const get = (path: string, token = apiToken) => call("GET", path, { token })
const pathOf = (link: string): string => new URL(link).pathname
const last = (type: string): Received => partner.received.filter(({ body }) => body?.type === type).at(-1) as Received
const read = async (accepted: Reply, token = apiToken) =>
  (await get(`/messages/alt:uid:${accepted.body.message_uid}`, token)).body
const conversationOf = async (accepted: Reply): Promise<string> =>
  pathOf((await read(accepted))._links.related.conversation)
const reply = async (path: string, json: object = {}): Promise<Reply> =>
  call("POST", `${path}/messages`, { token: apiToken, json: { body: "Answer", options: { archive: false }, ...json } })

/** A second app with one channel, whose handles are of `contactType`. */
async function channelOf(contactType: string): Promise<{ id: string; token: () => string; uid: string }> {
  const app = (
    await call("POST", "/causeway/apps", {
      token: apiToken,
      json: {
        name: contactType,
        webhook_url: `${partner.url}/${contactType}`,
        contact_type: contactType,
        features: ["compose", "reply", "attachments", "templates", "calls"],
      },
    })
  ).body
  const made = await call("POST", `/inboxes/${story.inboxId}/channels`, {
    token: apiToken,
    json: { type: "custom", name: contactType, application_uid: app.uid },
  })
  const id = String(made.headers.get("location")).split("/").at(-1) as string
  return { id, uid: app.uid, token: () => story.channelToken({ iss: app.uid, sub: id }, app.secret) }
}
const phone = await channelOf("phone")
const overPhone = (text: string, handle: string) =>
  call("POST", `/channels/${phone.id}/inbound_messages`, {
    token: phone.token(),
    json: { ...inbound(text), sender: { handle } },
  })

test("trap 5: message_imported answered with {} is done, and not told again", async () => {
  partner.answers((request: Received) => ({
    body: request.body?.type === "message_imported" ? {} : { type: "success" },
  }))
  await story.customerWrites("Hi")
  await story.settle()
  const { deliveries } = (await get(`/causeway/deliveries?channel_id=${channelId}&limit=1`)).body
  expect(deliveries[0]).toMatchObject({ type: "message_imported", status: "sent" })
  expect(deliveries[0].attempts).toHaveLength(1)
})

test.each([
  [400],
  [403],
  [500],
  [200],
])("trap 6: an error type is read on status %i, and plain text on a refusal is survived", async (status) => {
  const conversation = await conversationOf(await story.customerWrites("Hi"))
  partner.answers({ status, body: { type: "forbidden", message: "blocked" } })
  const refused = await reply(conversation)
  await story.settle()
  expect(await read(refused)).toMatchObject({ is_draft: true, error_type: "webhook_error" })
  partner.answers({ status: 400, body: "Bad Request" })
  const plain = await reply(conversation)
  await story.settle()
  expect((await read(plain)).is_draft).toBe(true)
})

test("trap 7: a partner that drops the connection after its answer gets the next send all the same", async () => {
  const conversation = await conversationOf(await story.customerWrites("Hi"))
  partner.answers({ status: 400, body: "Bad Request", headers: { connection: "close" } }, { body: { type: "success" } })
  await reply(conversation)
  const second = await reply(conversation)
  await story.settle()
  expect(await read(second)).toMatchObject({ is_draft: false, error_type: null })
})

test("trap 10: a failed message stays failed, whatever comes later", async () => {
  const conversation = await conversationOf(await story.customerWrites("Hi"))
  partner.answers({ status: 500, body: { type: "internal_error" } })
  const failed = await reply(conversation)
  await story.settle()
  const { id } = await read(failed)
  await call("POST", `/channels/${channelId}/outbound_messages`, {
    token: story.channelToken(),
    json: { to: [{ handle: "mia" }], body: "x", metadata: { external_id: id, external_conversation_id: "c" } },
  })
  expect((await read(failed)).is_draft).toBe(true)
})

test("trap 13: delivered_at is in seconds, call times and seen receipts in milliseconds", async () => {
  const at = 1_600_000_000
  const message = await read(await story.customerWrites("Hi", { delivered_at: at }))
  expect(message.created_at).toBe(at)
  const started = Date.now() - 60_000
  const made = await call("POST", `/channels/${phone.id}/calls`, {
    token: phone.token(),
    json: {
      external_call_id: unique("call"),
      direction: "inbound",
      initial_status: "ringing",
      from: { handle: "+15550101" },
      started_at: started,
    },
  })
  expect(made.status, made.text).toBe(202)
  const [row] = await story.server.services.db.query<{ started_at: Date }>({
    text: "select started_at from call order by id desc limit 1",
  })
  expect(row?.started_at.getTime()).toBe(started)
})

test("trap 14: PATCH /channels takes the Channel API's status and the Core API's settings", async () => {
  const path = `/channels/${channelId}`
  expect((await call("PATCH", path, { token: story.channelToken(), json: { status: "offline" } })).status).toBe(204)
  expect((await get(path)).body.is_valid).toBe(false)
  expect((await call("PATCH", path, { token: story.channelToken(), json: { status: "ok" } })).status).toBe(204)
  expect(
    (await call("PATCH", path, { token: apiToken, json: { name: "Renamed", settings: { undo_send_time: 5 } } })).status,
  ).toBe(204)
  expect((await get(path)).body).toMatchObject({ name: "Renamed", is_valid: true, settings: { undo_send_time: 5 } })
})

test("trap 17: custom fields and search are no conversations, and no channel's", async () => {
  for (const path of ["/conversations/custom_fields", "/conversations/search/hello"]) {
    expect((await get(path)).status, path).toBe(200)
    expect((await get(path, story.channelToken())).status, path).toBe(403)
  }
})

test("trap 19: external ids are shown to the channel's own token and to nobody else", async () => {
  const accepted = await story.customerWrites("Hi")
  const own = await read(accepted, story.channelToken())
  expect(own.metadata.external_id).toMatch(/^ext_/)
  expect((await read(accepted)).metadata).not.toHaveProperty("external_id")
  const path = pathOf(own._links.related.conversation)
  expect((await get(path, story.channelToken())).body.metadata.external_conversation_ids).toHaveLength(1)
  expect((await get(path)).body.metadata).toEqual({})
})

test("trap 20: after a merge every external id threads into the survivor, and the other answers 301", async () => {
  const [one, two] = [unique("thread"), unique("thread")]
  const write = (thread: string) =>
    story.customerWrites("Hi", { metadata: { external_id: unique("e"), external_conversation_id: thread } })
  const [kept, gone] = [await conversationOf(await write(one)), await conversationOf(await write(two))]
  const merged = await call("POST", `/causeway${kept}/merge`, {
    token: apiToken,
    json: { conversation_ids: [gone.split("/").at(-1)] },
  })
  expect(merged.status, merged.text).toBeLessThan(300)
  for (const thread of [one, two]) expect(await conversationOf(await write(thread))).toBe(kept)
  const moved = await get(gone)
  expect([moved.status, moved.headers.get("location")]).toEqual([301, expect.stringMatching(new RegExp(`${kept}$`))])
  const ids = (await get(kept, story.channelToken())).body.metadata.external_conversation_ids
  expect(ids).toEqual(expect.arrayContaining([one, two]))
})

test("trap 23: one external id in two channels is two messages", async () => {
  const body = inbound("Hi")
  const here = await call("POST", `/channels/${channelId}/inbound_messages`, {
    token: story.channelToken(),
    json: body,
  })
  const there = await call("POST", `/channels/${phone.id}/inbound_messages`, {
    token: phone.token(),
    json: { ...body, sender: { handle: "+15550102" } },
  })
  expect(here.body.message_uid).not.toBe(there.body.message_uid)
})

test("trap 24: two channels may share one webhook address; each is told its own", async () => {
  const second = await story.connect(unique("Second"))
  for (const id of [channelId, second])
    await call("POST", `/channels/${id}/messages`, { token: apiToken, json: { to: [`of ${id}`], body: "Hello" } })
  await story.settle()
  const sent = partner.received.filter(
    ({ body }) => body?.type === "message" && /^of cha_/.test(body.payload.recipients[1].handle),
  )
  expect(sent.map(({ path }) => path)).toEqual(["/instance", "/instance"])
})

test("trap 26: an attachment's address has the shape that clients pin", async () => {
  const form = new FormData()
  form.set("sender[handle]", "rosa")
  form.set("body", "file")
  form.set("metadata[external_id]", unique("e"))
  form.set("metadata[external_conversation_id]", unique("t"))
  form.set("attachments", new File(["x"], "x.txt"))
  const accepted = await call("POST", `/channels/${channelId}/inbound_messages`, { token: story.channelToken(), form })
  expect((await read(accepted)).attachments[0].url).toMatch(
    /^https?:\/\/[^/]+\/messages\/msg_[0-9a-z]+\/download\/fil_[0-9a-z]+$/,
  )
})

test("trap 27: a reply from the API archives unless it says not to", async () => {
  const conversation = await conversationOf(await story.customerWrites("Hi"))
  await reply(conversation)
  expect((await get(conversation)).body.status).not.toBe("archived")
  await call("POST", `${conversation}/messages`, { token: apiToken, json: { body: "Bye" } })
  expect((await get(conversation)).body.status).toBe("archived")
})

test("trap 28: status failed finds a message by external ids with slashes and percent signs, and reopens its conversation", async () => {
  const [message, thread] = [`a/b%2F${unique("m")}`, `c/d%${unique("t")}`]
  partner.answers({ body: { type: "success", external_id: message, external_conversation_id: thread } })
  const conversation = await conversationOf(await story.customerWrites("Hi"))
  await call("POST", `${conversation}/messages`, { token: apiToken, json: { body: "Bye" } })
  await story.settle()
  expect((await get(conversation)).body.status).toBe("archived")
  const path = `/channels/${channelId}/conversations/${encodeURIComponent(thread)}/messages/${encodeURIComponent(message)}/status`
  const told = await call("PUT", path, {
    token: story.channelToken(),
    json: { status: "failed", reason: "Handset is off" },
  })
  expect(told.status, told.text).toBe(204)
  expect((await get(conversation)).body.status).not.toBe("archived")
})

test("trap 29: a number without a country is one contact with the same number in full", async () => {
  await overPhone("one", "(202) 555-0143")
  await overPhone("two", "+12025550143")
  const contact = await get(`/contacts/alt:phone:${encodeURIComponent("+12025550143")}`)
  expect(contact.body.handles).toEqual([{ source: "phone", handle: "+12025550143" }])
})

test("trap 30: an address on a channel of custom handles is no e-mail contact", async () => {
  await story.customerWrites("Hi", { sender: { handle: "somebody@example.test" } })
  expect((await get(`/contacts/alt:custom:${encodeURIComponent("somebody@example.test")}`)).status).toBe(200)
  expect((await get(`/contacts/alt:email:${encodeURIComponent("somebody@example.test")}`)).status).toBe(404)
})

test("trap 31: PUT takes a whole template, PATCH parts of one; the id is a number", async () => {
  const path = `/channels/${phone.id}/application_message_templates`
  const template = {
    external_id: "welcome/1",
    name: "Welcome",
    blurb: "Hello",
    is_disabled: false,
    status_name: "APPROVED",
    variable_mappings: [],
    template_preview: "<p>Hello</p>",
  }
  const { name: _name, ...partial } = template
  const put = await call("PUT", path, { token: phone.token(), json: template })
  expect([put.status, typeof put.body.template_id]).toEqual([200, "number"])
  expect((await call("PUT", path, { token: phone.token(), json: partial })).status).toBe(400)
  const patched = await call("PATCH", `${path}/${encodeURIComponent("welcome/1")}`, {
    token: phone.token(),
    json: { is_disabled: true },
  })
  expect(patched.body).toEqual(put.body)
  expect(
    (await call("PUT", path, { token: phone.token(), json: { ...template, status_name: "approved" } })).status,
  ).toBe(400)
})

test("trap 32: the parent of a leg comes under either name; a first leg's may be missing, empty or its own id", async () => {
  const make = (external_call_id: string, parent: object) =>
    call("POST", `/channels/${phone.id}/calls`, {
      token: phone.token(),
      json: {
        external_call_id,
        direction: "inbound",
        initial_status: "ringing",
        from: { handle: "+15550104" },
        started_at: Date.now(),
        ...parent,
      },
    })
  const first = unique("call")
  expect((await make(first, { parent_external_call_id: first })).status).toBe(202)
  for (const parent of [
    {},
    { parent_external_call_id: "" },
    { parent_external_call_id: first },
    { external_parent_call_id: first },
  ])
    expect((await make(unique("call"), parent)).status).toBe(202)
})

test("trap 33: a recording is exactly one audio file", async () => {
  const externalId = unique("call")
  await call("POST", `/channels/${phone.id}/calls`, {
    token: phone.token(),
    json: {
      external_call_id: externalId,
      direction: "inbound",
      initial_status: "ringing",
      from: { handle: "+15550103" },
      started_at: Date.now(),
    },
  })
  const send = (files: File[]) => {
    const form = new FormData()
    form.set("recording_type", "call")
    for (const [i, file] of files.entries()) form.append(`attachments[${i}]`, file)
    return call("POST", `/channels/${phone.id}/calls/${externalId}/recording`, { token: phone.token(), form })
  }
  const audio = new File(["RIFF"], "a.wav", { type: "audio/wav" })
  expect((await send([])).status).toBe(400)
  expect((await send([new File(["x"], "a.txt", { type: "text/plain" })])).status).toBe(400)
  expect((await send([audio, audio])).status).toBe(400)
})

test("trap 36: events come fifteen at a time at most", async () => {
  for (let i = 0; i < 20; i++) await story.customerWrites(`${i}`)
  const { body } = await get("/events?limit=100")
  expect(body._results).toHaveLength(15)
})

test("trap 37: is_draft stands beside draft_mode", async () => {
  const message = await read(await story.customerWrites("Hi"))
  expect(message).toMatchObject({ is_draft: false, draft_mode: null })
})

test("trap 38: nobody is the author of what a customer wrote", async () => {
  expect((await read(await story.customerWrites("Hi"))).author).toBeNull()
})

test("trap 43: synced bodies are HTML or plain text, those of custom channels and comments markdown", async () => {
  const synced = await read(await story.customerWrites("**not bold**"))
  expect(synced.body).toBe("**not bold**")
  const incoming = await call("POST", `/channels/${channelId}/incoming_messages`, {
    token: apiToken,
    json: { sender: { handle: "x" }, body: "**bold**" },
  })
  expect((await read(incoming)).body).toContain("<strong>bold</strong>")
})

test("trap 47: a reply's text keeps no markup, its body does", async () => {
  const conversation = await conversationOf(await story.customerWrites("Hi"))
  await reply(conversation, { body: '<p>See <a href="https://shop.example/7">your order</a>, <b>today</b></p>' })
  await story.settle()
  const { body, text } = last("message").body.payload
  expect(body).toContain('<a href="https://shop.example/7">')
  expect(text).not.toMatch(/<\/?[a-z]/)
})
