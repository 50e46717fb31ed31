import { request } from "node:http"
import { channelToken } from "@causeway/contract/channel-token"
import { formatId } from "@causeway/contract/ids"
import type { App } from "../apps/store.ts"
import { recordEntry } from "./session.ts"
import { type ChannelState, note } from "./state.ts"

/** What came back from our own API, as a provider sees it. */
export interface ApiAnswer {
  status: number | null
  body: Record<string, unknown> | null
  tookMs: number
}

export interface ApiCall {
  method: "POST" | "PUT" | "PATCH" | "GET"
  /** After `/channels/{channel_id}`, or a whole path when it begins with `//`. */
  path: string
  body?: object | FormData
  /** Whose thread or call it is about. */
  thread: string
  /** How it stands in the log: `POST inbound_messages`. */
  what: string
  /** What stands for the body in a recording; the body itself unless given. */
  recorded?: unknown
  fault?: string | null
}

const callTimeoutMs = 15_000

/** Calls the Channel API over HTTP with a token of the simulated app, and notes it. Never throws for what the API answers. */
export async function callApi(origin: string, app: App, state: ChannelState, call: ApiCall): Promise<ApiAnswer> {
  const channelId = formatId("cha", state.channelId)
  const token = channelToken({ appUid: app.uid, secret: app.secrets.current, channelId })
  const url = origin + (call.path.startsWith("//") ? call.path.slice(1) : `/channels/${channelId}${call.path}`)
  const isForm = call.body instanceof FormData
  const startedAt = performance.now()
  const answer = await fetch(url, {
    method: call.method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(call.body !== undefined && !isForm && { "content-type": "application/json" }),
    },
    ...(call.body !== undefined && { body: isForm ? (call.body as FormData) : JSON.stringify(call.body) }),
    signal: AbortSignal.timeout(callTimeoutMs),
  }).then(
    async (response) => ({ status: response.status, body: await readJson(response) }),
    () => ({ status: null, body: null }),
  )
  const tookMs = performance.now() - startedAt
  record(state, call, answer, tookMs)
  note(state, {
    direction: "from_channel",
    what: call.what,
    thread: call.thread,
    status: answer.status,
    took_ms: tookMs,
    fault: call.fault ?? null,
  })
  return { ...answer, tookMs }
}

const readJson = async (response: Response): Promise<Record<string, unknown> | null> => {
  const text = await response.text()
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return null
  }
}

function record(state: ChannelState, call: ApiCall, answer: Omit<ApiAnswer, "tookMs">, tookMs: number): void {
  const { recording } = state
  if (recording === null) return
  recordEntry(recording, {
    stream: "calls",
    thread: call.thread,
    what: call.what,
    body: call.recorded ?? call.body ?? null,
    status: answer.status,
    answer: answer.body,
    atMs: Date.now() - recording.startedAt,
    tookMs: Math.round(tookMs),
  })
}

/** Begins to post a message and hangs up in the middle of it, as a provider's broken connection does. Resolves when it is over. */
export function postHalf(origin: string, app: App, state: ChannelState, path: string, body: object): Promise<void> {
  const channelId = formatId("cha", state.channelId)
  const text = JSON.stringify(body)
  return new Promise((resolve) => {
    const half = request(`${origin}/channels/${channelId}${path}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${channelToken({ appUid: app.uid, secret: app.secrets.current, channelId })}`,
        "content-type": "application/json",
        "content-length": Buffer.byteLength(text),
      },
    })
    half.on("error", () => {})
    half.on("close", resolve)
    half.write(text.slice(0, text.length >> 1), () => half.destroy())
  })
}
