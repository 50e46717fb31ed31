/**
 * The simulator: channels whose partner is the server itself, over real HTTP both ways, so that a builder or a test plays the customer and the provider
 * with no account anywhere. Ours; only where the server was started with it (on a loopback address, or CAUSEWAY_SIMULATOR=1), 403 otherwise.
 */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { handleCharsMax, nameCharsMax } from "../limits.ts"
import { nullable } from "../shapes.ts"

/** Of an id in a body or an answer. */
const idCharsMax = 200
const Handle = Type.String({ minLength: 1, maxLength: handleCharsMax })
const Words = Type.String({ maxLength: 20_000 })

/** What the simulated provider answers a send with. `cut`: its answer ends in the middle; `drop`: it closes the connection; `silence`: it never answers. */
export const answerFaults = [
  "bad_request",
  "authentication_required",
  "forbidden",
  "not_found",
  "request_timeout",
  "too_many_requests",
  "internal_error",
  "rate_limited",
  "unavailable",
  "without_ids",
  "cut",
  "drop",
  "silence",
] as const
/** What happens to a customer's message on its way in. `reorder`: it comes after the next one; `cut`: a first try is broken off; `drop`: the provider loses it. */
export const inboundFaults = ["duplicate", "reorder", "cut", "drop"] as const

const oneOf = <T extends string>(values: readonly T[]) =>
  Type.Unsafe<T>(Type.Union(values.map((value) => Type.Literal(value))))

/** What goes wrong from now on. With a seed, what goes wrong with which message follows from the seed, the thread and the message's place in it. */
export const Faults = Type.Object({
  answer: nullable(oneOf(answerFaults)),
  reason: nullable(Type.String({ maxLength: 500, description: "what the refusal says" })),
  answer_after_seconds: Type.Number({ minimum: 0, maximum: 40, description: "platforms give up after 7" }),
  inbound: nullable(oneOf(inboundFaults)),
  later_failure: nullable(
    Type.String({
      minLength: 1,
      maxLength: 500,
      description: "sends succeed, and are reported as failed with this reason a moment later",
    }),
  ),
  remaining: nullable(
    Type.Integer({ minimum: 1, maximum: 10_000, description: "only the next so many; null: until it is changed" }),
  ),
  seed: nullable(Type.Integer({ minimum: 0, maximum: 4_294_967_295 })),
  rate: Type.Number({ minimum: 0, maximum: 1, description: "with a seed: how much of what passes is hit" }),
})
export type Faults = Static<typeof Faults>

const AttachmentKind = Type.Union([Type.Literal("image"), Type.Literal("text"), Type.Literal("large")], {
  description: "large: 24 MB, just below the limit of one message",
})

export const PhoneMessage = Type.Object({
  id: Type.String({ description: "the provider's id of it" }),
  from: Type.Union([Type.Literal("customer"), Type.Literal("team"), Type.Literal("auto")]),
  text: Type.String(),
  at: Type.Number(),
  state: Type.Union([
    Type.Literal("sending"),
    Type.Literal("accepted"),
    Type.Literal("refused"),
    Type.Literal("lost"),
    Type.Literal("held_back"),
    Type.Literal("received"),
    Type.Literal("failed"),
  ]),
  note: nullable(Type.String({ description: "what went wrong, in words" })),
  attachments: Type.Array(Type.String()),
})
export type PhoneMessage = Static<typeof PhoneMessage>

export const callActions = ["ring", "answer", "hold", "resume", "transfer", "hang_up", "miss"] as const
const CallAction = oneOf(callActions)
export type CallAction = (typeof callActions)[number]

export const PhoneCall = Type.Object({
  call_id: Type.String(),
  handle: Type.String(),
  direction: Type.Union([Type.Literal("inbound"), Type.Literal("outbound")]),
  status: Type.String({ description: "as the Channel API names it; ended calls stay" }),
  at: Type.Number(),
})
export type PhoneCall = Static<typeof PhoneCall>

export const Phone = Type.Object({
  handle: Type.String(),
  name: nullable(Type.String()),
  messages: Type.Array(PhoneMessage, { description: "oldest first, the last 200" }),
  calls: Type.Array(PhoneCall),
})
export type Phone = Static<typeof Phone>

/** One request that passed between the simulated provider and the server. */
export const Traffic = Type.Object({
  number: Type.Integer(),
  at: Type.Number(),
  direction: Type.Union([Type.Literal("to_channel"), Type.Literal("from_channel")]),
  what: Type.String({ description: "the type of a webhook, or method and resource of a call" }),
  thread: nullable(Type.String()),
  status: nullable(Type.Integer({ description: "null: there was no whole answer" })),
  took_ms: Type.Number(),
  fault: nullable(Type.String()),
})
export type Traffic = Static<typeof Traffic>

const SimulatedChannel = Type.Object({
  id: Type.String({ description: "cha_…" }),
  name: Type.String(),
  app_uid: Type.String(),
  status: Type.Union([Type.Literal("ok"), Type.Literal("offline")]),
})

export const SimulatedState = Type.Object({
  channel: SimulatedChannel,
  version: Type.Integer({ description: "give it as `after` to hear of the next change" }),
  faults: Faults,
  is_recording: Type.Boolean(),
  phones: Type.Array(Phone),
  traffic: Type.Array(Traffic, { description: "oldest first, the last 200" }),
})
export type SimulatedState = Static<typeof SimulatedState>

/** What was done, in order. */
export const SessionStep = Type.Union([
  Type.Object({
    do: Type.Literal("write"),
    handle: Handle,
    name: nullable(Type.String({ maxLength: nameCharsMax })),
    text: Words,
    attachment: nullable(AttachmentKind),
  }),
  Type.Object({ do: Type.Literal("reply"), handle: Handle, text: Words }),
  Type.Object({
    do: Type.Literal("call"),
    handle: Handle,
    call: Type.Integer({ minimum: 0, maximum: 10_000, description: "which call of this session" }),
    action: CallAction,
    direction: Type.Optional(Type.Union([Type.Literal("inbound"), Type.Literal("outbound")])),
    with: Type.Array(Type.Union([Type.Literal("recording"), Type.Literal("transcript"), Type.Literal("summary")]), {
      maxItems: 3,
    }),
  }),
  Type.Object({ do: Type.Literal("faults"), faults: Faults }),
])
export type SessionStep = Static<typeof SessionStep>

/** The traffic of one thread, with ids and times replaced by what stays the same from run to run; each entry is JSON text. */
const Stream = Type.Object({
  thread: Type.String({ maxLength: 1000 }),
  calls: Type.Array(Type.String({ maxLength: 100_000 }), {
    maxItems: 2000,
    description: "what the provider told the server",
  }),
  sends: Type.Array(Type.String({ maxLength: 100_000 }), { maxItems: 2000 }),
  notices: Type.Array(Type.String({ maxLength: 100_000 }), { maxItems: 2000 }),
})

/** A recorded session: what was done, and all that passed both ways. Plain data; kept as a file, it is replayed at another build and compared. */
export const Session = Type.Object(
  {
    format: Type.Literal("causeway-session/1"),
    version: Type.String({ maxLength: 100, description: "of the server that recorded it" }),
    seed: nullable(Type.Integer()),
    steps: Type.Array(SessionStep, { maxItems: 500 }),
    streams: Type.Array(Stream, { maxItems: 500 }),
    timings: Type.Array(
      Type.Object({ what: Type.String({ maxLength: 200 }), at_ms: Type.Number(), took_ms: Type.Number() }),
      { maxItems: 5000, description: "of the recording; never compared" },
    ),
  },
  { title: "SimulatorSession" },
)
export type Session = Static<typeof Session>

export const SessionDifference = Type.Object({
  thread: Type.String(),
  stream: Type.String(),
  index: Type.Integer(),
  recorded: nullable(Type.String()),
  now: nullable(Type.String()),
})
export type SessionDifference = Static<typeof SessionDifference>

const Params = Type.Object({ simulated_channel_id: Type.String() })
const callers = ["token", "session"] as const
const reading = { callers, scope: "apps:read" }
const playing = { callers, scope: "apps:write" }

export const listSimulated = endpoint({
  method: "GET",
  path: "/causeway/simulator/channels",
  summary: "The simulated channels, and whether this server simulates at all.",
  ...reading,
  responses: { 200: Type.Object({ is_enabled: Type.Boolean(), channels: Type.Array(SimulatedChannel) }) },
})

export const createSimulated = endpoint({
  method: "POST",
  path: "/causeway/simulator/channels",
  summary: "Connects a simulated channel: its partner is asked for authorization like any other.",
  ...playing,
  body: Type.Object({
    name: Type.Optional(Type.String({ minLength: 1, maxLength: nameCharsMax })),
    inbox_id: Type.Optional(Type.String({ maxLength: idCharsMax, description: "the first one unless given" })),
  }),
  responses: { 201: SimulatedChannel },
})

export const getSimulated = endpoint({
  method: "GET",
  path: "/causeway/simulator/channels/:simulated_channel_id",
  summary:
    "The phones of a simulated channel, its faults and its latest traffic. With `after` it answers when there is something newer.",
  ...reading,
  params: Params,
  query: Type.Object({
    after: Type.Optional(Type.Integer({ minimum: 0, description: "the version that is known already" })),
    wait_seconds: Type.Optional(Type.Number({ minimum: 0, maximum: 25 })),
  }),
  responses: { 200: SimulatedState },
})

export const setFaults = endpoint({
  method: "PUT",
  path: "/causeway/simulator/channels/:simulated_channel_id/faults",
  summary: "What goes wrong from now on; kept until the server stops.",
  ...playing,
  params: Params,
  body: Type.Partial(Faults),
  responses: { 200: Faults },
})

export const writeAsCustomer = endpoint({
  method: "POST",
  path: "/causeway/simulator/channels/:simulated_channel_id/messages",
  summary:
    "A customer writes: the simulated provider syncs the message over the Channel API, through the faults that are set.",
  ...playing,
  params: Params,
  body: Type.Object({
    handle: Handle,
    name: Type.Optional(Type.String({ minLength: 1, maxLength: nameCharsMax })),
    text: Words,
    attachment: Type.Optional(AttachmentKind),
  }),
  responses: { 202: PhoneMessage },
})

export const playCall = endpoint({
  method: "POST",
  path: "/causeway/simulator/channels/:simulated_channel_id/calls",
  summary:
    "A step of a call: `ring` begins one, the others go on with it. At its end it may leave a recording, a transcript and a summary.",
  ...playing,
  params: Params,
  body: Type.Object({
    action: CallAction,
    handle: Handle,
    name: Type.Optional(Type.String({ minLength: 1, maxLength: nameCharsMax })),
    direction: Type.Optional(
      Type.Union([Type.Literal("inbound"), Type.Literal("outbound")], {
        description: "of a call that begins; inbound unless given",
      }),
    ),
    call_id: Type.Optional(
      Type.String({ maxLength: idCharsMax, description: "this handle's latest call unless given" }),
    ),
    recording: Type.Optional(Type.Boolean()),
    transcript: Type.Optional(Type.Boolean()),
    summary: Type.Optional(Type.Boolean()),
  }),
  responses: { 202: PhoneCall },
})

export const startSession = endpoint({
  method: "POST",
  path: "/causeway/simulator/channels/:simulated_channel_id/session",
  summary: "Records from now on: what is done and what passes. A recording under way begins anew.",
  ...playing,
  params: Params,
  responses: { 204: null },
})

export const stopSession = endpoint({
  method: "DELETE",
  path: "/causeway/simulator/channels/:simulated_channel_id/session",
  summary: "Ends the recording and answers it. 409 when nothing is recorded.",
  ...playing,
  params: Params,
  responses: { 200: Session },
})

export const replaySession = endpoint({
  method: "POST",
  path: "/causeway/simulator/channels/:simulated_channel_id/replay",
  summary:
    "Does what a session did, replies included (with the caller's credential), and compares what passes. Begins no step more than 90 s after the first.",
  ...playing,
  params: Params,
  body: Type.Object({ session: Session }),
  responses: {
    200: Type.Object({
      is_equal: Type.Boolean(),
      steps_done: Type.Integer(),
      differences: Type.Array(SessionDifference, { description: "the first 100" }),
      session: Session,
    }),
  },
})

export const runSeeded = endpoint({
  method: "POST",
  path: "/causeway/simulator/channels/:simulated_channel_id/run",
  summary:
    "Plays a whole scene that follows from its seed alone: customers write and call, teammates reply (with the caller's credential), and things go wrong. The same seed gives the same scene.",
  ...playing,
  params: Params,
  body: Type.Object({
    seed: Type.Integer({ minimum: 0, maximum: 4_294_967_295 }),
    steps: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: "20 unless given" })),
    phones: Type.Optional(Type.Integer({ minimum: 1, maximum: 20, description: "3 unless given" })),
    fault_rate: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: "0.3 unless given" })),
    calls: Type.Optional(Type.Boolean({ description: "customers also call; true unless given" })),
  }),
  responses: { 200: Type.Object({ steps_done: Type.Integer(), session: Session }) },
})
