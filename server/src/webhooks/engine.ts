import { setTimeout as delay } from "node:timers/promises"
import { formatId } from "@causeway/contract/ids"
import type { Apps } from "../apps/store.ts"
import type { ScheduleClock } from "../clock.ts"
import type { Database } from "../database/database.ts"
import { type AttemptResult, attemptRow, tryOnce } from "../delivery/attempt.ts"
import type { Dialer } from "../delivery/dialer.ts"
import { type EventHead, startEvent } from "../delivery/events.ts"
import { createTurns } from "../delivery/turns.ts"
import { findEventAt } from "../events/store.ts"
import { OutageError } from "../http/errors.ts"
import type { Ids } from "../ids.ts"
import type { Log } from "../log.ts"
import { keepLooking } from "../looking.ts"
import { ruleSecret } from "../rules/secret.ts"
import type { Seal } from "../secrets/seal.ts"
import { webhookEvent } from "./event.ts"
import { eventAnswerMs, nextEventStep } from "./next-step.ts"
import { companiesWithWebhooks, giveBack, isAnyDue, leaseDue, nextHead, settle, wireNameOf } from "./queue.ts"
import { bearerContext, type Webhook } from "./store.ts"

export interface WebhookDeps {
  db: Database
  ids: Ids
  clock: ScheduleClock
  log: Log
  seal: Seal
  apps: Apps
  dialer: Dialer
  /** Links in what is told are built on it. */
  origin(): string
}

/** Tells events to webhooks: each in the order of the feed, one at a time, and none waits for another. */
export interface WebhookEngine {
  /** A company's feed or queues may have grown. Costs nothing where there are no webhooks. */
  wake(companyIds: Iterable<number>): void
  /** Resolves when nothing is due on the schedule clock and nothing is in flight. */
  settle(): Promise<void>
  /** Begins nothing more and waits for what is under way, which is bounded by the time to answer. */
  stop(): Promise<void>
}

/** In flight at once. Far more than the receivers that may hang together; each holds one. */
const inFlightMax = 256
/** Of the pool's connections, those that webhooks may use together. */
const connectionsMax = 3

export function startWebhooks(deps: WebhookDeps): WebhookEngine {
  const turn = createTurns({ max: connectionsMax })
  const inTurn: TellDeps = { ...deps, turn }
  const running = new Map<string, Promise<void>>()
  let known = new Set<number>()

  const looking = keepLooking(
    async () => {
      known = await turn(() => companiesWithWebhooks(deps.db))
      const free = inFlightMax - running.size
      if (known.size === 0 || free <= 0) return
      for (const webhook of await turn(() => leaseDue(deps.db, deps.clock.now(), free))) {
        const key = `${webhook.companyId}/${webhook.id}/${webhook.leaseToken}`
        running.set(
          key,
          work(webhook).finally(() => running.delete(key)),
        )
      }
    },
    (error) => deps.log.warn({ err: error }, "webhooks.cannot_look"),
  )

  /** Tells what is due, head first, until nothing is. Never throws: the lease runs out and another look finds the webhook again. */
  async function work(leased: Webhook): Promise<void> {
    try {
      while (!looking.stopped) {
        const next = await turn(() => nextHead(deps, leased, deps.clock.now()))
        if (next === null || !(await tell(inTurn, next.webhook, next.head))) return
      }
      await turn(() => giveBack(deps.db, leased, deps.clock.now()))
    } catch (error) {
      const level = error instanceof OutageError ? "warn" : "error"
      deps.log[level]({ err: error, webhook_id: leased.id }, "webhooks.work_failed")
    }
  }

  const stopListening = deps.clock.onAdvance(() => void looking.look())
  return {
    wake(companyIds) {
      for (const companyId of companyIds) {
        if (!known.has(companyId)) continue
        void looking.look()
        return
      }
    },
    async settle() {
      while (!looking.stopped) {
        await looking.look()
        if (running.size === 0 && !(await isAnyDue(deps.db, deps.clock.now()))) return
        await delay(5)
      }
    },
    async stop() {
      stopListening()
      await looking.stop()
      await Promise.all(running.values())
    },
  }
}

interface TellDeps extends WebhookDeps {
  turn: ReturnType<typeof createTurns>
}

/** One event, once. False when the webhook is no longer ours. */
async function tell(deps: TellDeps, webhook: Webhook, head: EventHead): Promise<boolean> {
  const { turn } = deps
  const outgoing = await turn(() => compose(deps, webhook, head))
  const attempt = head.attempts + 1
  if ("gone" in outgoing) {
    const step = { state: "failed", code: "not_found", reason: outgoing.gone } as const
    return (await turn(() => settle(deps, { webhook, head, attempt, step, row: null }))).written
  }
  const { companyId, id: webhookId, leaseToken } = webhook
  const started = { companyId, id: head.id, webhookId, leaseToken, now: deps.clock.now() }
  if (!(await turn(() => startEvent(deps.db, started)))) return false
  const result = await tryOnce(deps.dialer, outgoing)
  const now = deps.clock.now()
  const situation = { exchange: result.exchange, attempts: attempt, now, random: Math.random }
  const step = nextEventStep({ kind: webhook.kind, ...situation })
  report(deps.log, webhook, head, result, step.state)
  const row = { ...attemptRow(result), decision: step.state === "waiting" ? "retry" : step.state }
  const { written, paused } = await turn(() => settle(deps, { webhook, head, attempt, step, row }))
  if (paused !== null) deps.log.warn({ company_id: companyId, webhook_id: webhookId, reason: paused }, "webhook.paused")
  return written
}

type Outgoing = Parameters<typeof tryOnce>[1]

/** The webhook as it goes out now; `gone` when there is nothing left to tell or nobody to tell it for. */
async function compose(deps: WebhookDeps, webhook: Webhook, head: EventHead): Promise<Outgoing | { gone: string }> {
  const { companyId, payload, url } = webhook
  const row = await findEventAt(deps.db, companyId, head.eventPosition)
  const event = row && (await webhookEvent(deps.db, row, { companyId, origin: deps.origin(), payload }))
  if (row === null || event === null) return { gone: "the event is gone" }
  const shared = { url, method: "POST", answerMs: eventAnswerMs }
  if (webhook.kind === "rule") {
    const secret = await ruleSecret(deps, companyId)
    const bearer = webhook.bearerSealed && deps.seal.open(webhook.bearerSealed, bearerContext(webhook.id))
    const authorization = bearer === null ? null : `Bearer ${bearer}`
    return { ...shared, secret, authorization, signing: "body", body: JSON.stringify(event) }
  }
  const app = webhook.appUid === null ? null : await deps.apps.find(webhook.appUid)
  if (app === null) return { gone: "the app was deleted" }
  const envelope = { type: wireNameOf(row.type), authorization: { id: formatId("cmp", companyId) }, payload: event }
  // May be repeated, so it may take a connection that is open.
  return { ...shared, secret: app.signingSecret, authorization: null, keepAlive: true, body: JSON.stringify(envelope) }
}

function report(log: Log, webhook: Webhook, head: EventHead, result: AttemptResult, decision: string): void {
  const { outcome, response_status } = attemptRow(result)
  log.info(
    {
      company_id: webhook.companyId,
      delivery_id: head.id,
      webhook_id: webhook.id,
      type: head.type,
      attempt: head.attempts + 1,
      outcome,
      status: response_status,
      decision,
    },
    "delivery.attempted",
  )
}
