import { parseId } from "@causeway/contract/ids"
import type { Promised, Seen } from "./ledger.ts"

/** Everything that is known of a run: what clients were promised, what partners saw, and what the database says. */
export interface Evidence {
  promised: readonly Promised[]
  seen: readonly Seen[]
  inbound: readonly InboundRow[]
  /** In the order of their numbers, conversation by conversation. */
  replies: readonly ReplyRow[]
  /** When the database was certainly not there, as `Date.now()`. */
  downs: readonly { from: number; to: number }[]
}

export interface InboundRow {
  external_id: string
  uid: string
  conversation_id: number
  number: number
}

export interface ReplyRow {
  conversation_id: number
  number: number
  /** Its text: every reply says something of its own. */
  key: string
  state: string
  error_reason: string | null
  /** Over all its deliveries. */
  attempts: number
  /** Waits although nothing keeps it from leaving. */
  is_due: boolean
}

/** Each broken promise as a sentence; empty: all were kept. */
export function problemsOf(evidence: Evidence): string[] {
  const odd = evidence.promised.filter((entry) => entry.kind === "odd")
  return [
    ...odd.map(({ what, status, text }) => `${what} was answered ${status}: ${text}`),
    ...downProblems(evidence),
    ...inboundProblems(evidence),
    ...replyProblems(evidence),
    ...orderProblems(evidence),
  ]
}

/** A promise that was asked for and given while there was no database to keep it. */
function downProblems({ promised, downs }: Evidence): string[] {
  return promised.flatMap((entry) => {
    if (entry.kind === "odd" || !downs.some(({ from, to }) => entry.askedAt > from && entry.at < to)) return []
    return [`${entry.kind === "inbound" ? entry.externalId : entry.key} was acknowledged while the database was down`]
  })
}

/** Acknowledged means there, once, under the uid of the answer, and in one conversation a thread. */
function inboundProblems({ promised, inbound }: Evidence): string[] {
  const byId = Map.groupBy(inbound, (row) => row.external_id)
  const threads = new Map<string, number>()
  const problems: string[] = []
  for (const [id, copies] of byId) if (copies.length > 1) problems.push(`${id} is there ${copies.length} times`)
  for (const entry of promised) {
    if (entry.kind !== "inbound") continue
    const row = byId.get(entry.externalId)?.[0]
    if (row === undefined) problems.push(`${entry.externalId} was acknowledged and is lost`)
    else if (row.uid !== entry.uid) problems.push(`${entry.externalId} was promised as ${entry.uid} and is ${row.uid}`)
    else if ((threads.get(entry.thread) ?? row.conversation_id) !== row.conversation_id)
      problems.push(`${entry.thread} is in two conversations`)
    if (row !== undefined) threads.set(entry.thread, row.conversation_id)
  }
  return problems
}

function replyProblems({ replies, promised, seen }: Evidence): string[] {
  const problems: string[] = []
  const byKey = Map.groupBy(replies, (row) => row.key)
  const sends = seen.filter((entry) => entry.kind === "arrived").filter(({ type }) => type === "message")
  const calls = Map.groupBy(sends, (entry) => entry.key)
  const statuses = new Map(seen.flatMap((entry) => (entry.kind === "answered" ? [[entry.call, entry.status]] : [])))
  for (const entry of promised) {
    if (entry.kind !== "reply") continue
    const row = byKey.get(entry.key)?.[0]
    if (row === undefined) problems.push(`${entry.key} was acknowledged and is lost`)
    else if (Number(parseId("cnv", entry.conversation)) !== row.conversation_id)
      problems.push(`${entry.key} is in another conversation`)
  }
  for (const [key, copies] of byKey) {
    const { state, error_reason: reason, attempts, is_due: isDue } = copies[0] as ReplyRow
    const own = (calls.get(key) ?? []).map(({ call }) => statuses.get(call) ?? null)
    if (copies.length > 1) problems.push(`${key} is there ${copies.length} times`)
    if (state === "sending" || state === "queued" || isDue) problems.push(`${key} is still ${state}`)
    if (state === "failed" && !reason) problems.push(`${key} failed without a reason`)
    if (state === "sent" && !own.some((status) => status !== null && status < 300))
      problems.push(`${key} is sent, and no partner said 2xx`)
    // Only an explicit "not now" may be followed by another call.
    if (own.slice(0, -1).some((status) => status !== 429))
      problems.push(`${key} was sent ${own.length} times by itself`)
    if (own.length > attempts) problems.push(`${key}: ${own.length} calls and ${attempts} attempts`)
  }
  for (const key of calls.keys()) if (!byKey.has(key)) problems.push(`a partner was sent ${key}, which nobody wrote`)
  return problems
}

/** First arrivals follow the numbers that were given under the conversation's lock: replies among themselves, and notices among themselves. */
function orderProblems({ replies, inbound, seen }: Evidence): string[] {
  const sends = new Map(replies.map((row) => [row.key, row]))
  const notices = new Map(inbound.map((row) => [row.external_id, row]))
  return [
    ...lateComers(seen, "message", sends).map((key) => `${key} came after a later reply`),
    ...lateComers(seen, "message_imported", notices).map((key) => `the notice of ${key} came after a later one`),
  ]
}

/** Keys whose first call of a type came after that of a later one in the same conversation. */
export function lateComers(
  seen: readonly Seen[],
  type: string,
  rows: ReadonlyMap<string, { conversation_id: number; number: number }>,
): string[] {
  const last = new Map<number, number>()
  const met = new Set<string>()
  return seen.flatMap((entry) => {
    if (entry.kind !== "arrived" || entry.type !== type || met.has(entry.key)) return []
    met.add(entry.key)
    const row = rows.get(entry.key)
    if (row === undefined) return []
    const isLate = (last.get(row.conversation_id) ?? 0) > row.number
    last.set(row.conversation_id, Math.max(row.number, last.get(row.conversation_id) ?? 0))
    return isLate ? [entry.key] : []
  })
}
