import type { CallChange, NewTranscript } from "@causeway/contract/endpoints/calls"
import type { EventType } from "@causeway/contract/event-types"
import { callRecordingsMax } from "@causeway/contract/limits"
import type { RecordingType } from "@causeway/contract/resources/call"
import type { Channel } from "../channels/store.ts"
import type { Tx } from "../database/database.ts"
import { HttpError, invalid } from "../http/errors.ts"
import type { UploadedFile } from "../http/multipart.ts"
import { appendEvents } from "../live/feed.ts"
import { insertAttachments } from "../messages/store.ts"
import type { Services } from "../services.ts"
import { findAgent, sourceOf } from "./agent.ts"
import { isOver, nextStep, statusAfter, stepEvents } from "./lifecycle.ts"
import {
  type Call,
  type ConversationEffect,
  insertStep,
  lockCall,
  updateCallRow,
  updateTimeline,
  writeTranscript,
} from "./store.ts"

type Deps = Pick<Services, "db" | "ids">

/** Ours: a call that was put on hold this often is a partner in a loop. */
const stepsMax = 1000

/** A late part of a call, which nobody has to do anything about. */
const quiet: ConversationEffect = { activityAt: null, answers: false, needsAnswer: false }

/** What the feed is told of a change. */
interface News {
  type: EventType
  isPublic: boolean
  effect: ConversationEffect
}

/**
 * Everything that happens to a call goes through here: the call is locked, `work` changes it in place and says what is news (null: it was known), and
 * the message, the conversation and the feed follow in the same transaction. 404 when the channel has no such call.
 */
async function changeCall(
  deps: Deps,
  channel: Channel,
  externalId: string,
  work: (tx: Tx, call: Call) => Promise<News | null>,
): Promise<void> {
  await deps.ids.reserve(10)
  await deps.db.tx(async (tx) => {
    const call = await lockCall(tx, channel, externalId)
    const news = await work(tx, call)
    if (news === null) return
    const agent = call.agentEmail === null ? null : await findAgent(tx, call.companyId, call.agentEmail)
    const { conversationId, reopened } = await updateTimeline(tx, call, news.effect, agent?.id ?? null)
    const { type, isPublic } = news
    const source = sourceOf(agent)
    await appendEvents(tx, call.companyId, [
      { id: deps.ids.take(), type, isPublic, conversationId, messageId: call.id, source, target: { type: "message" } },
      ...(reopened
        ? [{ id: deps.ids.take(), type: "reopen" as const, conversationId, source: { type: "api", cause: "call" } }]
        : []),
    ])
  })
}

/** The call went on: see lifecycle.ts for what may follow what. */
export async function updateStatus(
  deps: Deps,
  channel: Channel,
  externalId: string,
  change: CallChange,
): Promise<void> {
  const told = typeof change.occurred_at === "number" ? new Date(Math.round(change.occurred_at)) : null
  await changeCall(deps, channel, externalId, async (tx, call) => {
    const status = nextStep(call, change.call_status, told)
    const agentEmail = change.agent_email_address?.trim() || call.agentEmail
    // The present status may come again with another agent; a late copy of an older one says who it was then.
    const isOld = status === null && statusAfter(change.call_status) !== call.status
    if (isOld || (status === null && agentEmail === call.agentEmail)) return null
    call.agentEmail = agentEmail
    if (status === null) {
      await updateCallRow(tx, call)
      return { type: "call_agent_changed", isPublic: false, effect: quiet }
    }
    if (call.steps.length >= stepsMax)
      throw new HttpError(400, `A call takes ${stepsMax} changes of status and no more`)
    const occurredAt = told ?? new Date()
    call.status = statusAfter(status)
    if (call.status === "connected") call.connectedAt ??= occurredAt
    if (isOver(call.status)) call.endedAt = occurredAt
    await updateCallRow(tx, call)
    await insertStep(tx, call, { number: call.steps.length + 1, status, occurredAt, agentEmail })
    const unreached = isOver(call.status) && call.connectedAt === null && status !== "transferred"
    const effect = {
      activityAt: new Date(Math.min(occurredAt.getTime(), Date.now())),
      answers: status === "connected",
      needsAnswer: call.direction === "inbound" && unreached,
    }
    return { type: stepEvents[status], isPublic: true, effect }
  })
}

/** One audio file, kept already. The same file again is known; a voicemail wants an answer. */
export async function addRecording(
  deps: Deps,
  channel: Channel,
  externalId: string,
  recording: { type: RecordingType; files: readonly UploadedFile[] },
): Promise<void> {
  await changeCall(deps, channel, externalId, async (tx, call) => {
    const file = audioOf(recording.files)
    const { type } = recording
    if (await hasRecording(tx, call, file)) return null
    if (call.recordings.length >= callRecordingsMax)
      throw new HttpError(400, `A call takes ${callRecordingsMax} recordings and no more`)
    const filed = { companyId: call.companyId, id: call.id, files: [file], firstPosition: call.recordings.length }
    const [attachmentId] = await insertAttachments(tx, deps.ids, [filed])
    await tx.query({
      name: "calls.insert_recording",
      text: "insert into call_recording (company_id, call_id, attachment_id, type) values ($1, $2, $3, $4)",
      values: [call.companyId, call.id, attachmentId, type],
    })
    call.recordings = [...call.recordings, type]
    const effect =
      type === "voicemail" && call.direction === "inbound"
        ? { activityAt: new Date(), answers: false, needsAnswer: true }
        : quiet
    return { type: "call_recording_added", isPublic: false, effect }
  })
}

/** The one file of a request; 400 for none, for several, and for anything but sound. */
function audioOf(files: readonly UploadedFile[]): UploadedFile {
  const [file] = files
  if (file === undefined || files.length > 1)
    throw invalid(
      "body.attachments",
      `must be exactly one audio file, sent as multipart/form-data; was ${files.length}`,
    )
  if (!file.contentType.startsWith("audio/"))
    throw invalid("body.attachments", `must have a Content-Type of audio/*, was ${file.contentType}`)
  return file
}

/** Walks attachment_message. */
async function hasRecording(tx: Tx, call: Call, file: UploadedFile): Promise<boolean> {
  const rows = await tx.query({
    name: "calls.has_recording",
    text: "select from attachment where company_id = $1 and message_id = $2 and sha256 = $3 limit 1",
    values: [call.companyId, call.id, file.sha256],
  })
  return rows.length > 0
}

/** A later summary replaces the one before. */
export async function setSummary(deps: Deps, channel: Channel, externalId: string, content: string): Promise<void> {
  await changeCall(deps, channel, externalId, async (tx, call) => {
    if (call.summary === content) return null
    call.summary = content
    await updateCallRow(tx, call)
    return { type: "call_summary_added", isPublic: false, effect: quiet }
  })
}

/** A later transcript replaces the one before. What was said in a call that nobody answered was said to the voicemail. */
export async function setTranscript(
  deps: Deps,
  channel: Channel,
  externalId: string,
  { lines }: NewTranscript,
): Promise<void> {
  const kept = lines.map(({ speaker_name, content, start_time_seconds, speaker_type }) => ({
    speaker_name,
    content,
    start_time_seconds,
    speaker_type,
  }))
  await changeCall(deps, channel, externalId, async (tx, call) => {
    if (!(await writeTranscript(tx, call, kept))) return null
    const isVoicemail =
      call.connectedAt === null || (call.recordings.includes("voicemail") && !call.recordings.includes("call"))
    const type = isVoicemail ? "call_voicemail_transcript_added" : "call_transcript_added"
    return { type, isPublic: true, effect: quiet }
  })
}
