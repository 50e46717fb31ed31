import type { Answer, Fault, Outcome } from "@causeway/server/delivery/outcome"
import type { Actor } from "./database.ts"
import { answerMs, type Fate } from "./ledger.ts"
import type { Process } from "./process.ts"
import type { DeliveryRow, DeliveryState } from "./store.ts"

interface Result {
  before: DeliveryRow
  row: DeliveryRow
  fate: Fate | undefined
  actor: Actor
  isProcess(actor: Actor): actor is Process & Actor
  nowMs: number
  /** Its attempt ran under a lease that is over: it is settled as that of a process that died, whoever does it. */
  isOrphan: boolean
  expect(held: boolean, rule: string, about: DeliveryRow): void
}

const noticeWaitsMs = [0, 5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800].map((seconds) => seconds * 1000)
const sendWaitsMs = [1_000, 5_000, 15_000]
const blocksForMs = 60_000
const askedMaxMs = 60_000
const composeAgainMs = 5_000

/**
 * Whether what was written down is what happened. The rules stand in docs/delivery.md, and are written here once more on purpose: an oracle that asked
 * the engine would agree with every mistake of it.
 */
export function checkResult(result: Result): void {
  const { before, fate } = result
  if (fate === undefined) return
  if (before.state === "unknown") checkLate(result, fate)
  else if (before.state !== "sending") return
  else if (result.isOrphan) checkOrphan(result)
  else if (fate.gone) result.expect(result.row.state === "failed", "nothing is left to tell", result.row)
  else if (!fate.dialled || wasInterrupted(fate)) checkNotDialled(result, fate)
  else if (fate.attempt !== before.attempts || fate.outcome === null) checkOverdue(result, fate)
  else checkHeard(result, fate, fate.outcome)
}

/** There was a connection and not enough of the lease left to write: nothing came of it, as if it had not been dialled. */
const wasInterrupted = ({ outcome }: Fate): boolean => outcome?.kind === "fault" && outcome.code === "interrupted"

/** The process has heard how it ended. */
function checkHeard(result: Result, fate: Fate, outcome: Outcome): void {
  const { before, row, expect } = result
  const wasLate = row.sequence === "send" && !fate.inTime
  const mayBe = wasLate ? whenLate(outcome) : whenHeard(before, outcome)
  expect(mayBe.includes(row.state), `${describe(fate)} was made ${row.state} (expected ${mayBe.join(" or ")})`, row)
  if (row.state === "waiting" && !wasLate) checkWait(result, fate)
}

const whenHeard = (before: DeliveryRow, outcome: Outcome): DeliveryState[] =>
  outcome.kind === "fault" ? afterFault(before, outcome) : afterAnswer(before, outcome)

/** A send had been given up by then; only its late answer settles it. */
const whenLate = (outcome: Outcome): DeliveryState[] =>
  outcome.kind === "answered" || outcome.written ? ["unknown"] : ["waiting", "failed"]

const describe = ({ outcome }: Fate): string =>
  outcome === null
    ? "silence"
    : outcome.kind === "answered"
      ? `an answer ${outcome.status}`
      : `${outcome.code}, written: ${outcome.written}`

function afterFault(before: DeliveryRow, fault: Fault): DeliveryState[] {
  if (before.sequence === "send") return fault.written ? ["unknown"] : sendMayWait(before, fault)
  return before.attempts >= noticeWaitsMs.length ? ["failed"] : ["waiting"]
}

function sendMayWait(before: DeliveryRow, fault: Fault): DeliveryState[] {
  const isAboutCertificate = fault.code === "tls_expired"
  if (before.attempts > sendWaitsMs.length || isAboutCertificate) return ["failed"]
  return ["waiting", "failed"]
}

function afterAnswer(before: DeliveryRow, answer: Answer): DeliveryState[] {
  const isSuccess = answer.status >= 200 && answer.status <= 299
  if (before.sequence !== "send") {
    if (isSuccess) return ["sent"]
    const isFinal = answer.status >= 400 && answer.status <= 499 && ![408, 425, 429].includes(answer.status)
    if (isFinal) return before.sequence === "control" ? ["sent"] : ["failed"]
    return before.attempts >= noticeWaitsMs.length ? ["failed"] : ["waiting"]
  }
  const isRefusal = /"type":"(?!success)/.test(answer.body)
  if (isRefusal) return ["failed"]
  if (answer.status === 429) {
    const after = Number(answer.headers["retry-after"] ?? Number.NaN) * 1000
    return before.attempts === 1 && after <= askedMaxMs ? ["waiting"] : ["failed"]
  }
  return isSuccess ? ["sent"] : ["failed"]
}

/** Nobody heard how it ended: a send may have arrived, a notice is told again. */
function checkOrphan({ before, row, expect }: Result): void {
  const expected = row.sequence === "send" ? "unknown" : "waiting"
  expect(
    row.state === expected,
    `attempt ${before.attempts} of nobody was made ${row.state} (expected ${expected})`,
    row,
  )
}

/** It was given up before anything was heard. */
function checkOverdue({ before, row, nowMs, expect }: Result, fate: Fate): void {
  expect(fate.attempt === before.attempts && nowMs - fate.dialledAtMs >= answerMs, "it was given up too early", row)
  const mayBe = row.sequence !== "send" || !fate.lastWritten ? ["waiting", "failed"] : ["unknown"]
  expect(mayBe.includes(row.state), `silence to attempt ${before.attempts} was made ${row.state}`, row)
}

function checkNotDialled({ before, row, actor, nowMs, isProcess, expect }: Result, fate: Fate): void {
  if (!isProcess(actor)) return
  expect(row.state === "waiting", "what was not dialled waits", row)
  expect(row.attempts === before.attempts - 1, "what was never dialled uses up no attempt", row)
  expect(fate.unread || row.stepped_aside === before.stepped_aside, "what was never dialled keeps its place", row)
  if (row.due_at < Number.POSITIVE_INFINITY && isSteady(actor, nowMs - 60_000))
    expect(row.due_at <= nowMs + actor.skewMs + composeAgainMs, "it is tried again soon", row)
}

const isSteady = (process: Process, sinceMs: number): boolean => process.skewedAtMs < sinceMs

/** How long it waits, and whether it still holds up those behind it. */
function checkWait({ before, row, actor, nowMs, isProcess, expect }: Result, fate: Fate): void {
  if (!isProcess(actor) || row.due_at === Number.POSITIVE_INFINITY) return
  const firstMs = row.first_started_at as number
  if (row.sequence === "notice")
    expect(row.stepped_aside || row.due_at - firstMs <= blocksForMs, "it holds the notices behind it up too long", row)
  if (row.stepped_aside && !before.stepped_aside)
    expect(row.sequence === "notice" && row.due_at - firstMs > blocksForMs, "it stepped aside too early", row)
  if (!isSteady(actor, fate.dialledAtMs - 1)) return
  const waited = { least: row.due_at - actor.skewMs - nowMs, most: row.due_at - actor.skewMs - fate.reportedAtMs }
  const asked = fate.outcome?.kind === "answered" ? Number(fate.outcome.headers["retry-after"] ?? 0) * 1000 : 0
  if (row.sequence !== "send") {
    const waitMs = noticeWaitsMs[before.attempts] as number
    expect(
      waited.least <= Math.max(waitMs * 1.2, Math.min(asked, 3_600_000)),
      "it waits longer than its schedule says",
      row,
    )
    expect(
      waited.most >= Math.max(Math.floor(waitMs * 0.8), Math.min(asked, 3_600_000)),
      "it is repeated too early",
      row,
    )
    return
  }
  const waitMs = fate.outcome?.kind === "answered" ? asked : (sendWaitsMs[before.attempts - 1] as number)
  expect(waited.least <= waitMs && waited.most >= waitMs, `it waits ${waited.most} ms (expected ${waitMs})`, row)
  if (fate.outcome?.kind === "fault" && firstMs <= row.due_at)
    expect(row.due_at - firstMs <= 60_000, "it is tried later than a minute after its first try", row)
}

/** A send that was given up is settled by nothing but words that settle it. */
function checkLate({ row, actor, isProcess, expect }: Result, fate: Fate): void {
  if (!isProcess(actor)) return
  const { outcome } = fate
  if (outcome === null || (outcome.kind === "fault" && outcome.written)) expect(false, "silence settled it", row)
  else if (outcome.kind === "fault") expect(row.state === "failed", "it never left", row)
  else {
    // In time: a process whose lease was over when it wrote down what it had heard.
    const mayBe = fate.inTime ? afterAnswer(row, outcome) : afterLateAnswer(outcome)
    expect(mayBe.includes(row.state), `${describe(fate)} made it ${row.state}`, row)
    expect(fate.written > 0, "it was settled although it never left", row)
  }
}

function afterLateAnswer(answer: Answer): DeliveryState[] {
  if (/"type":"(?!success)/.test(answer.body) || answer.status === 401) return ["failed"]
  return answer.status >= 200 && answer.status <= 299 ? ["sent"] : []
}
