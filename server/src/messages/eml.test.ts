import { afterAll, expect, test } from "vitest"
import { startStory, unique } from "../../../test/story.ts"

const story = await startStory()
afterAll(() => story.close())
const { apiToken } = story

const app = await story.call("POST", "/causeway/apps", {
  token: apiToken,
  json: { name: "Mail", webhook_url: `${story.partner.url}/mail`, contact_type: "email" },
})
const connected = await story.call("POST", `/inboxes/${story.inboxId}/channels`, {
  token: apiToken,
  json: { type: "custom", name: "Mail", application_uid: app.body.uid },
})
const channelId = String(connected.headers.get("location")).split("/").at(-1) as string

const eml = (id: string) =>
  story.call("GET", `/messages/${id}`, { token: apiToken, headers: { accept: "message/rfc822" } })

async function arrive(channel: string, form: FormData): Promise<string> {
  form.set("metadata[external_id]", unique("ext"))
  form.set("metadata[external_conversation_id]", unique("thread"))
  const accepted = await story.call("POST", `/channels/${channel}/inbound_messages`, { token: apiToken, form })
  expect(accepted.status, accepted.text).toBe(202)
  return (await story.call("GET", `/messages/alt:uid:${accepted.body.message_uid}`, { token: apiToken })).body.id
}

/** A part's bytes, by what its Content-Type begins with. */
function partOf(text: string, type: string): Buffer {
  const part = text.split(/\r\n--/).find((each) => each.includes(`Content-Type: ${type}`)) ?? ""
  return Buffer.from(part.slice(part.indexOf("\r\n\r\n") + 4).replaceAll("\r\n", ""), "base64")
}

test("an e-mail comes as RFC 5322 has it: encoded names, text beside HTML, and its files byte for byte", async () => {
  const bytes = Buffer.from(Array.from({ length: 5000 }, (_, i) => i % 256))
  const form = new FormData()
  form.set("sender[handle]", "Mia@Example.test")
  form.set("sender[name]", "Mia Kovač")
  form.set("subject", "Über den Auftrag, der viel zu lange dauert und immer noch nicht da ist – wo bleibt er?")
  form.set("body", "<p>Wo <b>bleibt</b> er?</p>")
  form.set("attachments[0]", new File([bytes], "Auftrag für Mia.pdf", { type: "application/pdf" }))
  const { status, headers, text } = await eml(await arrive(channelId, form))
  expect(status).toBe(200)
  expect(headers.get("content-type")).toBe("message/rfc822")
  const head = text.slice(0, text.indexOf("\r\n\r\n"))
  expect(head).toContain("From: =?utf-8?B?TWlhIEtvdmHEjQ==?= <mia@example.test>")
  const subject = /Subject: ([\s\S]+?)\r\n(?=\S)/.exec(head)?.[1] ?? ""
  const words = [...subject.matchAll(/=\?utf-8\?B\?([^?]+)\?=/g)].map(([word, encoded]) => {
    expect((word as string).length).toBeLessThanOrEqual(75)
    return Buffer.from(encoded as string, "base64").toString()
  })
  expect(words.join("")).toBe("Über den Auftrag, der viel zu lange dauert und immer noch nicht da ist – wo bleibt er?")
  expect(partOf(text, "text/plain").toString()).toBe("Wo bleibt er?")
  expect(partOf(text, "text/html").toString()).toBe("<p>Wo <b>bleibt</b> er?</p>")
  expect(partOf(text, "application/pdf").equals(bytes)).toBe(true)
  expect(text).toContain("filename*=UTF-8''Auftrag%20f%C3%BCr%20Mia.pdf")
  expect(Math.max(...text.split("\r\n").map((line) => line.length))).toBeLessThanOrEqual(120)
})

test("what is no e-mail has no such form, and everybody else gets JSON", async () => {
  const message = (await story.message(await story.customerWrites("Hi"))).body
  expect((await eml(message.id)).status).toBe(406)
  const json = await story.call("GET", `/messages/${message.id}`, {
    token: apiToken,
    headers: { accept: "application/json, message/rfc822" },
  })
  expect(json.body.id).toBe(message.id)
})

test("a header from outside cannot begin another one", async () => {
  const form = new FormData()
  form.set("sender[handle]", "mia@example.test\r\nBcc: all@example.test")
  form.set("sender[name]", 'Mia" <x@example.test>\r\nX-Injected: yes')
  form.set("subject", "Hi\r\nX-Injected: yes")
  form.set("body", "x")
  const { text } = await eml(await arrive(channelId, form))
  expect(text.slice(0, text.indexOf("\r\n\r\n"))).not.toMatch(/^(X-Injected|Bcc):/m)
})

test("a signature goes under what is sent by e-mail: the one that is named, or the author's default", async () => {
  const form = new FormData()
  form.set("sender[handle]", "mia@example.test")
  form.set("body", "Where?")
  const inbound = await story.call("GET", `/messages/${await arrive(channelId, form)}`, { token: apiToken })
  const path = new URL(inbound.body._links.related.conversation).pathname
  const [ana] = (await story.call("GET", "/teammates", { token: apiToken })).body._results
  const post = (to: string, json: object) => story.call("POST", to, { token: apiToken, json })
  const standing = { name: "Ana", body: "<i>Ana Lee</i>", is_default: true }
  const own = await post(`/teammates/${ana.id}/signatures`, standing)
  const drafted = await post(`${path}/drafts`, { channel_id: channelId, body: "Here.", signature_id: own.body.id })
  expect(drafted.body).toMatchObject({ body: "Here.", signature: { id: own.body.id, body: "<i>Ana Lee</i>" } })
  await post(`/causeway/drafts/${drafted.body.id}/send`, {})
  await post(`${path}/messages`, { body: "There.", author_id: ana.id, should_add_default_signature: true })
  await story.settle()
  const bodies = story.partner.received
    .filter(({ body }) => body?.type === "message")
    .map(({ body }) => body.payload.text)
  expect(bodies).toEqual(["Here.\n\nAna Lee", "There.\n\nAna Lee"])
})
