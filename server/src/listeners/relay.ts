import { answerMs } from "@causeway/contract/limits"
import { pause, type WallClock } from "../clock.ts"
import type { Database } from "../database/database.ts"
import { type Attempt, type AttemptResult, heardInTime, lateMs, signedRequest } from "../delivery/attempt.ts"
import type { Outcome, OutgoingRequest, Timing } from "../delivery/outcome.ts"
import type { Ids } from "../ids.ts"
import type { Log } from "../log.ts"
import type { Seal } from "../secrets/seal.ts"
import { createBell } from "./bell.ts"
import { deleteRelay, putRelay, type RelayState, readRelay, takeMs, withdrawRelay } from "./store.ts"

/**
 * A webhook that goes through a listener instead of over HTTP. It is a row from when it was composed to when it was answered, so the process that
 * delivers and the one that the listener talks to need not be the same, and neither side's broken connection loses or repeats it:
 *
 *   open ──handed over in a turn──▶ taken ──▶ answered
 *     └── 7 s, or nobody listens: taken back; nothing has left us
 *                                     └── 7 s: no answer; heard until 30 s, as any other
 *
 * Handing over is the first byte: before it the webhook may be composed again, after it a send is never repeated by itself.
 */
export interface Relay {
  /** Like `tryOnce`. Null: nobody was handed it, so it may be tried again. Never throws for what a listener does. */
  carry(via: { companyId: number; listenerId: number }, attempt: Attempt, about: About): Promise<AttemptResult | null>
  /** Something may have changed, here or in another process. */
  wake(): void
  /** Resolves when something may have changed, after `ms`, or when `signal` is aborted. */
  changed(ms: number, signal: AbortSignal): Promise<void>
  /** Nothing more is handed over: this process ends. */
  readonly isStopping: boolean
  /** Takes back what was not handed over, and waits for the answers to what was. */
  stop(): Promise<void>
}

interface About {
  /** Null: a question, which stands in the log when it is answered. */
  deliveryId: number | null
  type: string
}

export interface RelayDeps {
  db: Database
  seal: Seal
  ids: Ids
  log: Log
  wall: WallClock
  /** After a commit. */
  committed(companyIds: number[]): void
}

/** How often a row is looked at when no other process says that it has changed. */
const lookMs = 250
const stopMs = answerMs + 500

export function createRelay(deps: RelayDeps): Relay {
  const { db, ids, wall } = deps
  const bell = createBell(wall)
  const running = new Set<Promise<unknown>>()
  const stopping = new AbortController()

  /** Looks at the row until `isOver` or `untilMs`. The database being away is no answer. */
  async function watch<T>(
    untilMs: number,
    key: RelayKey,
    isOver: (state: RelayState | null) => T | null,
  ): Promise<T | null> {
    for (;;) {
      const over = await readRelay(db, key.companyId, key.id).then(isOver, () => null)
      const leftMs = untilMs - wall.now()
      if (over !== null || leftMs <= 0) return over
      await bell.wait(Math.min(lookMs, leftMs))
    }
  }

  /** True: it is in somebody's hands; false: it is in nobody's and never will be. */
  async function isHandedOver(key: RelayKey, startedMs: number): Promise<boolean> {
    const seen = await watch(startedMs + takeMs, key, (state) => {
      if (state === null) return "gone"
      return state.isTaken ? "taken" : stopping.signal.aborted ? "stopping" : null
    })
    if (seen === "taken" || seen === "gone") return seen === "taken"
    // At the very end it may still be taken: only one of the two statements finds it.
    for (;;) {
      try {
        if (await withdrawRelay(db, key.companyId, key.id)) return false
        return (await readRelay(db, key.companyId, key.id)) !== null
      } catch (error) {
        deps.log.warn({ err: error }, "relay.not_withdrawn")
        if (wall.now() > startedMs + lateMs) throw error
        await pause(wall, lookMs)
      }
    }
  }

  const answered = (untilMs: number, key: RelayKey): Promise<Outcome | null> =>
    watch(untilMs, key, (state) => (state === null ? lost : state.answer === null ? null : outcomeOf(state.answer)))

  async function carry(via: { companyId: number; listenerId: number }, attempt: Attempt, about: About) {
    const startedMs = wall.now()
    const request = signedRequest(attempt, startedMs)
    await ids.reserve(1)
    const key = { companyId: via.companyId, id: ids.take() }
    if (stopping.signal.aborted || !(await putRelay(db, deps.seal, { ...key, ...via, ...about, request }))) {
      // Whoever composes it again at once may not have heard yet that nobody listens.
      await pause(wall, lookMs)
      return null
    }
    bell.ring()
    deps.committed([via.companyId])
    if (!(await isHandedOver(key, startedMs))) return null
    const takenMs = wall.now()
    const limitMs = attempt.answerMs ?? answerMs
    const outcome = await answered(takenMs + limitMs, key)
    const timing: Timing = { sent: takenMs - startedMs, total: wall.now() - startedMs }
    if (outcome !== null || attempt.keepAlive === true) {
      await forget(key)
      const heard = resultOf(request, outcome ?? silence(limitMs), timing)
      return attempt.keepAlive === true ? heard : heardInTime(heard, wall.now() - takenMs - lookMs, limitMs)
    }
    const late = answered(takenMs + lateMs, key).then(async (said) => {
      await forget(key)
      return said?.kind === "answered" ? resultOf(request, said, { ...timing, total: wall.now() - startedMs }) : null
    })
    return { ...resultOf(request, silence(limitMs), timing), late }
  }

  const forget = (key: RelayKey): Promise<void> =>
    deleteRelay(db, key.companyId, key.id).catch((error: unknown) => deps.log.warn({ err: error }, "relay.not_deleted"))

  return {
    carry(via, attempt, about) {
      const work = carry(via, attempt, about)
      running.add(work)
      return work.finally(() => running.delete(work))
    },
    wake: () => bell.ring(),
    changed: (ms, signal) => bell.wait(Math.min(ms, lookMs), AbortSignal.any([signal, stopping.signal])),
    get isStopping() {
      return stopping.signal.aborted
    },
    async stop() {
      stopping.abort()
      bell.ring()
      await Promise.race([Promise.allSettled([...running]), pause(wall, stopMs)])
    },
  }
}

interface RelayKey {
  companyId: number
  id: number
}

const resultOf = (request: OutgoingRequest, outcome: Outcome, timing: Timing): AttemptResult => ({
  exchange: outcome,
  request,
  report: { outcome, timing, address: null },
  late: null,
})

const silence = (limitMs: number): Outcome => ({
  kind: "fault",
  code: "timeout",
  reason: `no answer came through the listener within ${limitMs / 1000} seconds`,
  written: true,
  phase: "headers",
})

const lost: Outcome = {
  kind: "fault",
  code: "connection_reset",
  reason: "the listener was ended before it answered",
  written: true,
  phase: "headers",
}

const faults = {
  connection_refused: "the server behind the listener refused the connection",
  connection_reset: "the server behind the listener closed the connection before it answered",
  timeout: "the server behind the listener did not answer in time",
}

function outcomeOf({ status, headers = {}, body = "", fault }: NonNullable<RelayState["answer"]>): Outcome {
  if (fault === undefined && status !== undefined) return { kind: "answered", status, headers, body, cut: null }
  const code = fault ?? "connection_reset"
  return { kind: "fault", code, reason: faults[code], written: code !== "connection_refused", phase: "headers" }
}
