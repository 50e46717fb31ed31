/** Tools for builders: why a signature does not hold, and whether a channel's server does what it must. Ours. Times are seconds since 1970. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { jsonBytesMax, urlCharsMax } from "../limits.ts"
import { nullable } from "../shapes.ts"
import { signatureMistakes } from "../signature-check.ts"

const idCharsMax = 300
const Mistake = Type.Unsafe<(typeof signatureMistakes)[number]>(
  Type.Union(signatureMistakes.map((name) => Type.Literal(name))),
)

export const SignatureFinding = Type.Object({
  expected: Type.String({ description: "base64 of HMAC-SHA256 over timestamp:body" }),
  is_equal: Type.Boolean(),
  mistake: nullable(Mistake),
  skew_ms: nullable(Type.Number({ description: "how far the timestamp is from now" })),
  bytes: Type.Integer({ description: "that were signed" }),
  timestamp: Type.String(),
  base: Type.String({ description: "the beginning of what was signed, 300 characters" }),
})
export type SignatureFinding = Static<typeof SignatureFinding>

export const inspectSignature = endpoint({
  method: "POST",
  path: "/causeway/signatures/inspect",
  summary:
    "Says whether a signature holds and, where not, which of the usual mistakes made it. Of a delivery's last attempt, or of a body and a timestamp that are given. No secret leaves the server.",
  callers: ["token", "session"],
  scope: "apps:read",
  body: Type.Object({
    delivery_id: Type.Optional(Type.String({ maxLength: idCharsMax })),
    app_uid: Type.Optional(
      Type.String({ maxLength: idCharsMax, description: "whose secret; a delivery's own unless given" }),
    ),
    timestamp: Type.Optional(Type.String({ maxLength: 30 })),
    body: Type.Optional(Type.String({ maxLength: jsonBytesMax })),
    computed: Type.Optional(
      Type.String({
        maxLength: 500,
        description: "what the builder's server computed; the header's signature unless given",
      }),
    ),
  }),
  responses: { 200: SignatureFinding },
})

export const CheckOutcome = Type.Union([
  Type.Literal("pass"),
  Type.Literal("fail"),
  Type.Literal("warn"),
  Type.Literal("skipped"),
])
export const ConformanceResult = Type.Object({
  id: Type.String({ description: "MSG-07; stable" }),
  requirement: Type.String(),
  source: Type.String(),
  result: CheckOutcome,
  detail: Type.String(),
  fix: Type.String(),
  took_ms: Type.Number(),
  evidence: Type.Array(
    Type.Object({
      method: Type.String(),
      url: Type.String(),
      sent: Type.String(),
      status: Type.Integer({ description: "0: no answer" }),
      body: Type.String(),
      took_ms: Type.Number(),
      problem: nullable(Type.String()),
    }),
  ),
})
export type ConformanceResult = Static<typeof ConformanceResult>

export const ConformanceRun = Type.Object({
  id: Type.String(),
  app_uid: Type.String(),
  url: Type.String(),
  started_at: Type.Number(),
  state: Type.Union([Type.Literal("running"), Type.Literal("done"), Type.Literal("failed")]),
  problem: nullable(Type.String({ description: "why it did not come to its end" })),
  counts: Type.Object({
    pass: Type.Integer(),
    fail: Type.Integer(),
    warn: Type.Integer(),
    skipped: Type.Integer(),
  }),
  results: Type.Array(ConformanceResult),
})
export type ConformanceRun = Static<typeof ConformanceRun>

const running = { callers: ["token", "session"] as const, scope: "apps:write" }
const reading = { callers: ["token", "session"] as const, scope: "apps:read" }
const Params = Type.Object({ conformance_run_id: Type.String() })

export const startConformance = endpoint({
  method: "POST",
  path: "/causeway/conformance_runs",
  summary:
    "Plays the platform, and a hostile one, against an app's server, with the app's secret. Sends real messages: 409 while the app has channels, unless `confirm`.",
  ...running,
  body: Type.Object({
    app_uid: Type.String({ minLength: 1, maxLength: idCharsMax }),
    url: Type.Optional(
      Type.String({ minLength: 1, maxLength: urlCharsMax, description: "the app's webhook_url unless given" }),
    ),
    credential: Type.Optional(Type.String({ minLength: 1, maxLength: 4000 })),
    recipient: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    only: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 40 }), {
        maxItems: 200,
        description: "ids or beginnings of ids",
      }),
    ),
    confirm: Type.Optional(Type.Boolean({ description: "the app's channels may get test messages" })),
  }),
  responses: { 201: ConformanceRun },
})

export const getConformance = endpoint({
  method: "GET",
  path: "/causeway/conformance_runs/:conformance_run_id",
  summary:
    "A run as far as it is; with `after` results known, it answers when there are more. Kept until the server stops.",
  ...reading,
  params: Params,
  query: Type.Object({
    after: Type.Optional(Type.Integer({ minimum: 0 })),
    wait_seconds: Type.Optional(Type.Number({ minimum: 0, maximum: 25 })),
  }),
  responses: { 200: ConformanceRun },
})

export const listConformance = endpoint({
  method: "GET",
  path: "/causeway/conformance_runs",
  summary: "The latest runs, newest first, without their results.",
  ...reading,
  query: Type.Object({ app_uid: Type.Optional(Type.String({ maxLength: idCharsMax })) }),
  responses: { 200: Type.Object({ conformance_runs: Type.Array(ConformanceRun) }) },
})

export const exportConformance = endpoint({
  method: "GET",
  path: "/causeway/conformance_runs/:conformance_run_id/report",
  summary: "A finished run as a file: a page to read, or JUnit for a build server. 409 until it is done.",
  ...reading,
  params: Params,
  query: Type.Object({
    format: Type.Optional(Type.Union([Type.Literal("html"), Type.Literal("junit"), Type.Literal("json")])),
  }),
  responses: { 200: null },
})
