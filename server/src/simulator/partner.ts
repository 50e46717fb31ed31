import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { formatId, parseId } from "@causeway/contract/ids"
import { answerMs } from "@causeway/contract/limits"
import { signatureHeader, timestampHeader, verifyWebhook } from "@causeway/contract/signature"
import type { App } from "../apps/store.ts"
import type { Log } from "../log.ts"
import { type AnswerFault, type AnswerPlan, planAnswer } from "./faults.ts"
import { recordEntry, recordStep } from "./session.ts"
import { type ChannelState, countsOf, handleOf, note, phoneOf, show, spend, threadOf } from "./state.ts"

/** The server of the simulated provider: what webhooks are posted to, on a loopback port of its own. */
export interface Partner {
  /** `http://127.0.0.1:<port>/`. */
  base: string
  close(): Promise<void>
}

export interface PartnerDeps {
  log: Log
  findApp(uid: string): Promise<App | null>
  stateOf(companyId: number, channelId: number): ChannelState
  forget(companyId: number, channelId: number): void
  /** A moment after a send was answered well: the carrier says that it failed. */
  failLater(state: ChannelState, thread: string, externalId: string, reason: string): void
}

const bodyBytesMax = 8 * 1024 * 1024

export async function startPartner(deps: PartnerDeps): Promise<Partner> {
  const server = createServer((request, response) => {
    answer(deps, request, response).catch((error: unknown) => {
      deps.log.error({ err: error }, "simulator.partner_failed")
      response.destroy()
    })
  })
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve))
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => closed(server),
  }
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}

interface Webhook {
  type: string
  payload: Record<string, unknown>
  metadata: Record<string, unknown>
}

type Answer = { status: number; body: Record<string, unknown>; headers?: Record<string, string> }

const ok = (body: Record<string, unknown> = { type: "success" }): Answer => ({ status: 200, body })
const refusal = (status: number, type: string, message: string): Answer => ({ status, body: { type, message } })

async function answer(deps: PartnerDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const startedAt = performance.now()
  const raw = await readRaw(request)
  const [, uid = "", channelText = ""] = (request.url ?? "").split("/")
  const app = await deps.findApp(uid)
  if (app === null) return send(response, refusal(404, "not_found", "no simulated channel type has this address"))
  const signed = {
    signature: String(request.headers[signatureHeader] ?? ""),
    timestamp: String(request.headers[timestampHeader] ?? ""),
    body: raw,
  }
  const { current, old } = app.secrets
  if (![current, old].some((secret) => secret !== null && verifyWebhook(secret, signed)))
    return send(response, refusal(401, "authentication_required", "the signature does not hold"))
  const webhook = parse(raw)
  if (webhook === null) return send(response, refusal(400, "bad_request", "the body is no JSON object"))
  const named = typeof webhook.payload.channel_id === "string" ? webhook.payload.channel_id : channelText
  const channelId = parseId("cha", named)
  if (channelId === null) return send(response, refusal(400, "bad_request", "no channel is named"))
  if (webhook.type === "delete") {
    deps.forget(app.companyId, channelId)
    return send(response, ok())
  }
  const state = deps.stateOf(app.companyId, channelId)
  if (webhook.type === "message" || webhook.type === "message_autoreply")
    return await answerSend(deps, state, webhook, response, startedAt)
  const said = webhook.type === "authorization" ? welcome(request, app, channelId) : ok({})
  const thread = threadIn(webhook)
  if (webhook.type === "message_imported") record(state, "notices", thread ?? "", webhook, said, startedAt)
  note(state, {
    direction: "to_channel",
    what: webhook.type,
    thread,
    status: said.status,
    took_ms: performance.now() - startedAt,
    fault: null,
  })
  send(response, said)
}

const welcome = (request: IncomingMessage, app: App, channelId: number): Answer =>
  ok({
    type: "success",
    webhook_url: `http://${request.headers.host}/${app.uid}/${formatId("cha", channelId)}`,
  })

async function answerSend(
  deps: PartnerDeps,
  state: ChannelState,
  webhook: Webhook,
  response: ServerResponse,
  startedAt: number,
): Promise<void> {
  const recipients = (webhook.payload.recipients ?? []) as { role?: string; handle?: string; name?: string | null }[]
  const to = recipients.find(({ role }) => role === "to")
  const thread = threadIn(webhook) ?? threadOf(state, to?.handle ?? "")
  // The phone that wrote: the platform may write its number another way.
  const handle = handleOf(state, thread) ?? to?.handle ?? ""
  const counts = countsOf(state, thread)
  const n = counts.out++
  const text = String(webhook.payload.text ?? webhook.payload.body ?? "")
  const plan = planAnswer(state.faults, handle, n, text)
  if (plan.fault !== null || plan.delayMs > 0 || plan.laterFailure !== null) spend(state)
  const messageId = String(webhook.payload.id ?? `auto:${thread}:${n}`)
  const externalId = state.given.get(messageId) ?? `sim:${state.space}:${handle}:o${n}`
  const isNew = !state.given.has(messageId)
  const said = answerOf(plan, externalId, thread)
  const isSuccess = plan.fault === null || plan.fault === "without_ids"
  if (isSuccess) state.given.set(messageId, externalId)
  // Before the answer leaves: whoever hears of the result finds it here.
  await pause(plan.delayMs)
  if (isNew || !isSuccess)
    show(state, phoneOf(state, handle, to?.name ?? null), {
      id: externalId,
      from: webhook.type === "message" ? "team" : "auto",
      text,
      at: Date.now() / 1000,
      state: isSuccess ? "received" : "failed",
      note: noteOf(plan),
      attachments: ((webhook.payload.attachments ?? []) as { filename?: string }[]).map(
        ({ filename }) => filename ?? "file",
      ),
    })
  if (webhook.type === "message") recordStep(state.recording, { do: "reply", handle, text })
  record(state, "sends", thread, webhook, plan.fault === null ? said : { ...said, fault: plan.fault }, startedAt)
  note(state, {
    direction: "to_channel",
    what: webhook.type,
    thread,
    status: plan.fault === "drop" || plan.fault === "silence" || plan.fault === "cut" ? null : said.status,
    took_ms: performance.now() - startedAt,
    fault: plan.fault ?? (plan.delayMs > answerMs ? "slow" : null),
  })
  deliver(response, said, plan.fault)
  if (isSuccess && isNew && plan.laterFailure !== null) deps.failLater(state, thread, externalId, plan.laterFailure)
}

/** Whether there is a whole answer at all is decided here; what it says in `answerOf`. */
function deliver(response: ServerResponse, said: Answer, fault: AnswerFault | null): void {
  if (fault === "silence") return
  if (fault === "drop") {
    response.socket?.destroy()
    return
  }
  if (fault !== "cut") {
    send(response, said)
    return
  }
  const text = JSON.stringify(said.body)
  response.writeHead(said.status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) })
  response.write(text.slice(0, text.length >> 1), () => response.socket?.destroy())
}

const errorStatus: Partial<Record<AnswerFault, number>> = {
  bad_request: 400,
  authentication_required: 401,
  forbidden: 403,
  not_found: 404,
  request_timeout: 408,
  too_many_requests: 429,
  internal_error: 500,
}

function answerOf({ fault, reason }: AnswerPlan, externalId: string, thread: string): Answer {
  const status = fault === null ? undefined : errorStatus[fault]
  if (fault !== null && status !== undefined) return refusal(status, fault, reason)
  if (fault === "rate_limited") return { status: 429, body: {}, headers: { "retry-after": "2" } }
  if (fault === "unavailable") return { status: 503, body: { message: reason } }
  if (fault === "without_ids") return ok()
  return ok({ type: "success", external_id: externalId, external_conversation_id: thread })
}

function noteOf({ fault, reason, delayMs, laterFailure }: AnswerPlan): string | null {
  if (fault !== null) return fault in errorStatus ? `${fault}: ${reason}` : fault
  if (laterFailure !== null) return `failed later: ${laterFailure}`
  return delayMs > 0 ? `answered after ${delayMs / 1000} s` : null
}

function record(
  state: ChannelState,
  stream: "sends" | "notices",
  thread: string,
  webhook: Webhook,
  said: Answer & { fault?: string },
  startedAt: number,
): void {
  const { recording } = state
  if (recording === null || !thread.includes(state.space)) return
  const tookMs = Math.round(performance.now() - startedAt)
  const { status, ...answered } = said
  recordEntry(recording, {
    stream,
    thread,
    what: webhook.type,
    body: webhook,
    status,
    answer: answered,
    atMs: Date.now() - recording.startedAt,
    tookMs,
  })
}

function threadIn({ metadata }: Webhook): string | null {
  const { external_conversation_ids: all, external_conversation_id: one } = metadata
  const [first] = Array.isArray(all) ? all : []
  return typeof first === "string" ? first : typeof one === "string" ? one : null
}

const pause = (ms: number): Promise<void> =>
  ms === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms).unref())

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    ...headers,
  })
  response.end(text)
}

async function readRaw(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length
    if (size <= bodyBytesMax) pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

function parse(raw: Buffer): Webhook | null {
  try {
    const { type, payload, metadata } = JSON.parse(raw.toString()) as Partial<Webhook>
    return { type: String(type), payload: payload ?? {}, metadata: metadata ?? {} }
  } catch {
    return null
  }
}
