import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { parseId } from "@causeway/contract/ids"
import { promisesOf } from "./driver.ts"
import { type Promised, readLedger, type Seen } from "./ledger.ts"
import type { World } from "./world.ts"

/** What both ledgers and the database say of one run; each broken promise is a sentence. */
export interface Verdict {
  broken: string[]
  inbound: number
  replies: Record<string, number>
  calls: number
  /** Notices that a partner saw more than once: allowed, and counted. */
  noticesAgain: number
}

interface ReplyRow {
  id: number
  conversation_id: number
  number: number
  key: string
  state: string
  error_reason: string | null
  attempts: number
  is_due: boolean
}

/** Resolves when every reply has come to an end, or throws after so long. */
export async function settled(world: World, limitMs: number): Promise<void> {
  const until = Date.now() + limitMs
  for (;;) {
    const open = await world.db
      .query<{ count: number }>({
        text: "select count(*)::int from message where direction = 'outbound' and state in ('queued', 'sending', 'waiting')",
      })
      .catch(() => null)
    if (open !== null && open[0]?.count === 0) return
    if (Date.now() > until) return
    await delay(200)
  }
}

export async function check(world: World): Promise<Verdict> {
  const promised = readLedger<Promised>(promisesOf(world))
  const seen = readLedger<Seen>(join(world.folder, "sink.jsonl"))
  const broken: string[] = []
  for (const entry of promised)
    if (entry.kind === "odd") broken.push(`${entry.what} was answered ${entry.status}: ${entry.text}`)
  broken.push(...(await inboundProblems(world, promised)))
  const rows = await listReplies(world)
  broken.push(...replyProblems(rows, promised, seen), ...orderProblems(rows, seen))
  const replies: Record<string, number> = {}
  for (const { state } of rows) replies[state] = (replies[state] ?? 0) + 1
  const arrived = seen.filter((entry) => entry.kind === "arrived")
  const notices = arrived.filter(({ type }) => type === "message_imported")
  return {
    broken,
    inbound: promised.filter(({ kind }) => kind === "inbound").length,
    replies,
    calls: arrived.length,
    noticesAgain: notices.length - new Set(notices.map(({ key }) => key)).size,
  }
}

/** Acknowledged means there, once, under the uid of the answer, and in one conversation a thread. */
async function inboundProblems(world: World, promised: readonly Promised[]): Promise<string[]> {
  const rows = await world.db.query<{ external_id: string; uid: string; conversation_id: number }>({
    text: "select external_id, uid, conversation_id from message where direction = 'inbound'",
  })
  const byId = Map.groupBy(rows, (row) => row.external_id)
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

const listReplies = (world: World): Promise<ReplyRow[]> =>
  world.db.query<ReplyRow>({
    text: `select m.id, m.conversation_id, m.number, trim(m.text) as key, m.state, m.error_reason, coalesce(d.attempts, 0) as attempts,
             coalesce(d.state in ('queued', 'waiting') and d.due_at < now() - interval '60 s' and not (m.error_reason is not null), false) as is_due
           from message m left join lateral (
             select sum(attempts)::int as attempts, max(state) as state, max(due_at) as due_at from delivery
             where company_id = m.company_id and message_id = m.id and sequence = 'send'
           ) d on true
           where m.direction = 'outbound' and m.origin in ('teammate', 'api') order by m.conversation_id, m.number`,
  })

function replyProblems(rows: readonly ReplyRow[], promised: readonly Promised[], seen: readonly Seen[]): string[] {
  const problems: string[] = []
  const byKey = Map.groupBy(rows, (row) => row.key)
  const sends = seen.filter((entry) => entry.kind === "arrived").filter(({ type }) => type === "message")
  const calls = Map.groupBy(sends, (entry) => entry.key)
  const statuses = new Map(seen.flatMap((entry) => (entry.kind === "answered" ? [[entry.call, entry.status]] : [])))
  for (const entry of promised) {
    if (entry.kind === "reply" && !byKey.has(entry.key)) problems.push(`${entry.key} was acknowledged and is lost`)
    if (
      entry.kind === "reply" &&
      Number(parseId("cnv", entry.conversation)) !== byKey.get(entry.key)?.[0]?.conversation_id
    )
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

/** First arrivals follow the numbers that were given under the conversation's lock. */
function orderProblems(rows: readonly ReplyRow[], seen: readonly Seen[]): string[] {
  const numbers = new Map(rows.map((row) => [row.key, row]))
  const last = new Map<number, number>()
  const met = new Set<string>()
  const problems: string[] = []
  for (const entry of seen) {
    if (entry.kind !== "arrived" || entry.type !== "message" || met.has(entry.key)) continue
    met.add(entry.key)
    const row = numbers.get(entry.key)
    if (row === undefined) continue
    if ((last.get(row.conversation_id) ?? 0) > row.number) problems.push(`${entry.key} came after a later reply`)
    last.set(row.conversation_id, row.number)
  }
  return problems
}
