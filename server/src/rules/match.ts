import type { Condition } from "@causeway/contract/endpoints/rules"
import { formatId } from "@causeway/contract/ids"
import type { Database } from "../database/database.ts"
import type { Log } from "../log.ts"
import type { Facts } from "./facts.ts"
import { isOpen } from "./hours.ts"
import type { StoredRule } from "./store.ts"

/** Whether a rule is meant for a message. `patterns` are those of its regular expressions that match the message; `at` is when it is asked. */
export function matches(
  rule: Pick<StoredRule, "match" | "conditions">,
  facts: Facts,
  patterns: ReadonlySet<string>,
  at: Date,
): boolean {
  if (rule.conditions.length === 0) return true
  const holds = (condition: Condition) => isTrue(condition, facts, patterns, at) !== (condition.not ?? false)
  return rule.match === "all" ? rule.conditions.every(holds) : rule.conditions.some(holds)
}

function isTrue(condition: Condition, facts: Facts, patterns: ReadonlySet<string>, at: Date): boolean {
  switch (condition.type) {
    case "channel":
      return condition.channel_ids.includes(formatId("cha", facts.channelId))
    case "inbox":
      return condition.inbox_ids.includes(formatId("inb", facts.inboxId))
    case "text_contains":
      return condition.words.some((word) => folded(wordsOf(facts)).includes(folded(word)))
    case "text_matches":
      return patterns.has(condition.pattern)
    case "contact":
      return isFrom(condition, facts)
    case "first_message":
      return facts.isFirst
    case "business_hours":
      return isOpen(condition.hours, condition.timezone, at)
  }
}

function isFrom(condition: Extract<Condition, { type: "contact" }>, { contactId, sender }: Facts): boolean {
  if (contactId !== null && condition.contact_ids?.includes(formatId("crd", contactId))) return true
  return condition.handles?.some((handle) => folded(handle) === folded(sender.handle)) ?? false
}

/** What text is searched in. A longer message is judged by its beginning. */
const wordsCharsMax = 20_000
const wordsOf = (facts: Facts): string => `${facts.subject}\n${facts.text}`.slice(0, wordsCharsMax).toWellFormed()

/** Case and the two ways to write an accent make no difference. */
const folded = (text: string): string => text.normalize("NFC").toLowerCase()

export const patternsOf = (rules: readonly Pick<StoredRule, "conditions">[]): string[] => [
  ...new Set(
    rules.flatMap(({ conditions }) =>
      conditions.flatMap((condition) => (condition.type === "text_matches" ? [condition.pattern] : [])),
    ),
  ),
]

const patternMs = 500

/**
 * Which of the regular expressions match a message. The database matches them: its engine needs no backtracking, and can be stopped, where ours would
 * stall every request for a careless expression. One that takes too long matches nothing.
 */
export async function matchPatterns(
  deps: { db: Database; log: Log },
  facts: Facts,
  patterns: readonly string[],
): Promise<Set<string>> {
  if (patterns.length === 0) return new Set()
  try {
    return await askDatabase(deps.db, wordsOf(facts), patterns)
  } catch (error) {
    if (!isAboutPattern(error)) throw error
    const one = patterns.length === 1
    deps.log.warn({ message_id: facts.messageId, err: error, pattern: one ? patterns[0] : undefined }, "rules.pattern")
    if (one) return new Set()
    const found = new Set<string>()
    for (const pattern of patterns) for (const match of await matchPatterns(deps, facts, [pattern])) found.add(match)
    return found
  }
}

/** What is wrong with a regular expression, in the database's words; null when nothing is. */
export async function patternProblem(db: Database, pattern: string): Promise<string | null> {
  try {
    await askDatabase(db, "", [pattern])
    return null
  } catch (error) {
    if (!isAboutPattern(error)) throw error
    return (error as Error).message
  }
}

async function askDatabase(db: Database, text: string, patterns: readonly string[]): Promise<Set<string>> {
  return await db.tx(async (tx) => {
    await tx.query({ text: `set local statement_timeout = ${patternMs}` })
    const rows = await tx.query<{ pattern: string }>({
      name: "rules.match_patterns",
      text: "select pattern from unnest($2::text[]) as pattern where $1::text ~* pattern",
      values: [text, patterns],
    })
    return new Set(rows.map((row) => row.pattern))
  })
}

/** invalid_regular_expression, query_canceled (which is our limit here, and no outage), program_limit_exceeded, statement_too_complex */
function isAboutPattern(error: unknown): boolean {
  const { code, cause } = error as { code?: string; cause?: { code?: string } }
  return ["2201B", "57014", "54000", "54001"].includes(cause?.code ?? code ?? "")
}
