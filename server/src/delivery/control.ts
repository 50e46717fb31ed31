import type { Database } from "../database/database.ts"
import type { Ids } from "../ids.ts"
import type { Relay } from "../listeners/relay.ts"
import type { Log } from "../log.ts"
import { type AttemptResult, attemptRow, tryOnce } from "./attempt.ts"
import type { Dialer } from "./dialer.ts"
import { nextStep, type Step } from "./next-step.ts"
import type { DeliveryType } from "./outbox.ts"

export interface ControlDeps {
  db: Database
  ids: Ids
  dialer: Dialer
  relay?: Relay
  log: Log
}

/** One question to a partner's server, on behalf of a channel. */
export interface PartnerQuestion {
  /** Default: authorization. */
  type?: "authorization" | "list_addresses"
  companyId: number
  channelId: number
  /** As in `Outgoing`. */
  listenerId?: number | null
  url: string
  /** Signs the body. */
  secret: string
  /** The whole `Authorization` header; null: no such header. */
  authorization: string | null
  /** JSON text, sent byte for byte. */
  body: string
}

/** `said` is a sentence about what kept an answer from coming. */
export type PartnerAnswer =
  | { answered: true; status: number; body: string }
  | { answered: false; code: string; said: string }

/**
 * Asks a partner's server for an `authorization` and waits for the answer, 7 s at most. Somebody is waiting, so it is tried once and passes by the
 * lanes; it stands in the delivery log like everything else that left us. Never throws for what the partner does.
 */
export async function callPartner(deps: ControlDeps, question: PartnerQuestion): Promise<PartnerAnswer> {
  const { companyId, listenerId, url, secret, authorization, body, type = "authorization" } = question
  // Over a kept connection: it may be repeated, and nothing is listened for after the time limit.
  const attempt = { url, method: "POST", secret, authorization, body, keepAlive: true }
  const result =
    listenerId && deps.relay !== undefined
      ? await deps.relay.carry({ companyId, listenerId }, attempt, { deliveryId: null, type })
      : await tryOnce(deps.dialer, attempt)
  if (result === null) return { answered: false, code: "timeout", said: "the app's listener is away" }
  await recordQuestion(deps, { ...question, webhookId: null, type: question.type ?? "authorization" }, result)
  const { exchange } = result
  if (exchange.kind === "answered") return { answered: true, status: exchange.status, body: exchange.body }
  return { answered: false, code: exchange.code, said: exchange.reason }
}

/** Who was asked, and what: either a channel's partner or a webhook's receiver. */
export interface AskedQuestion {
  companyId: number
  channelId: number | null
  webhookId: number | null
  type: DeliveryType | "webhook_challenge"
  /** The delivery that this one repeats by hand. */
  replayOf?: number
}

/**
 * Puts a question and its answer into the delivery log, and answers its number there. The log is not the errand: when it cannot be written, that is
 * logged, and the answer is null.
 */
export async function recordQuestion(
  deps: Pick<ControlDeps, "db" | "ids" | "log">,
  asked: AskedQuestion,
  result: AttemptResult,
): Promise<number | null> {
  return await record(deps, asked, result).catch((error: unknown) => {
    deps.log.error({ err: error, channel_id: asked.channelId, webhook_id: asked.webhookId }, "delivery.not_recorded")
    return null
  })
}

async function record(
  deps: Pick<ControlDeps, "db" | "ids">,
  asked: AskedQuestion,
  result: AttemptResult,
): Promise<number> {
  const step = readingOf(result)
  await deps.ids.reserve(1)
  const id = deps.ids.take()
  await deps.db.query({
    name: "control.record",
    text: `with kept as (
             insert into delivery (company_id, id, channel_id, webhook_id, sequence, type, state, due_at, attempts, first_started_at, error_code, error_reason, finished_at, replay_of)
             values ($1, $2, $3, $8, 'control', $9, $4, now(), 1, now(), $5, $6, now(), $10) returning company_id, id
           )
           insert into attempt (company_id, delivery_id, number, started_at, finished_at, request_method, request_url, request_headers, request_body,
             response_status, response_headers, response_body, timing, outcome, decision)
           select kept.company_id, kept.id, 1, clock_timestamp() - coalesce((new.timing->>'total')::float8, 0) * interval '1 ms', clock_timestamp(),
             new.request_method, new.request_url, new.request_headers, new.request_body, new.response_status, new.response_headers, new.response_body,
             new.timing, new.outcome, $4
           from kept, json_to_record($7::json) as new (request_method text, request_url text, request_headers jsonb, request_body text, response_status int,
             response_headers jsonb, response_body text, timing jsonb, outcome text)`,
    values: [
      asked.companyId,
      id,
      asked.channelId,
      step.state,
      "code" in step ? step.code : null,
      "reason" in step ? step.reason : null,
      JSON.stringify(attemptRow(result)),
      asked.webhookId,
      asked.type,
      asked.replayOf ?? null,
    ],
  })
  return id
}

/** Read like the last try of a send: there is no other. */
function readingOf(result: AttemptResult): Exclude<Step, { state: "retry" }> {
  const at = new Date()
  const step = nextStep({
    sequence: "send",
    exchange: result.exchange,
    attempts: 99,
    firstStartedAt: at,
    now: at,
    strict: false,
    random: Math.random,
  })
  return step.state === "retry" ? { state: "failed", code: "no_answer", reason: step.reason } : step
}
