/** "Is it us?": the state of the installation for its admins. Ours. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { nullable } from "../shapes.ts"

const State = Type.Union([Type.Literal("ok"), Type.Literal("warn"), Type.Literal("fail")])

/** Each line of the page; what it means and what to do is the screen's to say, by name and state. */
export const Health = Type.Object({
  version: Type.String(),
  started_at: Type.Number(),
  state: State,
  database: Type.Object({
    state: State,
    kind: Type.Union([Type.Literal("embedded"), Type.Literal("external")]),
    version: Type.String(),
    bytes: Type.Integer(),
  }),
  deliveries: Type.Object({
    state: State,
    waiting: Type.Integer({ description: "due and not under way; counted up to 10,000" }),
    oldest_due_seconds: nullable(Type.Number({ description: "for how long the oldest of them has been due" })),
    p95_ms: nullable(Type.Number({ description: "what partners took to answer, over the last hour" })),
    failed_last_hour: Type.Integer(),
  }),
  live: Type.Object({ state: State, browsers: Type.Integer({ description: "streams open at this process" }) }),
  disk: Type.Object({
    state: State,
    free_bytes: Type.Integer(),
  }),
  process: Type.Object({
    state: State,
    longest_stall_ms: Type.Integer({ description: "longest that this process stood still in the last five minutes" }),
  }),
  clock: Type.Object({
    state: State,
    skew_ms: Type.Number({ description: "this machine's clock against the database's" }),
    is_held: Type.Boolean(),
  }),
  backup: Type.Object({
    state: State,
    last: nullable(Type.Object({ at: Type.Number(), file: Type.String(), bytes: Type.Integer() })),
    kept: Type.Array(Type.Object({ name: Type.String(), bytes: Type.Integer(), at: Type.Number() })),
  }),
  audit: Type.Object({ state: State, unchained: Type.Integer() }),
  channels: Type.Object({ state: State, offline: Type.Integer(), pausing: Type.Integer() }),
})
export type Health = Static<typeof Health>

export const getHealth = endpoint({
  method: "GET",
  path: "/causeway/health",
  summary: "How the installation is doing, line by line.",
  callers: ["token", "session"],
  scope: "teammates:read",
  responses: { 200: Health },
})

export const createBackup = endpoint({
  method: "POST",
  path: "/causeway/backups",
  summary: "Takes a backup into the data directory while the server runs; one at a time.",
  callers: ["session", "installation"],
  scope: null,
  responses: {
    201: Type.Object({ name: Type.String(), bytes: Type.Integer(), rows: Type.Integer(), files: Type.Integer() }),
  },
})
