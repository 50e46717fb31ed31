/** How an installation is doing, and its schedule clock. Ours. */
import Type from "typebox"
import { endpoint } from "../endpoint.ts"

export const healthz = endpoint({
  method: "GET",
  path: "/healthz",
  summary: "The process answers.",
  callers: ["anyone"],
  scope: null,
  responses: { 200: Type.Object({ status: Type.Literal("ok"), version: Type.String() }) },
})

export const readyz = endpoint({
  method: "GET",
  path: "/readyz",
  summary: "The database answers too; 503 while it does not.",
  callers: ["anyone"],
  scope: null,
  responses: { 200: Type.Object({ status: Type.Literal("ready") }) },
})

export const readMetrics = endpoint({
  method: "GET",
  path: "/metrics",
  summary:
    "Counters, durations and gauges in Prometheus' text format. For the installation token, which stands above all companies.",
  callers: ["installation"],
  scope: null,
  responses: { 200: null },
})

const ClockState = Type.Object({
  now: Type.String({ description: "the schedule clock, ISO 8601" }),
  held: Type.Boolean(),
})

export const readClock = endpoint({
  method: "GET",
  path: "/causeway/clock",
  summary: "The schedule clock: undo windows, retries and everything that becomes due go by it.",
  callers: ["token", "session", "installation"],
  scope: null,
  responses: { 200: ClockState },
})

export const moveClock = endpoint({
  method: "POST",
  path: "/causeway/clock",
  summary:
    "Moves a held clock forward and answers when all that became due is done. 409 when the server was not started with --held-clock.",
  callers: ["token", "session", "installation"],
  scope: null,
  body: Type.Object({ advance_seconds: Type.Number({ minimum: 0, maximum: 366 * 86_400 }) }),
  responses: { 200: ClockState },
})
