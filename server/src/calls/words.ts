import type { CallStatus, RecordingType } from "@causeway/contract/resources/call"
import { type Body, readBody } from "../messages/html.ts"

/** What a call's line is made of. */
export interface Told {
  direction: "inbound" | "outbound"
  status: CallStatus
  connectedAt: Date | null
  endedAt: Date | null
  summary: string | null
  recordings: readonly RecordingType[]
}

const inProgress: Partial<Record<CallStatus, string>> = {
  queued: "waiting in the queue",
  ringing: "ringing",
  connected: "in progress",
  hold: "on hold",
  transferred: "transferred",
}

/** The body of the message that stands for a call, for lists and for clients that know nothing of calls: one line, and the summary below it. */
export function tell(call: Told): Body {
  const text = [lineOf(call), ...(call.summary === null ? [] : ["", call.summary])].join("\n")
  return readBody(text, { format: "text" })
}

function lineOf(call: Told): string {
  return call.recordings.includes("voicemail") ? `${stateOf(call)}, voicemail` : stateOf(call)
}

function stateOf({ direction, status, connectedAt, endedAt }: Told): string {
  const isInbound = direction === "inbound"
  const name = isInbound ? "Inbound call" : "Outbound call"
  if (status === "missed") return isInbound ? "Missed call" : `${name} · no answer`
  if (status === "abandoned") return isInbound ? "Missed call · the caller hung up" : `${name} · given up`
  if (status !== "hangup") return `${name} · ${inProgress[status]}`
  return connectedAt === null || endedAt === null ? `${name} · ended` : `${name} · ${lengthOf(connectedAt, endedAt)}`
}

/** 252 s → "4:12", 3725 s → "1:02:05". */
function lengthOf(from: Date, to: Date): string {
  const total = Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000))
  const two = (count: number) => String(count).padStart(2, "0")
  const hours = Math.floor(total / 3600)
  const minutes = Math.floor(total / 60) % 60
  const rest = two(total % 60)
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`
}
