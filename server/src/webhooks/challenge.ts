import { randomBytes } from "node:crypto"
import { formatId } from "@causeway/contract/ids"
import type { Database } from "../database/database.ts"
import { tryOnce } from "../delivery/attempt.ts"
import { recordQuestion } from "../delivery/control.ts"
import type { Dialer } from "../delivery/dialer.ts"
import type { Outcome } from "../delivery/outcome.ts"
import { HttpError } from "../http/errors.ts"
import type { Ids } from "../ids.ts"
import type { Log } from "../log.ts"

export interface ChallengeDeps {
  db: Database
  ids: Ids
  log: Log
  dialer: Dialer
}

/** Header of the challenge. Source: the vendor's guide to application webhooks, as are the body and the two ways to answer. */
const challengeHeader = "x-front-challenge"
const answerMs = 10_000

/**
 * Asks an address whether it wants to be subscribed: it answers 200 and repeats the challenge, as JSON (`{"challenge": …}`) or as plain text.
 * Throws 400 with what came instead. It is in the delivery log either way.
 */
export async function challenge(
  deps: ChallengeDeps,
  asked: { companyId: number; webhookId: number; url: string; secret: string },
): Promise<void> {
  const { companyId, webhookId, url, secret } = asked
  const word = randomBytes(16).toString("hex")
  const body = JSON.stringify({ type: "sync", authorization: { id: formatId("cmp", companyId) } })
  const result = await tryOnce(deps.dialer, {
    url,
    method: "POST",
    secret,
    authorization: null,
    body,
    headers: { [challengeHeader]: word },
    answerMs,
    keepAlive: true,
  })
  await recordQuestion(deps, { companyId, channelId: null, webhookId, type: "webhook_challenge" }, result)
  const problem = problemOf(result.exchange, word)
  if (problem !== null)
    throw new HttpError(400, `The address did not answer the challenge: ${problem}`, {
      details: [`body.url did not answer the challenge: ${problem}`],
    })
}

function problemOf(exchange: Outcome, word: string): string | null {
  if (exchange.kind === "fault") return exchange.reason
  const { status, body } = exchange
  if (status < 200 || status > 299) return `it answered ${status}`
  if (body.trim() === word || challengeIn(body) === word) return null
  return `its answer does not repeat the ${challengeHeader} header, as JSON {"challenge": …} or as plain text`
}

function challengeIn(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === "string" ? value : (value as { challenge?: unknown } | null)?.challenge
  } catch {
    return undefined
  }
}
