import { setTimeout as delay } from "node:timers/promises"
import { startServer } from "@causeway/server/app"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { inbound, type Reply, type Story, startStory, unique } from "../../../test/story.ts"

let story: Story

beforeAll(async () => {
  story = await startStory()
})
afterAll(() => story.close())
beforeEach(() => {
  story.partner.received.length = 0
  story.partner.answers()
})

const hour = 3_600_000
const call = (method: string, path: string, json?: unknown): Promise<Reply> =>
  story.call(method, path, { token: story.apiToken, json })

/** Makes a rule, and deletes it when `work` is done. */
async function withRule(rule: object, work: (id: string) => Promise<void>): Promise<void> {
  const made = await call("POST", "/causeway/rules", { name: unique("rule"), ...rule })
  expect(made).toMatchObject({ status: 201 })
  await work(made.body.id)
  expect(await call("DELETE", `/causeway/rules/${made.body.id}`)).toMatchObject({ status: 204 })
}

const reply = (body: string, over: object = {}) => ({ actions: [{ type: "auto_reply", body, ...over }] })
const sentTo = (type: string) => story.partner.received.filter((request) => request.body?.type === type)
const texts = () => sentTo("message_autoreply").map((request) => request.body.payload.text)

/** A message in a thread of its own, with everything that follows from it. */
async function customerAsks(text: string, thread = unique("thread"), over: object = {}): Promise<Reply> {
  const accepted = await story.customerWrites(text, {
    metadata: { external_id: unique("ext"), external_conversation_id: thread },
    ...over,
  })
  expect(accepted.status).toBe(202)
  await story.settle()
  return accepted
}

async function conversationOf(accepted: Reply): Promise<Reply> {
  const link = new URL((await story.message(accepted)).body._links.related.conversation)
  return await call("GET", link.pathname)
}

test("an auto-reply leaves as message_autoreply and, once the partner gave ids, is told whole as message_imported", async () => {
  await withRule(reply("Hi {{recipient.first_name|there}}, we are on it.\nAcme"), async () => {
    story.partner.answers({ body: { type: "success", external_id: "auto-1", external_conversation_id: "thread-1" } })
    const accepted = await customerAsks("Is my order late?", "thread-1")
    const [sent] = sentTo("message_autoreply")
    expect(sent?.verified).toBe(true)
    expect(texts()).toEqual(["Hi Mia, we are on it.\nAcme"])
    const { payload, metadata } = sent?.body ?? {}
    expect(payload).toMatchObject({ type: "auto_reply", is_inbound: false, attachments: [] })
    expect(payload.body).toBe("Hi Mia, we are on it.<br />Acme")
    for (const missing of ["id", "author", "blurb", "version"]) expect(payload).not.toHaveProperty(missing)
    expect(payload._links).not.toHaveProperty("self")
    expect(payload._links.related.message_replied_to).toMatch(
      new RegExp(`/${(await story.message(accepted)).body.id}$`),
    )
    expect(metadata).toEqual({ external_conversation_id: "thread-1", external_conversation_ids: ["thread-1"] })
    const imported = sentTo("message_imported").map((request) => request.body.payload)
    expect(imported).toHaveLength(2)
    expect(imported[1]).toMatchObject({ is_inbound: false, metadata: { external_id: "auto-1" } })
    const seen = await story.call("GET", `/messages/${imported[1].id}`, { token: story.channelToken() })
    expect(seen).toMatchObject({ status: 200, body: { id: imported[1].id, is_draft: false } })
  })
})

test("an auto-reply that the partner refuses does not exist for it, and tells nothing more", async () => {
  await withRule(reply("We are on it."), async () => {
    story.partner.answers({ status: 400, body: { type: "bad_request", message: "no such user" } })
    await customerAsks("Hello?")
    expect(sentTo("message_imported")).toHaveLength(1)
    const log = await call("GET", "/causeway/deliveries?status=failed&limit=1")
    expect(log.body.deliveries[0]).toMatchObject({ type: "message_autoreply", reason: "no such user" })
    const path = `/messages/${log.body.deliveries[0].message_id}`
    expect((await call("GET", path)).status).toBe(404)
    expect((await story.call("GET", path, { token: story.channelToken() })).status).toBe(404)
  })
})

test("a conversation gets one auto-reply in the chosen time, whatever else comes in", async () => {
  await withRule(reply("Out of office.", { period_hours: 2 }), async () => {
    const thread = unique("thread")
    for (const text of ["one", "two", "three"]) await customerAsks(text, thread)
    expect(texts()).toHaveLength(1)
    await customerAsks("elsewhere")
    expect(texts()).toHaveLength(2)
    story.server.services.clock.advance(2 * hour)
    await customerAsks("four", thread)
    expect(texts()).toHaveLength(3)
  })
})

test("a repeat, history brought over, our own messages and automatic replies get no auto-reply", async () => {
  await withRule(reply("Thanks!"), async () => {
    const twice = { external_id: unique("ext"), external_conversation_id: unique("thread") }
    for (const _ of [1, 2]) await customerAsks("Hello", "", { metadata: twice })
    expect(texts()).toHaveLength(1)
    await customerAsks("Old news", unique("old"), { delivered_at: Math.floor(Date.now() / 1000) - 3 * 86_400 })
    const { sender: _sender, ...outbound } = inbound("Sent from the phone")
    await story.call("POST", `/channels/${story.channelId}/outbound_messages`, {
      token: story.channelToken(),
      json: { ...outbound, to: [{ handle: "mia" }] },
    })
    await story.settle()
    expect(texts()).toHaveLength(1)
  })
})

test("each kind of condition tells messages apart, also turned round", async () => {
  const other = await story.connect("Other line")
  await customerAsks("Where is my INVOICE 4711?", "conditions")
  await customerAsks("And now?", "conditions")
  const matching = async (...conditions: object[]) => {
    const tried = await call("POST", "/causeway/rules/try", {
      rule: { name: "try", conditions, actions: [{ type: "archive" }] },
      count: 2,
    })
    expect(tried).toMatchObject({ status: 200 })
    return tried.body.messages.map((message: { rules: unknown[] }) => message.rules.length)
  }
  const both = [1, 1]
  const none = [0, 0]
  const firstOnly = [0, 1] // newest first
  expect(await matching()).toEqual(both)
  expect(await matching({ type: "channel", channel_ids: [story.channelId] })).toEqual(both)
  expect(await matching({ type: "channel", channel_ids: [other] })).toEqual(none)
  expect(await matching({ type: "channel", channel_ids: [other], not: true })).toEqual(both)
  expect(await matching({ type: "inbox", inbox_ids: [story.inboxId] })).toEqual(both)
  expect(await matching({ type: "text_contains", words: ["refund", "Invoice"] })).toEqual(firstOnly)
  expect(await matching({ type: "text_matches", pattern: "invoice\\s+\\d{4}\\M" })).toEqual(firstOnly)
  expect(await matching({ type: "contact", handles: ["MIA"] })).toEqual(both)
  expect(await matching({ type: "contact", handles: ["zoe"] })).toEqual(none)
  expect(await matching({ type: "first_message" })).toEqual(firstOnly)
  expect(await matching({ type: "first_message", not: true })).toEqual([1, 0])
  const always = {
    timezone: "Asia/Tokyo",
    hours: [{ days: "mon tue wed thu fri sat sun".split(" "), from: "00:00", to: "24:00" }],
  }
  expect(await matching({ type: "business_hours", ...always })).toEqual(both)
  expect(await matching({ type: "business_hours", ...always, not: true })).toEqual(none)
  expect(await matching({ type: "first_message" }, { type: "contact", handles: ["zoe"] })).toEqual(none)
})

test("a regular expression that would take for ever matches nothing, and delays nobody", async () => {
  // References back make the database try every way to divide the text, once it sees that one could match.
  await customerAsks(`${"abc".repeat(100)}x`)
  const begun = performance.now()
  const [tried] = await Promise.all([
    call("POST", "/causeway/rules/try", {
      rule: {
        name: "slow",
        conditions: [{ type: "text_matches", pattern: "^(.+)(.+)(.+)(.+)\\1\\2\\3\\4.x$" }],
        actions: [{ type: "archive" }],
      },
      count: 1,
    }),
    call("GET", "/readyz"),
  ])
  expect(tried).toMatchObject({ status: 200, body: { messages: [{ rules: [] }] } })
  // It was tried, and ended long before its own end.
  expect(performance.now() - begun).toBeGreaterThan(450)
  expect(performance.now() - begun).toBeLessThan(5_000)
})

test("the actions of a rule are done together, and every change names the rule", async () => {
  const inbox = await call("POST", "/inboxes", { name: unique("Support") })
  const inboxId = inbox.body.id ?? (await call("GET", "/inboxes")).body._results.at(-1).id
  const teammateId = (await call("GET", "/teammates")).body._results[0].id
  const tag = await call("POST", "/tags", { name: unique("VIP") })
  const actions = [
    { type: "tag", tag_id: tag.body.id },
    { type: "assign", assignee_id: "alt:email:ana@example.test" },
    { type: "move", inbox_id: inboxId },
    { type: "archive" },
  ]
  await withRule({ actions }, async (ruleId) => {
    const accepted = await customerAsks("Do your thing")
    const conversation = await conversationOf(accepted)
    expect(conversation.body).toMatchObject({ status: "archived", assignee: { id: teammateId } })
    const { db } = story.server.services
    const events = await db.query({
      text: "select type, source from event where source ->> 'type' = 'rule' order by position",
    })
    const source = { type: "rule", rule_id: Number.parseInt(ruleId.slice(4), 36) }
    expect(events.slice(-4)).toEqual(["tag", "assign", "move", "archive"].map((type) => ({ type, source })))
    const shown = await call("GET", `/rules/${ruleId}`)
    expect(shown.body).toMatchObject({
      id: ruleId,
      is_private: false,
      actions: [`Tag with ${tag.body.name}`, "Assign to Ana Lee", expect.stringMatching(/^Move to /), "Archive"],
      _links: { self: `${story.server.url}/rules/${ruleId}`, related: { owner: null } },
    })
  })
})

test("rules are asked in their order, up to the first that ends the asking", async () => {
  await withRule({ name: "first", ...reply("first") }, async (first) => {
    await withRule({ name: "second", stop_processing: true, ...reply("second") }, async (second) => {
      await withRule({ name: "third", actions: [{ type: "archive" }] }, async (third) => {
        const names = async (order: string[]) => {
          expect(await call("PUT", "/causeway/rules/order", { rule_ids: order })).toMatchObject({ status: 200 })
          const conversation = await conversationOf(await customerAsks("In order?"))
          return [texts().at(-1), conversation.body.status]
        }
        expect(await names([first, second, third])).toEqual(["first", "unassigned"])
        expect(await names([second, first, third])).toEqual(["second", "unassigned"])
        expect(await names([third, second, first])).toEqual(["second", "archived"])
        const listed = await call("GET", "/rules")
        expect(listed.body._results.map((rule: { name: string }) => rule.name)).toEqual(["third", "second", "first"])
        for (const wrong of [[first], [first, second, third, third], [first, second, "rul_zzzz"]])
          expect((await call("PUT", "/causeway/rules/order", { rule_ids: wrong })).status).toBe(400)
      })
    })
  })
})

test("a rule is not asked about what came in before it was made or while it was off", async () => {
  await customerAsks("before")
  await withRule(reply("Hello"), async (id) => {
    await story.settle()
    expect(texts()).toEqual([])
    await call("PATCH", `/causeway/rules/${id}`, { is_enabled: false })
    await customerAsks("while off")
    await call("PATCH", `/causeway/rules/${id}`, { is_enabled: true })
    await story.settle()
    expect(texts()).toEqual([])
    await customerAsks("after")
    expect(texts()).toEqual(["Hello"])
  })
})

test("trying a rule says the exact text that is then sent, and changes nothing", async () => {
  const rule = {
    name: "try",
    ...reply("<b>Dear {{recipient.name}}</b>, {{recipient.handle}} wrote about {{message.subject|nothing}}."),
  }
  const write = () => story.customerWrites("<hi>", { sender: { handle: "eve", name: "<i>Eve</i>" }, subject: "A & B" })
  await write()
  await story.settle()
  const tried = await call("POST", "/causeway/rules/try", { rule, count: 1 })
  const [said] = tried.body.messages[0].rules
  expect(said.auto_reply).toEqual({
    to: "eve",
    body: "<b>Dear &lt;i&gt;Eve&lt;/i&gt;</b>, eve wrote about A &amp; B.",
    text: "Dear <i>Eve</i>, eve wrote about A & B.",
    is_sent: true,
    why_not: null,
    why_code: null,
  })
  expect(said).toMatchObject({ rule_id: null, actions: ["Send an auto-reply, at most once every 24 hours"] })
  expect(texts()).toEqual([])
  await withRule(rule, async (id) => {
    await write()
    await story.settle()
    expect(sentTo("message_autoreply")[0]?.body.payload).toMatchObject({
      body: said.auto_reply.body,
      text: said.auto_reply.text,
    })
    const kept = await call("POST", "/causeway/rules/try", { rule_id: id, count: 1 })
    expect(kept.body.messages[0].rules[0]).toMatchObject({ rule_id: id, auto_reply: { is_sent: true } })
  })
})

test("a rule is tried in the place of the one it would replace, among the others", async () => {
  await story.customerWrites("Where is it?")
  await withRule({ name: "stops", actions: [{ type: "archive" }], stop_processing: true }, async () => {
    await withRule(reply("Kept"), async (id) => {
      const tried = async (json: object) =>
        (await call("POST", "/causeway/rules/try", { count: 1, ...json })).body.messages[0].rules
      const names = (rules: { name: string }[]) => rules.map(({ name }) => name)
      const rule = { name: "draft", ...reply("Drafted") }
      expect(names(await tried({ rule }))).toEqual(["draft"])
      expect(names(await tried({ rule, in_order: true }))).toEqual(["stops"])
      expect(names(await tried({}))).toEqual(["stops"])
      expect(await tried({ rule, rule_id: id })).toMatchObject([{ rule_id: id, auto_reply: { text: "Drafted" } }])
      const first = (await call("GET", "/causeway/rules")).body.rules[0]
      const changed = await tried({ rule: { ...rule, stop_processing: false }, rule_id: first.id, in_order: true })
      expect(changed).toMatchObject([
        { name: "draft", auto_reply: { is_sent: true } },
        { rule_id: id, auto_reply: { is_sent: false, why_code: "recent" } },
      ])
      expect((await call("POST", "/causeway/rules/try", { rule, rule_id: "rul_zzzz" })).status).toBe(404)
    })
  })
})

test("what the rules did lately is counted, with what failed of it", async () => {
  await withRule(reply("Hello"), async (id) => {
    story.partner.answers({ status: 400, body: { type: "bad_request", message: "too long" } })
    await story.customerWrites("Anybody?")
    await story.settle()
    story.partner.answers()
    const { rules } = (await call("GET", "/causeway/rules/activity")).body
    expect(rules.find((rule: { rule_id: string }) => rule.rule_id === id)).toMatchObject({
      runs: 1,
      failed_replies: 1,
      failed_calls: 0,
    })
  })
})

test("what a rule is made of is looked at when it is kept", async () => {
  const archive = [{ type: "archive" }]
  const refused = async (rule: object, field: string) => {
    const answer = await call("POST", "/causeway/rules", { name: "wrong", actions: archive, ...rule })
    expect([answer.status, answer.body._error?.message]).toEqual([400, expect.stringContaining(field)])
  }
  await refused({ conditions: [{ type: "text_matches", pattern: "(" }] }, "body.conditions[0].pattern")
  await refused({ conditions: [{ type: "channel", channel_ids: ["cha_zzzz"] }] }, "body.conditions[0].channel_ids")
  await refused({ conditions: [{ type: "contact" }] }, "body.conditions[0]")
  const hours = [{ days: ["mon"], from: "09:00", to: "17:00" }]
  await refused({ conditions: [{ type: "business_hours", timezone: "Mars/Base", hours }] }, "timezone")
  await refused({ conditions: [{ type: "nothing" }] }, "body.conditions")
  await refused({ actions: [] }, "body.actions")
  await refused(reply("Hi {{recipient.age}}"), "body.actions[0].body")
  await refused({ actions: [{ type: "assign", assignee_id: "tea_zzzz" }] }, "assignee_id")
  await refused({ actions: [{ type: "move", inbox_id: "inb_zzzz" }] }, "inbox_id")
  await refused({ actions: [{ type: "webhook", url: "ftp://x.test" }] }, "url")
  for (const path of ["/rules/rul_zzzz", "/causeway/rules/rul_zzzz", "/rules/nonsense", "/teammates/tea_zzzz/rules"])
    expect((await call("GET", path)).status).toBe(404)
  expect((await call("GET", "/teammates/alt:email:ana@example.test/rules")).body._results).toEqual([])
})

test("what came in while nothing worked is asked about by the next process, once however many there are", async () => {
  const quiet = await startStory({}, { delivers: false })
  const token = quiet.apiToken
  await quiet.call("POST", "/causeway/rules", { token, json: { name: "late", ...reply("Sorry for the wait.") } })
  for (let i = 0; i < 20; i++) expect((await quiet.customerWrites(`late ${i}`)).status).toBe(202)
  expect(quiet.partner.received.filter((request) => request.body.type === "message_autoreply")).toEqual([])
  const config = { ...quiet.server.services.config, port: 0, heldClock: false }
  const both = await Promise.all([startServer(config), startServer(config)])
  const replies = () => quiet.partner.received.filter((request) => request.body.type === "message_autoreply")
  for (let i = 0; i < 200 && replies().length < 20; i++) await delay(25)
  await Promise.all(both.map((server) => server.settle()))
  const answered = replies().map((request) => request.body.payload._links.related.message_replied_to)
  expect([answered.length, new Set(answered).size]).toEqual([20, 20])
  for (const server of both) await server.close()
  await quiet.close()
})
