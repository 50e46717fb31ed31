import type { CommentView, MessageView, TimelineItem } from "@causeway/contract/inbox"
import type { ActivityView } from "@causeway/contract/inbox-timeline"
import type { CallView } from "@causeway/contract/resources/call"
import { type Answers, is } from "./answers.ts"
import * as f from "./fixtures.ts"
import type { GalleryState } from "./states.ts"
import { scene } from "./states-conversation.ts"

/** A timeline with entries of every kind, oldest first. */
const timeline = (
  name: string,
  items: readonly TimelineItem[],
  role: "admin" | "observer" = "admin",
  answers: Answers = {},
): GalleryState => {
  const usual = scene(`timeline-${name}`, { role })
  const [at] = Object.keys(usual.answers).filter((key) => key.endsWith("/timeline"))
  const page = usual.answers[String(at)] as { body: object }
  return {
    ...usual,
    answers: { ...answers, ...usual.answers, [String(at)]: is({ ...page.body, items: items.toReversed() }) },
  }
}
const message = (over: Partial<MessageView> = {}): TimelineItem => ({
  kind: "message",
  message: f.message({ conversation_id: "cnv_1", ...over }),
})

let count = 0
const note = (over: Partial<CommentView> = {}): TimelineItem => {
  count += 1
  const body = over.body ?? "@ana could you look at this? The depot has it since Friday."
  const comment: CommentView = {
    id: `com_${count}`,
    conversation_id: "cnv_1",
    author: f.bea,
    body,
    html: `<p>${body}</p>`,
    mentions: [f.ana],
    reply_to_id: null,
    is_pinned: false,
    posted_at: f.now - 1_000 + count,
    edited_at: null,
    attachments: [],
    version: 1,
    ...over,
  }
  return { kind: "comment", comment }
}
const activity = (type: ActivityView["type"], over: Partial<ActivityView> = {}): TimelineItem => {
  count += 1
  return {
    kind: "activity",
    activity: {
      id: `evt_${count}`,
      type,
      position: count,
      at: f.now - 900 + count,
      conversation_id: "cnv_1",
      channel_id: null,
      actor: { kind: "teammate", ...f.bea },
      subject: null,
      cause: null,
      message_id: null,
      until: null,
      count: null,
      status: null,
      reason: null,
      version: 1,
      ...over,
    },
  }
}
const started = f.now - 700
const call = (over: Partial<CallView> = {}): TimelineItem => {
  count += 1
  const view: CallView = {
    id: `cal_${count}`,
    message_id: `msg_c${count}`,
    channel_id: "cha_1",
    external_id: `call-${count}`,
    direction: "inbound",
    status: "hangup",
    from: { handle: "+43 660 1234567", name: "Mia Kovač" },
    to: { handle: "+1 555 0100", name: "Acme SMS" },
    contact_id: "crd_1",
    agent: null,
    started_at: started,
    connected_at: started + 8,
    ended_at: started + 253,
    duration: 245,
    steps: [{ status: "connected", at: started + 8, agent: null }],
    recordings: [],
    transcript: null,
    summary: null,
    parent_id: null,
    legs: [`cal_${count}`],
    version: 1,
    ...over,
  }
  return message({ id: `msg_c${count}`, text: "Call", body: "", created_at: started, call: view })
}
const recording = {
  id: "fil_9",
  type: "call" as const,
  url: "/app/recording.wav",
  filename: "call.wav",
  content_type: "audio/wav",
  size: 3_900_000,
}
const lines = ["Where is my order?", "It left the depot this morning.", "Then I wait. Thank you!"].map(
  (content, i) => ({
    speaker_name: i % 2 === 0 ? "Mia Kovač" : "Ana Lee",
    content,
    start_seconds: i * 6,
    speaker_type: i % 2 === 0 ? ("external" as const) : ("internal" as const),
  }),
)

/** What a timeline tells besides messages: notes, what was done, and calls. */
export const timelineStates: GalleryState[] = [
  timeline("note", [message(), note()]),
  timeline("note-own", [message(), note({ author: f.ana, mentions: [] })]),
  timeline("note-edited", [message(), note({ edited_at: f.now - 100 })]),
  timeline("note-observer", [message(), note()], "observer"),
  timeline("activity", [message(), activity("assign", { subject: f.ana })]),
  timeline("activity-many", [
    message(),
    activity("tag", { subject: { id: "tag_1", name: "Refund" } }),
    activity("assign", { subject: f.ana }),
    activity("archive"),
    activity("reopen", { cause: "message" }),
    activity("snooze", { until: f.now + 9_000 }),
    activity("channel_status", {
      status: "offline",
      subject: { id: "cha_1", name: "Acme SMS" },
      actor: { kind: "system", id: null, name: null },
    }),
  ]),
  timeline("call", [message(), call()]),
  timeline("call-ringing", [
    call({ status: "ringing", connected_at: null, ended_at: null, duration: null, steps: [] }),
  ]),
  timeline("call-connected", [call({ status: "connected", ended_at: null, duration: null })]),
  timeline("call-missed", [call({ status: "missed", connected_at: null, duration: null, steps: [] })]),
  {
    ...timeline("call-recording", [
      call({ recordings: [recording], transcript: lines, summary: "Mia asks for her order; it arrives today." }),
    ]),
    shows: "article canvas",
  },
  timeline("call-voicemail", [
    call({ status: "missed", connected_at: null, duration: null, recordings: [{ ...recording, type: "voicemail" }] }),
  ]),
  {
    ...timeline("call-no-waveform", [call({ recordings: [recording] })], "admin", {
      "GET /causeway/messages/*/attachments/*/peaks": is({ waveform: null }),
    }),
    shows: "article input[type=range]",
  },
]
