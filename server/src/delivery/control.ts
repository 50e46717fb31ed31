import type { Database } from "../database/database.ts"
import type { Ids } from "../ids.ts"
import { attemptRow, type Tried, tryOnce } from "./attempt.ts"
import type { Dialer } from "./dialer.ts"

/** What a partner said to a question that somebody waits for, or why it said nothing, as a sentence. */
export type PartnerAnswer = { answered: true; status: number; body: string } | { answered: false; said: string }

/** One signed exchange inside a request of our own (`authorization`): answered within 7 s or not at all. */
export async function askPartner(
  dialer: Dialer,
  ask: { url: string; secret: string; bearer: string | null; body: string },
): Promise<{ answer: PartnerAnswer; tried: Tried }> {
  const tried = await tryOnce(dialer, { ...ask, method: "POST" })
  const { exchange } = tried
  if (exchange.kind === "answered") return { answer: { answered: true, status: exchange.status, body: exchange.body }, tried }
  return { answer: { answered: false, said: exchange.reason }, tried }
}

/** Keeps such an exchange in the delivery log. */
export async function recordExchange(deps: { db: Database; ids: Ids }, about: { companyId: number; channelId: number; type: "authorization" }, tried: Tried): Promise<void> {
  await deps.ids.reserve(1)
  const id = deps.ids.take()
  const state = tried.exchange.kind === "answered" && tried.exchange.status < 300 ? "sent" : "failed"
  await deps.db.query({
    name: "control.record",
    text: `with kept as (
             insert into delivery (company_id, id, channel_id, sequence, type, state, due_at, attempts, finished_at) values ($1, $2, $3, 'control', $4, $5, now(), 1, now())
             returning company_id, id)
           insert into attempt (company_id, delivery_id, number, finished_at, decision, request_method, request_url, request_headers, request_body, response_status,
             response_headers, response_body, timing, outcome)
           select kept.company_id, kept.id, 1, clock_timestamp(), $5, row.* from kept, json_to_record($6::json) as row(request_method text, request_url text, request_headers jsonb,
             request_body text, response_status int, response_headers jsonb, response_body text, timing jsonb, outcome text)`,
    values: [about.companyId, id, about.channelId, about.type, state, JSON.stringify(attemptRow(tried))],
  })
}
