/** A call as the inbox shows it; ours. The vendor's shape of a call is its message of type "call". Times are seconds since 1970. */
import Type, { type Static } from "typebox"
import { nullable, seconds } from "../shapes.ts"

export const CallStatus = Type.Union([
  Type.Literal("queued"),
  Type.Literal("ringing"),
  Type.Literal("connected"),
  Type.Literal("hold"),
  Type.Literal("hangup"),
  Type.Literal("abandoned"),
  Type.Literal("missed"),
  Type.Literal("transferred"),
])
export type CallStatus = Static<typeof CallStatus>

/** What happened: a status, or `resumed`, after which the call is connected again. */
export const CallStepStatus = Type.Union([...CallStatus.anyOf, Type.Literal("resumed")])
export type CallStepStatus = Static<typeof CallStepStatus>

export const RecordingType = Type.Union([Type.Literal("call"), Type.Literal("voicemail")])
export type RecordingType = Static<typeof RecordingType>

export const SpeakerType = Type.Union([Type.Literal("internal"), Type.Literal("external")])

const Participant = Type.Object({ handle: Type.String(), name: nullable(Type.String()) })

/** Somebody of ours; `id` null when no teammate has the e-mail address that the phone system gave. */
const Agent = Type.Object({ id: nullable(Type.String()), name: Type.String(), email: Type.String() })

export const TranscriptLine = Type.Object({
  speaker_name: Type.String(),
  content: Type.String(),
  start_seconds: Type.Number({ description: "from the beginning of the call" }),
  speaker_type: SpeakerType,
})
export type TranscriptLine = Static<typeof TranscriptLine>

export const CallView = Type.Object({
  id: Type.String(),
  message_id: Type.String({ description: "the message that stands for it in the conversation" }),
  channel_id: Type.String(),
  external_id: Type.String(),
  direction: Type.Union([Type.Literal("inbound"), Type.Literal("outbound")]),
  status: CallStatus,
  from: Participant,
  to: Participant,
  contact_id: nullable(Type.String()),
  agent: nullable(Agent),
  started_at: seconds,
  connected_at: nullable(seconds),
  ended_at: nullable(seconds),
  duration: nullable(Type.Number({ description: "seconds from the answer to the end; null until both are known" })),
  steps: Type.Array(Type.Object({ status: CallStepStatus, at: seconds, agent: nullable(Agent) })),
  recordings: Type.Array(
    Type.Object({
      id: Type.String(),
      type: RecordingType,
      url: Type.String({ description: "a path on this origin" }),
      filename: Type.String(),
      content_type: Type.String(),
      size: Type.Integer({ description: "bytes" }),
    }),
  ),
  transcript: nullable(Type.Array(TranscriptLine)),
  summary: nullable(Type.String()),
  parent_id: nullable(Type.String({ description: "the leg it was transferred from, when that is here" })),
  legs: Type.Array(Type.String(), {
    description: "the ids of its whole chain of transfers, itself included, oldest first",
  }),
  version: Type.Integer(),
})
export type CallView = Static<typeof CallView>
