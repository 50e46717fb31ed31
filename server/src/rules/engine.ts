import { setTimeout as delay } from "node:timers/promises"
import type { ScheduleClock } from "../clock.ts"
import type { Database } from "../database/database.ts"
import { failPoint } from "../failpoint.ts"
import { OutageError } from "../http/errors.ts"
import type { Ids } from "../ids.ts"
import type { Log } from "../log.ts"
import { keepLooking } from "../looking.ts"
import { applyRules, idsFor } from "./apply.ts"
import { type Facts, readFacts } from "./facts.ts"
import { matches, matchPatterns, patternsOf } from "./match.ts"
import { listRules, type StoredRule } from "./store.ts"

export interface RuleDeps {
  db: Database
  ids: Ids
  clock: ScheduleClock
  log: Log
  /** Told after every commit: deliveries may be due, browsers and webhooks may have news. */
  committed(companyIds: Iterable<number>): void
}

/**
 * Asks the rules about inbound messages, right after their commit. The work is the feed itself: each company has a cursor in it, which moves on in the
 * transaction that does what the rules say. So a process that dies leaves a message either untouched or done with, and the next one goes on there;
 * and accepting a message costs nothing more than before.
 */
export interface RuleEngine {
  /** A company's feed may have grown. Costs nothing where there are no rules. */
  wake(companyIds: Iterable<number>): void
  /** Resolves when every cursor stands at the end of its feed. */
  settle(): Promise<void>
  stop(): Promise<void>
}

/** Events read at once. */
const chunk = 200
/** Companies worked on at once: of the pool's connections, rules use no more. */
const companiesMax = 2
/** A message whose rules fail this often is left as it is: it must not keep the others waiting. */
const triesMax = 3
const tryAgainMs = 50

export function startRules(deps: RuleDeps): RuleEngine {
  let known = new Set<number>()

  const looking = keepLooking(
    async () => {
      const cursors = await listCursors(deps.db)
      known = new Set(cursors.map((cursor) => cursor.companyId))
      const behind = cursors.filter((cursor) => cursor.isBehind).map((cursor) => cursor.companyId)
      const worker = async () => {
        for (let companyId = behind.pop(); companyId !== undefined; companyId = behind.pop())
          while (!looking.stopped && (await askAbout(deps, companyId))) {}
      }
      await Promise.all(Array.from({ length: companiesMax }, worker))
    },
    (error) => deps.log.warn({ err: error }, "rules.cannot_look"),
  )

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
        if (!(await listCursors(deps.db)).some((cursor) => cursor.isBehind)) return
        await delay(5)
      }
    },
    stop: () => looking.stop(),
  }
}

async function listCursors(db: Database): Promise<{ companyId: number; isBehind: boolean }[]> {
  const rows = await db.query<{ company_id: number; is_behind: boolean }>({
    name: "rules.cursors",
    text: `select cursor.company_id, feed.position > cursor.position as is_behind from rule_cursor cursor
           join company_feed feed on feed.company_id = cursor.company_id`,
  })
  return rows.map((row) => ({ companyId: row.company_id, isBehind: row.is_behind }))
}

interface FeedRow {
  position: number
  type: string
  message_id: number | null
  /** History that was brought in, and asked not to be asked about. */
  skips_rules: boolean | null
}

/** The next chunk of a company's feed. False when there is nothing more, or another process is at it. */
async function askAbout(deps: RuleDeps, companyId: number): Promise<boolean> {
  const rows = await deps.db.query<FeedRow>({
    name: "rules.read_feed",
    text: `select position, type, message_id, target ? 'skips_rules' as skips_rules from event where company_id = $1
             and position > (select position from rule_cursor where company_id = $1) order by position limit $2`,
    values: [companyId, chunk],
  })
  const last = rows.at(-1)
  if (last === undefined) return false
  const rules = (await listRules(deps.db, companyId)).filter((rule) => rule.isEnabled)
  const inbound =
    rules.length === 0
      ? []
      : rows.filter((row) => row.type === "inbound" && row.message_id !== null && !row.skips_rules)
  const facts = await readFacts(
    deps.db,
    companyId,
    inbound.map((row) => row.message_id as number),
  )
  for (const row of inbound) {
    const message = facts.get(row.message_id as number)
    if (message === undefined) continue
    const meant = await rulesFor(deps, rules, message, row.position)
    if (meant.length === 0) continue
    if (!(await carryOut(deps, message, row.position, meant))) return false
  }
  await advance(deps.db, companyId, last.position)
  return rows.length === chunk
}

/** Those that match, up to the one that ends the asking. */
async function rulesFor(
  deps: RuleDeps,
  rules: readonly StoredRule[],
  facts: Facts,
  position: number,
): Promise<StoredRule[]> {
  const asked = rules.filter((rule) => rule.sincePosition < position)
  const patterns = await matchPatterns(deps, facts, patternsOf(asked))
  return upToStop(asked.filter((rule) => matches(rule, facts, patterns, deps.clock.now())))
}

export function upToStop(rules: readonly StoredRule[]): StoredRule[] {
  const end = rules.findIndex((rule) => rule.stops)
  return end === -1 ? [...rules] : rules.slice(0, end + 1)
}

/** Effects and cursor in one transaction. False when another process holds the cursor or has been here. */
async function carryOut(deps: RuleDeps, facts: Facts, position: number, rules: StoredRule[]): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    try {
      await deps.ids.reserve(idsFor(rules))
      const isOurs = await deps.db.tx(async (tx) => {
        const held = await tx.query({
          name: "rules.hold_cursor",
          text: "select from rule_cursor where company_id = $1 and position < $2 for no key update skip locked",
          values: [facts.companyId, position],
        })
        if (held.length === 0) return false
        await advance(tx, facts.companyId, position)
        await applyRules({ tx, ids: deps.ids, now: deps.clock.now() }, facts, position, rules)
        failPoint("rules.applied")
        return true
      })
      if (isOurs) deps.committed([facts.companyId])
      return isOurs
    } catch (error) {
      if (error instanceof OutageError) throw error
      deps.log.error({ err: error, message_id: facts.messageId, tries }, "rules.not_applied")
      if (tries === triesMax) return true
      await delay(tryAgainMs)
    }
  }
}

async function advance(db: Pick<Database, "query">, companyId: number, position: number): Promise<void> {
  await db.query({
    name: "rules.advance",
    text: "update rule_cursor set position = $2 where company_id = $1 and position < $2",
    values: [companyId, position],
  })
}
