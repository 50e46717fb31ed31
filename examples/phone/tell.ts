import { ApiError, type CallChange } from "@causeway/sdk"
import type { Link } from "../shared/link.ts"
import { isRefusal } from "../shared/queue.ts"
import type { PbxEvent } from "./pbx/pbx.ts"
import type { Switch } from "./switch.ts"

/** What the platform is told, in order for each call with all its legs. */
export type Task = PbxEvent

const statusOf: Partial<Record<PbxEvent["type"], CallChange["call_status"]>> = {
  queued: "queued",
  ringing: "ringing",
  answered: "connected",
  held: "hold",
  // The document has no word for it; connected after a hold says the same.
  resumed: "connected",
  transferred: "transferred",
  hangup: "hangup",
  missed: "missed",
  abandoned: "abandoned",
}

export async function tell(event: Task, { link, line }: { link: Link; line: Switch }): Promise<void> {
  const client = link.client()
  const { call_id: id, type } = event
  if (type === "recording_ready" && event.recording) {
    const content = await line.recording(event.recording.path)
    const kind = event.recording.kind
    return client.addRecording(id, kind, { filename: `${kind}.wav`, contentType: "audio/wav", content })
  }
  if (type === "transcript_ready" && event.lines) {
    const lines = event.lines.map(({ speaker, name, text, startSeconds }) => ({
      speaker_type: speaker,
      speaker_name: name,
      content: text,
      start_time_seconds: startSeconds,
    }))
    return client.addTranscript(id, lines)
  }
  if (type === "summary_ready" && event.summary) return client.addSummary(id, event.summary)
  return event.seq === 1 ? begin(event, link) : change(event, link)
}

async function begin(event: PbxEvent, link: Link): Promise<void> {
  const { call_id: id, type, at, number, name, direction, parent_call_id: parent } = event
  const common = {
    external_call_id: id,
    initial_status: type === "queued" ? ("queued" as const) : ("ringing" as const),
    parent_external_call_id: parent ?? id,
    started_at: at,
  }
  const party = { handle: number, ...(name !== number && { name }) }
  await link
    .client()
    .createCall(direction === "inbound" ? { ...common, direction, from: party } : { ...common, direction, to: party })
}

async function change({ call_id: id, type, at, agent_email: agent }: PbxEvent, link: Link): Promise<void> {
  const call_status = statusOf[type]
  if (call_status === undefined) return
  await link
    .client()
    .updateCall(id, { call_status, occurred_at: at, ...(agent !== undefined && { agent_email_address: agent }) })
}

/**
 * Whether another attempt cannot help. A recording that may have been taken is not sent again: it would stand there twice.
 */
export function isFinal(task: Task, error: unknown): boolean {
  if (task.type !== "recording_ready" || !(error instanceof ApiError)) return isRefusal(error)
  const cause = (error.cause as { cause?: { code?: string } } | undefined)?.cause?.code
  const wasNotTaken = [401, 429, 503].includes(error.status) || cause === "ECONNREFUSED" || cause === "ENOTFOUND"
  return !wasNotTaken
}
