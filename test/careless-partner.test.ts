import { createHmac } from "node:crypto"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, expect, test } from "vitest"
import { inbound, startStory, unique } from "./story.ts"

/**
 * A partner as they are found in the wild: it verifies over the body it has parsed and serialised again, compares base64, dies on types it does not
 * know, answers `{}` to imports and plain OK to a deletion, makes up a new conversation id for every reply, and drops the connection after an error.
 */
function carelessPartner(secret: { value: string }) {
  const log: string[] = []
  let dead: string | null = null
  const die = (why: string, response: ServerResponse) => {
    dead = why
    response.destroy()
  }
  const server = createServer(async (request, response) => {
    if (dead !== null) return response.destroy()
    const raw = await read(request)
    const body = JSON.parse(raw)
    if (!signedOverReserialised(request, body, secret.value)) return refuse(response)
    log.push(`${request.method} ${body.type}`)
    if (request.method === "DELETE") {
      if (body.type !== "delete" || typeof body.payload.channel_id !== "string") return die("bad delete", response)
      return response.setHeader("content-type", "text/plain").end("OK")
    }
    if (body.type === "authorization")
      return json(response, { type: "success", webhook_url: `http://${request.headers.host}/front/4f2a` })
    if (request.url !== "/front/4f2a") return die(`POST to ${request.url}`, response)
    if (body.type === "message_imported") return json(response, {})
    if (body.type !== "message") return die(`unknown type ${body.type}`, response)
    if (!Array.isArray(body.metadata.external_conversation_ids)) return refuse(response)
    // It reads these without looking whether they are there.
    void body.payload.author?.first_name.toUpperCase()
    void body.payload.recipients.find((recipient: { role: string }) => recipient.role === "to").handle.length
    return json(response, {
      type: "success",
      external_id: unique("theirs"),
      external_conversation_id: unique("made-up"),
    })
  })
  return { server, log, died: () => dead }
}

async function read(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

function signedOverReserialised(request: IncomingMessage, body: unknown, secret: string): boolean {
  const base = `${request.headers["x-front-request-timestamp"]}:${JSON.stringify(body)}`
  return createHmac("sha256", secret).update(base).digest("base64") === request.headers["x-front-signature"]
}

const json = (response: ServerResponse, body: object) =>
  response.setHeader("content-type", "application/json").end(JSON.stringify(body))

/** 400 in plain text, and the socket is gone right after it. */
function refuse(response: ServerResponse): void {
  response.statusCode = 400
  response.end("Bad Request", () => response.socket?.destroy())
}

const story = await startStory()
const secret = { value: "" }
const careless = carelessPartner(secret)
await new Promise<void>((resolve) => careless.server.listen(0, "127.0.0.1", resolve))
afterAll(async () => {
  careless.server.close()
  await story.close()
})

test("a careless partner survives the whole life of a channel", async () => {
  const { call, apiToken, inboxId } = story
  const url = `http://127.0.0.1:${(careless.server.address() as AddressInfo).port}/`
  const app = (await call("POST", "/causeway/apps", { token: apiToken, json: { name: "Careless", webhook_url: url } }))
    .body
  secret.value = app.secret
  const connected = await call("POST", `/inboxes/${inboxId}/channels`, {
    token: apiToken,
    json: { type: "custom", name: "Careless", application_uid: app.uid },
  })
  expect(connected.status).toBe(204)
  const channelId = connected.headers.get("location")?.split("/").at(-1) as string
  const token = story.channelToken({ iss: app.uid, sub: channelId }, app.secret)

  const accepted = await call("POST", `/channels/${channelId}/inbound_messages`, {
    token,
    json: inbound('Grüße 👋 with "quotes" and </script> & a 1.0'),
  })
  expect(accepted.status).toBe(202)
  const message = await call("GET", `/messages/alt:uid:${accepted.body.message_uid}`, { token })
  const path = new URL(message.body._links.related.conversation).pathname
  for (const body of ["Hello – “there”", "and again\u2028"]) {
    expect(
      (await call("POST", `${path}/messages`, { token: apiToken, json: { body, options: { archive: false } } })).status,
    ).toBe(202)
  }
  await call("POST", `/channels/${channelId}/messages`, {
    token: apiToken,
    json: { to: ["zoe"], body: "A new conversation" },
  })
  await story.settle()

  const list = await call("GET", `${path}/messages`, { token })
  expect(
    list.body._results.map((m: { is_draft: boolean; error_type: string | null }) => [m.is_draft, m.error_type]),
  ).toEqual(Array(3).fill([false, null]))
  expect((await call("GET", path, { token })).body.metadata.external_conversation_ids).toHaveLength(3)
  expect((await call("DELETE", `/channels/${channelId}`, { token: apiToken })).status).toBe(204)
  await story.settle()
  expect(careless.log.toSorted()).toEqual([
    "DELETE delete",
    "POST authorization",
    "POST message",
    "POST message",
    "POST message",
    "POST message_imported",
  ])
  expect(careless.died()).toBeNull()
  expect(
    (await call("POST", `/channels/${channelId}/inbound_messages`, { token, json: inbound("too late") })).status,
  ).toBe(401)
})
