import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { promisesOf } from "./driver.ts"
import { type InboundRow, problemsOf, type ReplyRow } from "./evidence.ts"
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

/** Longer than a pause of a lane whose partner is well again takes to be noticed, on a machine that is busy with something else. */
export const stallMs = 60_000

/** However it gets on. */
const settleMaxMs = 900_000

/**
 * Resolves when every reply has come to an end, or when nothing has got on for `stallMs`: as long as replies end, or are to be tried later, it waits.
 * What is open then is for `check` to find.
 */
export const settled = (world: World, stallLimitMs = stallMs): Promise<void> => atRest(world, "send", stallLimitMs)

/** The same for what partners are told of messages they brought. */
export const noticesSettled = (world: World): Promise<void> => atRest(world, "notice", stallMs)

async function atRest(world: World, sequence: "send" | "notice", stallLimitMs: number): Promise<void> {
  let fewest = Number.POSITIVE_INFINITY
  const began = performance.now()
  let movedAt = began
  while (performance.now() - movedAt < stallLimitMs && performance.now() - began < settleMaxMs) {
    const [open] = await listOpen(world, sequence).catch(() => [])
    if (open?.count === 0) return
    if (open !== undefined && (open.count < fewest || open.is_later)) {
      fewest = Math.min(fewest, open.count)
      movedAt = performance.now()
    }
    await delay(200)
  }
}

const listOpen = (world: World, sequence: string): Promise<{ count: number; is_later: boolean }[]> =>
  world.db.query({
    text: `select count(*)::int as count,
             coalesce(bool_or(isfinite(due.at) and due.at between now() and now() + interval '5 minutes'), false) as is_later
           from delivery d join lane l using (company_id, channel_id)
           cross join lateral (select greatest(d.due_at, case when d.sequence = 'send' then l.sends_from else l.notices_from end) as at) due
           where d.sequence = $1 and d.state in ('held', 'queued', 'sending', 'waiting')`,
    values: [sequence],
  })

export async function check(world: World): Promise<Verdict> {
  const promised = readLedger<Promised>(promisesOf(world))
  const seen = readLedger<Seen>(join(world.folder, "sink.jsonl"))
  const [inbound, rows] = [await listInbound(world), await listReplies(world)]
  const replies: Record<string, number> = {}
  for (const { state } of rows) replies[state] = (replies[state] ?? 0) + 1
  const arrived = seen.filter((entry) => entry.kind === "arrived")
  const notices = arrived.filter(({ type }) => type === "message_imported")
  return {
    broken: problemsOf({ promised, seen, inbound, replies: rows, downs: world.downs }),
    inbound: promised.filter(({ kind }) => kind === "inbound").length,
    replies,
    calls: arrived.length,
    noticesAgain: notices.length - new Set(notices.map(({ key }) => key)).size,
  }
}

/** What customers wrote, as the database has it. */
export const listInbound = (world: World): Promise<InboundRow[]> =>
  world.db.query({
    text: "select external_id, uid, conversation_id, number from message where direction = 'inbound' and external_id is not null",
  })

const listReplies = (world: World): Promise<ReplyRow[]> =>
  world.db.query<ReplyRow>({
    text: `select m.conversation_id, m.number, trim(m.text) as key, m.state, m.error_reason, coalesce(d.attempts, 0) as attempts,
             coalesce(d.state in ('queued', 'waiting') and d.due_at < now() - interval '60 s' and m.error_reason is null, false) as is_due
           from message m left join lateral (
             select sum(attempts)::int as attempts, max(state) as state, max(due_at) as due_at from delivery
             where company_id = m.company_id and message_id = m.id and sequence = 'send'
           ) d on true
           where m.direction = 'outbound' and m.origin in ('teammate', 'api') order by m.conversation_id, m.number`,
  })
