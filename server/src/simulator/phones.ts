import { crc32, deflateSync } from "node:zlib"
import type { CallAction, PhoneCall, PhoneMessage } from "@causeway/contract/endpoints/simulator"
import type { App } from "../apps/store.ts"
import { HttpError, invalid } from "../http/errors.ts"
import { syntheticRecording } from "./audio.ts"
import { chance, planInbound } from "./faults.ts"
import { type ApiAnswer, callApi, postHalf } from "./platform.ts"
import { recordStep } from "./session.ts"
import { type ChannelState, countsOf, phoneOf, show, spend, threadOf } from "./state.ts"

/** What a provider needs to speak for a channel. */
export interface Provider {
  /** Where our own API listens. */
  origin: string
  app: App
  state: ChannelState
}

export interface CustomerText {
  handle: string
  name: string | null
  text: string
  attachment: "image" | "text" | "large" | null
}

/** How long a message that shall come after the next one waits for it, outside of recordings. */
const heldBackMs = 2_000

/** A customer writes: synced over the Channel API, unless a fault has it lost or kept back. */
export async function writeMessage(provider: Provider, written: CustomerText): Promise<PhoneMessage> {
  const { state } = provider
  const { handle, name, text, attachment } = written
  const thread = threadOf(state, handle)
  const n = countsOf(state, thread).in++
  recordStep(state.recording, { do: "write", ...written })
  const fault = planInbound(state.faults, handle, n)
  if (fault !== null) spend(state)
  const id = `sim:${state.space}:${handle}:i${n}`
  const message = show(state, phoneOf(state, handle, name), {
    id,
    from: "customer",
    text,
    at: Date.now() / 1000,
    state: "sending",
    note: fault,
    attachments: attachment === null ? [] : [fileOf(attachment).name],
  })
  const sync = () => syncInbound(provider, { ...written, id, thread, fault }, message)
  const before = state.heldBack
  state.heldBack = null
  if (fault === "drop") become(state, message, "lost")
  else if (fault === "reorder") {
    become(state, message, "held_back")
    holdBack(state, sync)
  } else await sync()
  await before?.()
  return message
}

function holdBack(state: ChannelState, sync: () => Promise<void>): void {
  state.heldBack = sync
  if (state.recording !== null) return
  setTimeout(() => {
    if (state.heldBack === sync) void releaseHeldBack(state)
  }, heldBackMs).unref()
}

/** Lets go what waits for a next message. */
export async function releaseHeldBack(state: ChannelState): Promise<void> {
  const held = state.heldBack
  state.heldBack = null
  await held?.()
}

async function syncInbound(
  { origin, app, state }: Provider,
  written: CustomerText & { id: string; thread: string; fault: string | null },
  message: PhoneMessage,
): Promise<void> {
  const { handle, name, text, attachment, id, thread, fault } = written
  const body = {
    sender: { handle, ...(name !== null && { name }) },
    body: text,
    metadata: { external_id: id, external_conversation_id: thread },
  }
  const call = { method: "POST", path: "/inbound_messages", thread, what: "POST inbound_messages", fault } as const
  if (fault === "cut") await postHalf(origin, app, state, call.path, body)
  const ask = (): Promise<ApiAnswer> =>
    callApi(origin, app, state, {
      ...call,
      body: attachment === null ? body : formOf(body, attachment),
      recorded: attachment === null ? body : { ...body, attachment },
    })
  const answer = await ask()
  if (fault === "duplicate") await ask()
  if (answer.status === 202) return become(state, message, "accepted")
  const said = (answer.body?._error as { message?: string } | undefined)?.message
  message.note = said ?? (answer.status === null ? "no answer" : `status ${answer.status}`)
  become(state, message, "refused")
}

function become(state: ChannelState, message: PhoneMessage, next: PhoneMessage["state"]): void {
  message.state = next
  state.changed()
}

const largeBytes = 24 * 1024 * 1024

function fileOf(kind: "image" | "text" | "large"): { name: string; type: string; bytes: () => Buffer } {
  if (kind === "image") return { name: "photo.png", type: "image/png", bytes: () => gradient(160, 100) }
  if (kind === "text")
    return { name: "order.txt", type: "text/plain", bytes: () => Buffer.from("Order 7781\n1 × lamp\n") }
  return { name: "video.bin", type: "application/octet-stream", bytes: () => Buffer.alloc(largeBytes, 7) }
}

function formOf(body: { sender: object; body: string; metadata: object }, kind: "image" | "text" | "large"): FormData {
  const form = new FormData()
  for (const [group, fields] of [
    ["sender", body.sender],
    ["metadata", body.metadata],
  ] as const)
    for (const [name, value] of Object.entries(fields)) form.set(`${group}[${name}]`, String(value))
  form.set("body", body.body)
  const { name, type, bytes } = fileOf(kind)
  form.set("attachments", new File([new Uint8Array(bytes())], name, { type }))
  return form
}

/** A small PNG, the same every time. */
function gradient(width: number, height: number): Buffer {
  const rows = Buffer.alloc((width * 3 + 1) * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * (width * 3 + 1) + 1 + x * 3
      rows[at] = 40 + Math.round((150 * x) / width)
      rows[at + 1] = 90 + Math.round((90 * y) / height)
      rows[at + 2] = 160
    }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10])
  return Buffer.concat([
    signature,
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ])
}

function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}

export interface CallMove {
  action: CallAction
  handle: string
  name: string | null
  direction: "inbound" | "outbound"
  callId: string | null
  recording: boolean
  transcript: boolean
  summary: boolean
}

const statusAfter: Record<Exclude<CallAction, "ring">, string> = {
  answer: "connected",
  hold: "hold",
  resume: "resumed",
  transfer: "transferred",
  hang_up: "hangup",
  miss: "missed",
}

/** One step of a call. Throws 400 with the platform's reason where it cannot follow, 404 for a call that nobody made. */
export async function moveCall(provider: Provider, move: CallMove): Promise<PhoneCall> {
  const { state } = provider
  const phone = phoneOf(state, move.handle, move.name)
  if (move.action === "ring") {
    const call = await ring(provider, move, null)
    note(state, call, move)
    return call
  }
  const call = move.callId === null ? phone.calls.at(-1) : phone.calls.find(({ call_id }) => call_id === move.callId)
  if (call === undefined) throw new HttpError(404, "This handle has no such call: begin one with ring")
  note(state, call, move)
  await tell(provider, call, "PATCH", "", { call_status: statusAfter[move.action] }, "PATCH calls")
  call.status = statusAfter[move.action]
  state.changed()
  const isOver = ["transfer", "hang_up"].includes(move.action)
  if (isOver) await leaveBehind(provider, call, move)
  return move.action === "transfer" ? await ring(provider, move, call.call_id) : call
}

function note({ recording }: ChannelState, call: PhoneCall, move: CallMove): void {
  if (recording === null) return
  if (move.action === "ring") recording.callIds.push(call.call_id)
  const nth = recording.callIds.indexOf(call.call_id)
  if (nth === -1) return // it began before the recording, and a replay has no such call
  const extras = (["recording", "transcript", "summary"] as const).filter((name) => move[name])
  recordStep(recording, {
    do: "call",
    handle: move.handle,
    call: nth,
    action: move.action,
    ...(move.action === "ring" && { direction: move.direction }),
    with: extras,
  })
}

async function ring(provider: Provider, move: CallMove, parent: string | null): Promise<PhoneCall> {
  const { state } = provider
  const space = `sim:${state.space}:call`
  const call: PhoneCall = {
    call_id: `${space}${state.calls.filter(({ call_id }) => call_id.startsWith(space)).length}`,
    handle: move.handle,
    direction: move.direction,
    status: "ringing",
    at: Date.now() / 1000,
  }
  const party = { handle: move.handle, ...(move.name !== null && { name: move.name }) }
  const body = {
    external_call_id: call.call_id,
    initial_status: "ringing",
    direction: move.direction,
    [move.direction === "inbound" ? "from" : "to"]: party,
    ...(parent !== null && { parent_external_call_id: parent }),
  }
  await asked(
    await callApi(provider.origin, provider.app, state, {
      method: "POST",
      path: "/calls",
      body,
      thread: call.call_id,
      what: "POST calls",
    }),
  )
  state.calls.push(call)
  phoneOf(state, move.handle).calls.push(call)
  state.changed()
  return call
}

const recordingSeconds = 12

/** What a phone system keeps of a call. */
async function leaveBehind(provider: Provider, call: PhoneCall, move: CallMove): Promise<void> {
  const key = Math.floor(chance(1, call.handle) * 1000)
  if (move.recording) {
    const form = new FormData()
    form.set("recording_type", "call")
    const audio = syntheticRecording(recordingSeconds, key)
    form.set("attachments", new File([new Uint8Array(audio)], "call.wav", { type: "audio/wav" }))
    await tell(provider, call, "POST", "/recording", form, "POST calls/recording")
  }
  const name = move.name ?? phoneOf(provider.state, call.handle).name ?? call.handle
  if (move.transcript)
    await tell(provider, call, "POST", "/transcript", { lines: transcriptOf(name) }, "POST calls/transcript")
  if (move.summary)
    await tell(
      provider,
      call,
      "POST",
      "/summary",
      { content: `${name} asked about order 7781. It leaves today; a message will follow.` },
      "POST calls/summary",
    )
}

const transcriptOf = (name: string) =>
  [
    ["external", name, "Hello, I am calling about order 7781."],
    ["internal", "Support", "Good morning. One moment, I have it here."],
    ["external", name, "It should have come on Tuesday."],
    ["internal", "Support", "It leaves today. You will get a message with the tracking number."],
    ["external", name, "Thank you, that helps."],
  ].map(([speaker_type, speaker_name, content], i) => ({
    speaker_type,
    speaker_name,
    content,
    start_time_seconds: i * 2.4,
  }))

async function tell(
  { origin, app, state }: Provider,
  call: PhoneCall,
  method: "POST" | "PATCH",
  path: string,
  body: object | FormData,
  what: string,
): Promise<void> {
  await asked(
    await callApi(origin, app, state, {
      method,
      path: `/calls/${encodeURIComponent(call.call_id)}${path}`,
      body,
      thread: call.call_id,
      what,
      ...(body instanceof FormData && { recorded: { file: "call.wav" } }),
    }),
  )
}

async function asked({ status, body }: ApiAnswer): Promise<void> {
  if (status !== null && status < 300) return
  const said = (body?._error as { details?: string[]; message?: string } | undefined) ?? {}
  throw invalid("body.action", said.details?.[0] ?? said.message ?? `was answered with ${status ?? "nothing"}`)
}
