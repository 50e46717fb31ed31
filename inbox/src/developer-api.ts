import type { AppChange, AppView, NewApp } from "@causeway/contract/endpoints/apps"
import type { DeliveryView } from "@causeway/contract/endpoints/deliveries"
import type { ConformanceRun, SignatureFinding } from "@causeway/contract/endpoints/developer"
import type { ApiCallView, LogEntry, TraceStep } from "@causeway/contract/endpoints/log"
import type {
  CallAction,
  Faults,
  PhoneCall,
  PhoneMessage,
  Session,
  SessionDifference,
  SimulatedState,
} from "@causeway/contract/endpoints/simulator"
import type { Channel } from "@causeway/contract/resources/channel"
import { at, query, request } from "./api.ts"

/** What the log shows; null: whatever it is. */
export interface LogFilter {
  channel_id: string | null
  app_uid: string | null
  conversation_id: string | null
  direction: "in" | "out" | null
  what: string | null
  outcome: string | null
  text: string | null
}

export interface LogPage {
  entries: LogEntry[]
  next: string | null
  etag: string
  kept_days: number
}

export interface Trace {
  message_id: string | null
  conversation_id: string | null
  direction: "inbound" | "outbound" | null
  steps: TraceStep[]
}

/** How long the server may wait for a change before it answers that there is none. */
const waitSeconds = 15
const waiting = { timeoutMs: 40_000 }
const sim = (id: string, rest = "") => `${at`/causeway/simulator/channels/${id}`}${rest}`

/** What the developer console asks of the server. */
export const developerApi = {
  apps: () => request<{ apps: AppView[] }>("/causeway/apps"),
  createApp: (body: NewApp) => request<{ uid: string; secret: string }>("/causeway/apps", { method: "POST", body }),
  changeApp: (uid: string, body: AppChange) => request<AppView>(at`/causeway/apps/${uid}`, { method: "PATCH", body }),
  deleteApp: (uid: string) => request<void>(at`/causeway/apps/${uid}`, { method: "DELETE" }),
  rotate: (uid: string, overlap_hours: number) =>
    request<{ uid: string; secret: string }>(`${at`/causeway/apps/${uid}/rotate`}?${query({ overlap_hours })}`, {
      method: "POST",
    }),
  switchSecret: (uid: string) => request<AppView>(at`/causeway/apps/${uid}/switch`, { method: "POST" }),
  channels: () => request<{ _results: Channel[] }>("/channels"),
  log: (filter: LogFilter, before: string | null) =>
    request<LogPage>(`/causeway/log?${query({ ...filter, before, limit: 100 })}`),
  logAfter: (filter: LogFilter, etag: string) =>
    request<LogPage>(`/causeway/log?${query({ ...filter, etag, limit: 100, wait_seconds: waitSeconds })}`, waiting),
  delivery: (id: string) => request<DeliveryView>(at`/causeway/deliveries/${id}`),
  apiCall: (id: string) => request<ApiCallView>(at`/causeway/api_calls/${id}`),
  replay: (id: string) => request<{ delivery_id: string }>(at`/causeway/deliveries/${id}/replay`, { method: "POST" }),
  countFailed: (body: object) =>
    request<{ count: number; oldest_at: number | null; counted_at: number }>("/causeway/deliveries/redrive", {
      method: "POST",
      body,
    }),
  tellAgain: (body: object) =>
    request<{ count: number; left: number }>("/causeway/deliveries/redrive", { method: "POST", body, ...waiting }),
  tryBody: (id: string, body: string) =>
    request<DeliveryView>(at`/causeway/deliveries/${id}/try`, { method: "POST", body: { body } }),
  trace: (id: string) => request<Trace>(`/causeway/trace?${query({ id })}`),
  inspect: (body: { delivery_id?: string; app_uid?: string; timestamp?: string; body?: string; computed?: string }) =>
    request<SignatureFinding>("/causeway/signatures/inspect", { method: "POST", body }),
  startCheck: (body: { app_uid: string; url?: string; confirm?: boolean; only?: string[] }) =>
    request<ConformanceRun>("/causeway/conformance_runs", { method: "POST", body }),
  checks: () => request<{ conformance_runs: ConformanceRun[] }>("/causeway/conformance_runs"),
  check: (id: string, after: number | null) =>
    request<ConformanceRun>(
      `${at`/causeway/conformance_runs/${id}`}?${query({ after, wait_seconds: waitSeconds })}`,
      waiting,
    ),
  checkReport: (id: string, format: "html" | "junit" | "json") =>
    `${at`/causeway/conformance_runs/${id}`}/report?${query({ format })}`,
  clock: () => request<{ now: string; held: boolean }>("/causeway/clock"),
  advance: (advance_seconds: number) =>
    request<{ now: string; held: boolean }>("/causeway/clock", { method: "POST", body: { advance_seconds } }),
  simulated: () =>
    request<{ is_enabled: boolean; channels: SimulatedState["channel"][] }>("/causeway/simulator/channels"),
  simulate: (name: string) =>
    request<SimulatedState["channel"]>("/causeway/simulator/channels", { method: "POST", body: { name } }),
  simulatedState: (id: string, after: number | null) =>
    request<SimulatedState>(`${sim(id)}?${query({ after, wait_seconds: waitSeconds })}`, waiting),
  faults: (id: string, body: Partial<Faults>) => request<Faults>(sim(id, "/faults"), { method: "PUT", body }),
  write: (id: string, body: { handle: string; name?: string; text: string; attachment?: string }) =>
    request<PhoneMessage>(sim(id, "/messages"), { method: "POST", body, ...waiting }),
  playCall: (
    id: string,
    body: {
      handle: string
      action: CallAction
      name?: string
      recording?: boolean
      transcript?: boolean
      summary?: boolean
    },
  ) => request<PhoneCall>(sim(id, "/calls"), { method: "POST", body, ...waiting }),
  record: (id: string) => request<void>(sim(id, "/session"), { method: "POST" }),
  stopRecord: (id: string) => request<Session>(sim(id, "/session"), { method: "DELETE", ...waiting }),
  replaySession: (id: string, session: Session) =>
    request<{ is_equal: boolean; steps_done: number; differences: SessionDifference[] }>(sim(id, "/replay"), {
      method: "POST",
      body: { session },
      timeoutMs: 110_000,
    }),
  runSeed: (id: string, body: { seed: number; fault_rate: number }) =>
    request<{ steps_done: number; session: Session }>(sim(id, "/run"), { method: "POST", body, timeoutMs: 110_000 }),
}
