import { afterAll, expect, test } from "vitest"
import { startStory, unique } from "../../../test/story.ts"

const story = await startStory({ app: { features: ["reply", "templates"] } })
afterAll(() => story.close())
const { call, apiToken } = story
const templates = `/channels/${story.channelId}/application_message_templates`

const delivery = (over: object = {}) => ({
  external_id: unique("tpl"),
  name: "delivery_update",
  blurb: "Hi {{1}}, your parcel…",
  is_disabled: false,
  status_name: "APPROVED",
  variable_mappings: [
    { uid: "1", type: "text", name: "Customer name" },
    { uid: "2", type: "image", name: "Parcel" },
  ],
  template_preview: '<p style="color:red">Hi {{1}}, your parcel {{ 2 }} arrives<script>alert(1)</script></p>',
  ...over,
})

const put = (json: unknown, path = templates, token = story.channelToken()) => call("PUT", path, { token, json })
const patch = (id: string, json: unknown) =>
  call("PATCH", `${templates}/${encodeURIComponent(id)}`, { token: story.channelToken(), json })

async function viewOf(externalId: string) {
  const list = await call("GET", `/causeway/channels/${story.channelId}/templates`, { token: apiToken })
  expect(list.status).toBe(200)
  return list.body.templates.find((view: { external_id: string }) => view.external_id === externalId)
}

test("PUT keeps a template whole and answers its number, and the inbox finds it ready, with its variables in order", async () => {
  const template = delivery()
  const answer = await put(template)
  expect(answer.status).toBe(200)
  expect(answer.body).toEqual({ template_id: expect.any(Number) })
  const view = await viewOf(template.external_id)
  expect(view).toMatchObject({
    name: "delivery_update",
    blurb: "Hi {{1}}, your parcel…",
    state: "ready",
    state_reason: null,
    status_name: "APPROVED",
    variable_mappings: template.variable_mappings,
    unmapped: [],
  })
  expect(view.preview).toBe("<p>Hi {{1}}, your parcel {{ 2 }} arrives</p>")
})

test("PUT again replaces everything and keeps the number, also when twenty copies come at once", async () => {
  const template = delivery()
  const answers = await Promise.all(Array.from({ length: 20 }, () => put(template)))
  expect(new Set(answers.map(({ body }) => body.template_id)).size).toBe(1)
  const again = await put({ ...template, name: "renamed", variable_mappings: [], status_name: "PENDING" })
  expect(again.body).toEqual(answers[0]?.body)
  expect(await viewOf(template.external_id)).toMatchObject({
    name: "renamed",
    variable_mappings: [],
    state: "waiting",
    unmapped: ["1", "2"],
  })
})

test("PATCH changes what is given and nothing else, also when nothing is", async () => {
  const template = delivery({ external_id: `a/b %2F ${unique("x")}` })
  const { template_id } = (await put(template)).body
  const answer = await patch(template.external_id, { name: "other", external_id: "ignored" })
  expect(answer.body).toEqual({ template_id })
  expect((await patch(template.external_id, {})).body).toEqual({ template_id })
  expect(await viewOf(template.external_id)).toMatchObject({
    name: "other",
    blurb: template.blurb,
    status_name: "APPROVED",
    variable_mappings: template.variable_mappings,
  })
  await patch(template.external_id, { template_preview: "Bye {{3}}", blurb: "", is_disabled: true })
  expect(await viewOf(template.external_id)).toMatchObject({ preview: "Bye {{3}}", unmapped: ["3"], state: "refused" })
})

test("only what is approved and not switched off is ready, and the rest says why", async () => {
  const cases = [
    ["APPROVED", false, "ready"],
    ["APPROVED", true, "refused"],
    ["PENDING", false, "waiting"],
    ["PENDING", true, "waiting"],
    ["REJECTED", false, "refused"],
    ["REJECTED", true, "refused"],
  ] as const
  for (const [status_name, is_disabled, state] of cases) {
    const template = delivery({ status_name, is_disabled })
    await put(template)
    const view = await viewOf(template.external_id)
    expect([status_name, is_disabled, view.state]).toEqual([status_name, is_disabled, state])
    expect(view.state_reason === null).toBe(state === "ready")
  }
})

test("PUT wants every field, PATCH none, and each in its form", async () => {
  for (const field of Object.keys(delivery())) {
    const answer = await put(delivery({ [field]: undefined }))
    expect([field, answer.status]).toEqual([field, 400])
    expect(answer.body._error.message).toContain(`body.${field} is required`)
  }
  const { external_id } = delivery()
  await put(delivery({ external_id }))
  const bad: [object, string][] = [
    [{ status_name: "approved" }, "body.status_name must be one of: PENDING, APPROVED, REJECTED"],
    [{ is_disabled: "yes" }, "body.is_disabled"],
    [{ variable_mappings: [{ uid: "1", type: "text" }] }, "body.variable_mappings[0].name is required"],
    [{ name: "" }, "body.name must not be empty"],
    [{ name: null }, "body.name"],
    [{ blurb: "a\u0000" }, "U+0000"],
  ]
  for (const [over, words] of bad) {
    for (const answer of [await put(delivery(over)), await patch(external_id, over)]) {
      expect([words, answer.status]).toEqual([words, 400])
      expect(answer.body._error.message).toContain(words)
    }
  }
})

test("a template that is not there is 404, as is one of another channel; another channel's path is 403", async () => {
  const template = delivery()
  await put(template)
  const second = await story.connect("Second")
  const path = `/channels/${second}/application_message_templates`
  const other = { token: story.channelToken({ sub: second }), json: { name: "x" } }
  const foreign = await call("PATCH", `${path}/${template.external_id}`, other)
  const missing = await call("PATCH", `${path}/none`, other)
  expect(foreign.status).toBe(404)
  expect(foreign.text.replace(template.external_id, "ID")).toBe(missing.text.replace("none", "ID"))
  expect((await put(template, path)).status).toBe(403)
  const list = await call("GET", `/causeway/channels/${second}/templates`, { token: apiToken })
  expect(list.body).toEqual({ templates: [] })
  expect((await call("GET", "/causeway/channels/cha_zzzzzzzz/templates", { token: apiToken })).status).toBe(404)
})

test("a channel without an app, and an app that has not declared templates, have none", async () => {
  const custom = await call("POST", `/inboxes/${story.inboxId}/channels`, {
    token: apiToken,
    json: { type: "custom", name: "Plain", settings: { webhook_url: `${story.partner.url}/plain` } },
  })
  const plain = await put(delivery(), `${custom.headers.get("location")}/application_message_templates`, apiToken)
  expect(plain.status).toBe(400)
  expect(plain.body._error.message).toContain("not an application channel")
  const app = { token: apiToken, json: { features: ["reply"] } }
  expect((await call("PATCH", `/causeway/apps/${story.app.uid}`, app)).status).toBeLessThan(300)
  const refused = await put(delivery())
  expect(refused.status).toBe(400)
  expect(refused.body._error.message).toContain("does not support application message templates")
  await call("PATCH", `/causeway/apps/${story.app.uid}`, {
    token: apiToken,
    json: { features: ["reply", "templates"] },
  })
})

test("an API token needs message_templates:write to change and message_templates:read to list", async () => {
  const made = await call("POST", "/causeway/tokens", {
    token: apiToken,
    json: { name: "t", scopes: ["message_templates:read"] },
  })
  expect((await put(delivery(), templates, made.body.token)).status).toBe(403)
  const list = `/causeway/channels/${story.channelId}/templates`
  expect((await call("GET", list, { token: made.body.token })).status).toBe(200)
  expect((await call("GET", list, { token: story.channelToken() })).status).toBe(403)
  expect((await put(delivery(), templates, apiToken)).status).toBe(200)
})
