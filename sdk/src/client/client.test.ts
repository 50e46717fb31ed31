import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach, beforeEach, expect, test } from "vitest"
import { ChannelClient, type ChannelClientOptions } from "../index.ts"

type Said = { status: number; headers?: Record<string, string>; body?: string } | "hang up"
interface Heard {
  method: string
  path: string
  token: string
  type: string
  body: string
}

let heard: Heard[]
let says: Said[]
let close: () => Promise<unknown>
let baseUrl: string

beforeEach(async () => {
  heard = []
  says = []
  const server = createServer(async (request, response) => {
    heard.push(await read(request))
    const said = says.shift() ?? { status: 202, body: '{"status":"accepted","message_uid":"uid"}' }
    if (said === "hang up") return void request.socket.destroy()
    response.writeHead(said.status, said.headers).end(said.body)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  close = () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  }
})
afterEach(() => close())

async function read(request: IncomingMessage): Promise<Heard> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    token: request.headers.authorization ?? "",
    type: request.headers["content-type"] ?? "",
    body: Buffer.concat(chunks).toString(),
  }
}

const client = (over: Partial<ChannelClientOptions> = {}) =>
  new ChannelClient({ baseUrl, appUid: "714285", secret: "s3cret", channelId: "cha_1", firstPauseMs: 1, ...over })
const ids = { external_id: "m/1", external_conversation_id: "c%1" }
const inbound = { sender: { handle: "+15550100" }, body: "Hello", metadata: ids }
const audio = { filename: "call.wav", contentType: "audio/wav", content: new Uint8Array([1, 2, 3]) }

test("every operation goes to its path with its verb, ids encoded once", async () => {
  const api = client()
  await api.syncInboundMessage(inbound)
  await api.syncOutboundMessage({ to: [{ handle: "+15550100" }], body: "Hello", metadata: ids })
  await api.failMessage("c%1", "m/1", "carrier refused")
  await api.setStatus("offline")
  await api.putTemplate({
    external_id: "t/1",
    name: "n",
    blurb: "b",
    is_disabled: false,
    status_name: "APPROVED",
    variable_mappings: [],
    template_preview: "",
  })
  await api.changeTemplate("t/1", { is_disabled: true })
  await api.createCall({
    external_call_id: "k/1",
    parent_external_call_id: "k/1",
    initial_status: "ringing",
    direction: "inbound",
    from: { handle: "+1555" },
  })
  await api.updateCall("k/1", { call_status: "connected", occurred_at: 1 })
  await api.addRecording("k/1", "call", audio)
  await api.addSummary("k/1", "All well.")
  await api.addTranscript("k/1", [
    { speaker_name: "A", content: "Hi", start_time_seconds: 0, speaker_type: "internal" },
  ])
  await api.getMessage("alt:uid:u")
  await api.getConversation("cnv_1")
  await api.markSeen("msg_1")
  expect(heard.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /channels/cha_1/inbound_messages",
    "POST /channels/cha_1/outbound_messages",
    "PUT /channels/cha_1/conversations/c%251/messages/m%2F1/status",
    "PATCH /channels/cha_1",
    "PUT /channels/cha_1/application_message_templates",
    "PATCH /channels/cha_1/application_message_templates/t%2F1",
    "POST /channels/cha_1/calls",
    "PATCH /channels/cha_1/calls/k%2F1",
    "POST /channels/cha_1/calls/k%2F1/recording",
    "POST /channels/cha_1/calls/k%2F1/summary",
    "POST /channels/cha_1/calls/k%2F1/transcript",
    "GET /messages/alt%3Auid%3Au",
    "GET /conversations/cnv_1",
    "POST /messages/msg_1/seen",
  ])
  expect(new Set(heard.map(({ token }) => token)).size).toBe(heard.length)
})

test("a message with files goes as a form, its nested fields in brackets", async () => {
  await client().syncInboundMessage(inbound, [audio])
  expect(heard[0]?.type).toContain("multipart/form-data")
  for (const part of [
    'name="sender[handle]"',
    'name="metadata[external_id]"',
    'name="attachments[0]"; filename="call.wav"',
  ])
    expect(heard[0]?.body).toContain(part)
})

test("a broken connection, a 500 and a stale token are tried again; a refusal is not", async () => {
  says = ["hang up", { status: 500 }, { status: 401 }]
  expect(await client().syncInboundMessage(inbound)).toEqual({ status: "accepted", message_uid: "uid" })
  expect(heard).toHaveLength(4)
  expect(new Set(heard.map(({ body }) => body)).size).toBe(1)
  says = [{ status: 400, body: '{"_error":{"message":"Body did not satisfy requirements"}}' }]
  await expect(client().syncInboundMessage(inbound)).rejects.toMatchObject({
    status: 400,
    attempts: 1,
    message: expect.stringContaining("did not satisfy"),
  })
})

test("what may not be done twice is tried again after 429 alone", async () => {
  says = [{ status: 429, headers: { "retry-after": "0" } }, { status: 500 }]
  await expect(client().addRecording("k", "call", audio)).rejects.toMatchObject({ status: 500, attempts: 2 })
})

test("a Retry-After longer than a minute is left to the caller", async () => {
  says = [{ status: 429, headers: { "retry-after": "3600" } }]
  await expect(client().syncInboundMessage(inbound)).rejects.toMatchObject({ status: 429, attempts: 1 })
})

test("a server that never answers is given up after the time allowed", async () => {
  const silent = client({
    fetch: (_url, init) =>
      new Promise((_, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason))),
    timeoutMs: 20,
    attemptsMax: 2,
  })
  await expect(silent.syncInboundMessage(inbound)).rejects.toMatchObject({ status: 0, attempts: 2 })
})

test("a token is used again only where that is asked for", async () => {
  const api = client({ reuseTokenSeconds: 25 })
  await api.setStatus("ok")
  await api.setStatus("ok")
  expect(new Set(heard.map(({ token }) => token)).size).toBe(1)
})

test("an attachment is fetched with the token from the platform, and from nowhere else", async () => {
  says = [{ status: 200, body: "bytes" }]
  expect(await (await client().download(`${baseUrl}/messages/msg_1/download/fil_1`)).text()).toBe("bytes")
  expect(heard[0]?.token).toMatch(/^Bearer ey/)
  await expect(client().download("http://169.254.169.254/latest")).rejects.toThrow("stays here")
  expect(heard).toHaveLength(1)
})
