/**
 * Calls of a phone system. Source: the vendor's Channel API document and its guide for voice channels. Times are milliseconds since 1970, but
 * offsets in a transcript and everything under /causeway, which are seconds.
 */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { externalCallIdCharsMax, handleCharsMax, nameCharsMax, transcriptLinesMax } from "../limits.ts"
import { CallView, RecordingType, SpeakerType } from "../resources/call.ts"
import { nullable } from "../shapes.ts"

const Milliseconds = Type.Optional(
  nullable(
    Type.Number({ minimum: -62_135_596_800_000, maximum: 253_402_300_799_999, description: "milliseconds since 1970" }),
  ),
)
const ParentCallId = Type.Optional(
  nullable(
    Type.String({
      maxLength: externalCallIdCharsMax,
      description: "the leg this one was transferred from; absent, empty or the call's own id: it is the first",
    }),
  ),
)
const AgentEmail = Type.Optional(nullable(Type.String({ maxLength: 320, description: "of the teammate on the call" })))

export const CallParty = Type.Object({
  handle: Type.String({ minLength: 1, maxLength: handleCharsMax }),
  name: Type.Optional(nullable(Type.String({ maxLength: nameCharsMax }))),
})
export type CallParty = Static<typeof CallParty>

/** The document calls the parent field parent_external_call_id, the guide external_parent_call_id: both are taken. */
export const NewCall = Type.Object({
  external_call_id: Type.String({ minLength: 1, maxLength: externalCallIdCharsMax }),
  initial_status: Type.Union([Type.Literal("queued"), Type.Literal("ringing")]),
  direction: Type.Union([Type.Literal("inbound"), Type.Literal("outbound")]),
  from: Type.Optional(nullable(CallParty)),
  to: Type.Optional(nullable(CallParty)),
  parent_external_call_id: ParentCallId,
  external_parent_call_id: ParentCallId,
  started_at: Milliseconds,
  agent_email_address: AgentEmail,
})
export type NewCall = Static<typeof NewCall>

/** `resumed` is in the guide's table of states and not in the document; `connected` after `hold` says the same. */
export const CallChange = Type.Object({
  call_status: Type.Union([
    Type.Literal("queued"),
    Type.Literal("ringing"),
    Type.Literal("connected"),
    Type.Literal("hold"),
    Type.Literal("resumed"),
    Type.Literal("hangup"),
    Type.Literal("abandoned"),
    Type.Literal("missed"),
    Type.Literal("transferred"),
  ]),
  occurred_at: Milliseconds,
  agent_email_address: AgentEmail,
})
export type CallChange = Static<typeof CallChange>

export const NewRecording = Type.Object({ recording_type: RecordingType })
export const NewSummary = Type.Object({ content: Type.String({ minLength: 1, maxLength: 50_000 }) })
export const NewTranscript = Type.Object({
  lines: Type.Array(
    Type.Object({
      speaker_name: Type.String({ maxLength: nameCharsMax }),
      content: Type.String({ maxLength: 20_000 }),
      start_time_seconds: Type.Number({
        minimum: 0,
        maximum: 1_000_000,
        description: "from the beginning of the call",
      }),
      speaker_type: SpeakerType,
    }),
    { minItems: 1, maxItems: transcriptLinesMax },
  ),
})
export type NewTranscript = Static<typeof NewTranscript>

const callers = ["channel", "token"] as const
const scope = "channels:write"
const ChannelParams = Type.Object({ channel_id: Type.String() })
const CallParams = Type.Object({ channel_id: Type.String(), external_call_id: Type.String() })
const accepted = { 202: null }

export const createCall = endpoint({
  method: "POST",
  path: "/channels/:channel_id/calls",
  summary: "A call that begins. A repeated external_call_id changes nothing.",
  callers,
  scope,
  params: ChannelParams,
  body: NewCall,
  responses: accepted,
})

export const updateCall = endpoint({
  method: "PATCH",
  path: "/channels/:channel_id/calls/:external_call_id",
  summary:
    "What became of a call. A status that cannot follow the present one is 400; the present one again changes nothing.",
  callers,
  scope,
  params: CallParams,
  body: CallChange,
  responses: accepted,
})

export const addCallRecording = endpoint({
  method: "POST",
  path: "/channels/:channel_id/calls/:external_call_id/recording",
  summary: "A recording of a call: multipart/form-data with exactly one audio file under `attachments`.",
  callers,
  scope,
  params: CallParams,
  body: NewRecording,
  multipart: true,
  responses: accepted,
})

export const addCallSummary = endpoint({
  method: "POST",
  path: "/channels/:channel_id/calls/:external_call_id/summary",
  summary: "The summary of a call; a later one replaces it.",
  callers,
  scope,
  params: CallParams,
  body: NewSummary,
  responses: accepted,
})

export const addCallTranscript = endpoint({
  method: "POST",
  path: "/channels/:channel_id/calls/:external_call_id/transcript",
  summary: "The transcript of a call; a later one replaces it.",
  callers,
  scope,
  params: CallParams,
  body: NewTranscript,
  responses: accepted,
})

export const listConversationCalls = endpoint({
  method: "GET",
  path: "/causeway/conversations/:conversation_id/calls",
  summary: "The calls of a conversation, oldest first, at most its 100 newest.",
  callers: ["token", "session"],
  scope: "messages:read",
  params: Type.Object({ conversation_id: Type.String() }),
  responses: { 200: Type.Object({ calls: Type.Array(CallView) }) },
})

export const readRecordingPeaks = endpoint({
  method: "GET",
  path: "/causeway/messages/:message_id/attachments/:attachment_id/peaks",
  summary: "How loud a recording is along its length, for a waveform; null for one that is no WAV file we can read.",
  callers: ["session"],
  scope: null,
  params: Type.Object({ message_id: Type.String(), attachment_id: Type.String() }),
  responses: {
    200: Type.Object({
      waveform: nullable(
        Type.Object({
          duration: Type.Number({ description: "seconds" }),
          peaks: Type.Array(Type.Number(), { description: "equal parts, each 0 to 1" }),
        }),
      ),
    }),
  },
})
