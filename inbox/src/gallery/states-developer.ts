import { type Answers, conversations, is, list, refused } from "./answers.ts"
import * as f from "./fixtures.ts"
import type { GalleryState, Step } from "./states.ts"
import { scene } from "./states-conversation.ts"
import { busy } from "./states-list.ts"

const app = (over: object = {}) => ({
  uid: "123456789012",
  name: "Acme SMS",
  webhook_url: "https://hooks.acme.test/",
  server_auth: { type: "none" },
  contact_type: "phone",
  composer: "basic",
  features: ["compose", "reply", "attachments"],
  strict: false,
  old_secret_until: null,
  signs_with_old: false,
  created_at: f.now - f.hours(400),
  ...over,
})
const entry = (id: string, over: object = {}) => ({
  id,
  at: f.now - 10,
  direction: id.startsWith("req") ? "in" : "out",
  what: "message",
  channel_id: "cha_1",
  outcome: "ok",
  http_status: 200,
  code: null,
  reason: null,
  took_ms: 184,
  attempts: 1,
  due_at: null,
  conversation_id: "cnv_1",
  message_id: "msg_1",
  replay_of: null,
  skipped: 0,
  ...over,
})
const noAnswer = "no answer came within 7 seconds"
const entries = [
  entry("dlv_9"),
  entry("req_8", { what: "POST inbound_messages", http_status: 202, took_ms: 12 }),
  entry("dlv_7", {
    what: "message_autoreply",
    outcome: "unknown",
    http_status: null,
    code: "request_timeout",
    reason: noAnswer,
    took_ms: 7_000,
    attempts: 3,
  }),
  entry("dlv_6", {
    what: "authorization",
    outcome: "failed",
    http_status: 401,
    code: "authentication_required",
    reason: "the token has ended",
    took_ms: 96,
  }),
  entry("dlv_5", { what: "message_imported", outcome: "waiting", http_status: null, took_ms: null }),
  entry("req_4", {
    what: "POST inbound_messages",
    outcome: "failed",
    http_status: 400,
    reason: "metadata.external_id is required",
    took_ms: 3,
    skipped: 12,
  }),
]
const attempt = (number: number) => ({
  number,
  started_at: f.now - 20,
  finished_at: f.now - 13,
  outcome: "timeout",
  decision: "unknown",
  warnings: [],
  timing: { dns: 2, connect: 10, tls: 41, sent: 42, total: 7_000 },
  request: {
    method: "POST",
    url: "https://hooks.acme.test/",
    headers: {
      "content-type": "application/json",
      "x-front-signature": "q7J8=",
      "x-front-request-timestamp": "1795000000000",
    },
    body: '{"type":"message","payload":{"id":"msg_1","text":"It ships today."}}',
  },
  response: null,
})
const delivery = {
  id: "dlv_7",
  channel_id: "cha_1",
  webhook_id: null,
  conversation_id: "cnv_1",
  message_id: "msg_1",
  type: "message_autoreply",
  status: "unknown",
  due_at: null,
  reason: noAnswer,
  error_code: "request_timeout",
  replay_of: "dlv_2",
  created_at: f.now - 30,
  finished_at: f.now - 13,
  attempts: [attempt(1), attempt(2)],
}
const check = (id: string, result: string, over: object = {}) => ({
  id,
  requirement: "The same message sent twice is created once",
  source: "Channel API guide",
  result,
  detail: "",
  fix: "Key on payload.id before creating.",
  took_ms: 12,
  evidence: [],
  ...over,
})
const run = {
  id: "run1",
  app_uid: "123456789012",
  url: "https://hooks.acme.test/",
  started_at: f.now - 60,
  state: "done",
  problem: null,
  counts: { pass: 2, fail: 1, warn: 1, skipped: 1 },
  results: [
    check("AUTH-01", "pass"),
    check("MSG-01", "pass"),
    check("MSG-07", "fail", {
      detail: "expected one external_id, got ext_1 then ext_2",
      evidence: [
        {
          method: "POST",
          url: "https://hooks.acme.test/",
          sent: "{}",
          status: 200,
          body: "{}",
          took_ms: 4,
          problem: null,
        },
      ],
    }),
    check("TIME-02", "warn", { detail: "p95 is 5.9 s" }),
    check("TIME-03", "skipped", { detail: "no slowText" }),
  ],
}
const step = (name: string, state: string, over: object = {}) => ({
  step: name,
  state,
  at: f.now - 40,
  id: "msg_1",
  what: null,
  status: null,
  reason: null,
  attempt: null,
  ...over,
})
const calm = {
  answer: null,
  reason: null,
  answer_after_seconds: 0,
  inbound: null,
  later_failure: null,
  remaining: null,
  seed: null,
  rate: 0.3,
}
const said = (id: string, from: string, text: string, state: string, over: object = {}) => ({
  id,
  from,
  text,
  at: f.now - 60,
  state,
  note: null,
  attachments: [],
  ...over,
})
const simulated = (over: object = {}) => ({
  channel: { id: "cha_1", name: "Simulator", app_uid: "1", status: "ok" },
  version: 4,
  faults: calm,
  is_recording: false,
  phones: [
    {
      handle: "+43 660 1",
      name: "Mia Kovač",
      messages: [
        said("a", "customer", "Hi, where is order 7781?", "accepted", { attachments: ["photo.png"] }),
        said("b", "team", "It ships today.", "received"),
        said("c", "customer", "شكرا", "lost", { note: "drop" }),
        said("d", "team", "!fail", "failed", { note: "bad_request: the provider said no" }),
      ],
      calls: [{ call_id: "call0", handle: "+43 660 1", direction: "inbound", status: "connected", at: f.now - 30 }],
    },
  ],
  traffic: [
    {
      number: 1,
      at: f.now - 60,
      direction: "from_channel",
      what: "POST inbound_messages",
      thread: "t",
      status: 202,
      took_ms: 12,
      fault: null,
    },
    {
      number: 2,
      at: f.now - 50,
      direction: "to_channel",
      what: "message",
      thread: "t",
      status: null,
      took_ms: 3,
      fault: "drop",
    },
  ],
  ...over,
})

const answers: Answers = {
  ...conversations(busy),
  "GET /causeway/apps": is({
    apps: [app(), app({ uid: "2", name: "Dial-o-matic", old_secret_until: f.now + 9_000, signs_with_old: true })],
  }),
  "GET /channels": list([{ id: "cha_1", name: "Acme SMS" }]),
  "GET /causeway/log": is({ entries, next: null, etag: "e", kept_days: 30 }),
  "GET /causeway/deliveries/*": is(delivery),
  "GET /causeway/conformance_runs": is({ conformance_runs: [run, { ...run, id: "run0" }] }),
  "GET /causeway/conformance_runs/*": is(run),
  "GET /causeway/simulator/channels": is({ is_enabled: true, channels: [simulated().channel] }),
  "GET /causeway/simulator/channels/*": is(simulated()),
  "GET /causeway/clock": is({ now: new Date(f.now * 1000).toISOString(), held: true }),
  "GET /causeway/trace": is({
    message_id: "msg_1",
    conversation_id: "cnv_1",
    direction: "inbound",
    steps: [
      step("call", "ok", { id: "req_8", what: "POST inbound_messages", status: "202" }),
      step("kept", "ok", { status: "sms-7781" }),
      step("threaded", "ok", { id: "cnv_1", status: "+43 660 1" }),
      step("seen", "ok", { id: "cnv_1", what: "Support", status: "open" }),
      step("delivery", "unknown", { id: "dlv_7", what: "message_imported", reason: noAnswer, status: "timeout" }),
    ],
  }),
  "POST /causeway/signatures/inspect": is({
    expected: "q7J8yU0b=",
    is_equal: false,
    mistake: "re_serialised",
    skew_ms: null,
    bytes: 1842,
    timestamp: "1795000000000",
    base: '1795000000000:{"type":"message"}',
  }),
}

const at = (name: string, path: string, more: Partial<GalleryState> = {}): GalleryState => ({
  name: `developer-${name}`,
  path: `/developer/${path}`,
  answers,
  shows: "main h1",
  ...more,
})
const over = (more: Answers): Answers => ({ ...more, ...answers, ...more })
const text: readonly Step[] = [{ on: "main section fieldset button:last-child" }]

const console: readonly Step[] = [{ on: "[data-conversation-title]" }, { key: "g" }, { key: "w" }]

/** The developer console and the simulator. */
export const developerStates: GalleryState[] = [
  at("types", "types", { shows: "main li" }),
  at("types-empty", "types", { answers: over({ "GET /causeway/apps": is({ apps: [] }) }) }),
  at("type", "types/123456789012"),
  at("type-rotating", "types/2"),
  at("type-manifest", "types/123456789012", { steps: text, shows: "textarea" }),
  at("type-manifest-wrong", "types/123456789012", {
    steps: [...text, { on: "textarea", text: "name: Acme\ncolour: red\n" }],
    shows: "main [role=alert]",
  }),
  at("log", "log", { shows: "[role=option]" }),
  at("log-empty", "log", {
    answers: over({ "GET /causeway/log": is({ entries: [], next: null, etag: "e", kept_days: 30 }) }),
  }),
  at("log-none", "log?outcome=failed", {
    answers: over({ "GET /causeway/log": is({ entries: [], next: null, etag: "e", kept_days: 30 }) }),
  }),
  at("log-refused", "log", { answers: over({ "GET /causeway/log": refused(403, "Only an admin may do this") }) }),
  at("log-entry", "log/dlv_7", { shows: "#entry" }),
  at("log-compare", "log/dlv_7", {
    steps: [{ on: "section[data-keys=log] fieldset button:last-child" }],
    shows: "#entry",
  }),
  at("log-edit", "log/dlv_7", {
    steps: [{ on: "section[data-keys=log] header button:nth-child(2)" }],
    shows: "dialog[open]",
  }),
  at("log-again", "log?channel=cha_1", {
    steps: [{ on: "main header button:last-of-type" }],
    answers: over({ "POST /causeway/deliveries/redrive": is({ count: 132, oldest_at: f.now - f.hours(0.5) }) }),
    shows: "dialog[open] p",
  }),
  at("log-again-running", "log?channel=cha_1", {
    steps: [{ on: "main header button:last-of-type" }, { on: "dialog footer button:last-child:enabled" }],
    answers: over({ "POST /causeway/deliveries/redrive": is({ count: 100, oldest_at: f.now - 900, left: 32 }) }),
    shows: "dialog progress",
  }),
  { ...scene("developer-drawer", { answers, steps: console }), shows: "#console" },
  {
    ...scene("developer-drawer-tall", { answers, steps: [...console, { on: "#console ~ button:first-of-type" }] }),
    shows: "[role=separator][aria-valuenow]",
  },
  {
    ...scene("developer-drawer-folded", {
      answers,
      steps: [...console, { on: "#console ~ button[aria-expanded]" }],
    }),
    shows: "#console ~ button[aria-expanded=false]",
  },
  at("trace", "trace?id=msg_1", { shows: "main ol" }),
  at("trace-nothing", "trace?id=x", {
    answers: over({
      "GET /causeway/trace": is({ message_id: null, conversation_id: null, direction: null, steps: [] }),
    }),
  }),
  at("signatures", "signatures"),
  at("signatures-different", "signatures?id=dlv_7", {
    steps: [{ on: "main form button[type=submit]" }],
    shows: "main [aria-live] h2",
  }),
  at("conformance", "conformance", { shows: "main li" }),
  at("conformance-empty", "conformance", {
    answers: over({ "GET /causeway/conformance_runs": is({ conformance_runs: [] }) }),
  }),
  at("conformance-running", "conformance", {
    answers: over({
      "GET /causeway/conformance_runs/*": is({ ...run, state: "failed", problem: "the checks ended early" }),
    }),
    shows: "main li",
  }),
  at("simulator", "simulator", { shows: "main ol" }),
  at("simulator-faults", "simulator", {
    answers: over({
      "GET /causeway/simulator/channels/*": is(
        simulated({ faults: { ...calm, answer: "bad_request", remaining: 3 }, is_recording: true, phones: [] }),
      ),
      "GET /causeway/clock": is({ now: new Date(f.now * 1000).toISOString(), held: false }),
    }),
    shows: "main ol",
  }),
  at("simulator-empty", "simulator", {
    answers: over({ "GET /causeway/simulator/channels": is({ is_enabled: true, channels: [] }) }),
  }),
  at("simulator-off", "simulator", {
    answers: over({ "GET /causeway/simulator/channels": is({ is_enabled: false, channels: [] }) }),
  }),
  at("only", "log", { answers: over({ "GET /causeway/session": is(f.sessionOf("teammate")) }) }),
]
