import { searchTotalMax } from "@causeway/contract/limits"
import type { Database, Tx } from "../database/database.ts"
import { HttpError, invalid, OutageError } from "../http/errors.ts"
import { readLimit } from "../http/lists.ts"
import { opensFor } from "../inboxes/store.ts"
import { memberOf } from "../teammates/roles.ts"
import { type ConversationListCall, conversationPage, type Sought, walkConversations } from "./list.ts"
import { reachableBy } from "./reach.ts"
import { parseListPlace } from "./read.ts"
import {
  type Condition,
  conversationCondition,
  handleCondition,
  isHandleFilter,
  type MessageCondition,
  parseSearch,
  type SearchQuery,
  subjectCondition,
  wordsCondition,
} from "./search-query.ts"

/** Up to so many messages a term is rare: its conversations are listed and everything else is asked of them alone. */
const rareMax = 5_000
/** A common term is counted in so many conversations at most: each has to be looked into. */
const commonTotalMax = 1_000
const timeoutMs = 5_000

/**
 * One page of the conversations that a search finds and the caller may see, newest activity first, with how many there are in all. Rare and common terms
 * need opposite plans: what few messages have is collected from the index first; what many have is looked for while walking the list from its newest
 * end, where it turns up soon. Throws 400 for a query that makes no sense, or that took longer than five seconds.
 */
export async function searchConversations(
  deps: { db: Database },
  call: Omit<ConversationListCall, "query"> & {
    query: { limit?: string; page_token?: string }
    params: { query: string }
  },
): Promise<Record<string, unknown>> {
  const { query, principal } = call
  const { companyId } = memberOf(principal)
  const limit = readLimit(query.limit)
  const after = query.page_token ? parseListPlace(query.page_token) : null
  if (query.page_token && after === null) throw invalid("query.page_token", "is not a page of this list")
  const viewer = opensFor(principal)
  try {
    return await deps.db.tx(async (tx) => {
      await tx.query({ text: `set local statement_timeout = ${timeoutMs}` })
      const { conditions, isCommon } = await prepare(tx, companyId, call.params.query)
      const page = { companyId, viewer, statuses: null, order: "desc" as const, after, limit: limit + 1 }
      const ids = conditions === null ? [] : await walkConversations(tx, page, join(conditions, 7))
      const max = isCommon ? commonTotalMax : searchTotalMax
      const total = conditions === null ? 0 : await count(tx, companyId, viewer, conditions, max)
      return { ...(await conversationPage(tx, call, ids, limit)), _total: total }
    })
  } catch (error) {
    // Our own time limit is no outage here: the next search may be a quick one.
    if (!(error instanceof OutageError) || (error.cause as { code?: string } | undefined)?.code !== "57014") throw error
    throw new HttpError(400, `This search took longer than ${timeoutMs / 1000} s: add rarer words, an inbox or a tag`)
  }
}

/** What to look for; null: nothing can be found. */
async function prepare(
  tx: Tx,
  companyId: number,
  text: string,
): Promise<{ conditions: Condition[] | null; isCommon: boolean }> {
  const search = parseSearch(text)
  const conditions: Condition[] = []
  const rare: number[][] = []
  const narrow = async (condition: MessageCondition, also: Condition | null) => {
    const found = await collect(tx, companyId, condition, also)
    if (found === null) conditions.push(anyMessage(condition, also))
    else rare.push(found)
  }
  if (search.words !== null) await refuseOnlyNot(tx, search.words)
  if (search.words !== null) await narrow(wordsCondition(search.words), subjectCondition(search.words))
  for (const filter of search.filters) {
    const { name, value } = filter
    if (isHandleFilter(name)) await narrow(handleCondition(name, value), null)
    else conditions.push(await conversationCondition(tx, companyId, filter))
  }
  if (rare.some((ids) => ids.length === 0)) return { conditions: null, isCommon: false }
  const among = rare.map((ids) => ({ sql: "conversation.id = any($1::bigint[])", values: [ids] }))
  return { conditions: [...among, ...conditions], isCommon: rare.length === 0 && hasTerms(search) }
}

/** Whether messages have to be looked into at all. */
const hasTerms = ({ words, filters }: SearchQuery): boolean =>
  words !== null || filters.some(({ name }) => isHandleFilter(name))

/** What only says which words are not wanted would have to be asked of every message. */
async function refuseOnlyNot(tx: Tx, words: string): Promise<void> {
  const rows = await tx.query<{ indexable: string }>({
    name: "search.indexable",
    text: "select querytree(websearch_to_tsquery('simple', $1)) as indexable",
    values: [words],
  })
  if (rows[0]?.indexable === "T") throw invalid("query", "says only what is not wanted: add a word that is")
}

/** The conversations with such messages; null when there are too many of them. Only bitmap scans: no other finds a rare term among many messages. */
async function collect(
  tx: Tx,
  companyId: number,
  condition: MessageCondition,
  also: Condition | null,
): Promise<number[] | null> {
  await tx.query({ text: "set local enable_seqscan = off; set local enable_indexscan = off" })
  const { sql, values } = join([condition], 3)
  const hits = await tx.query<{ id: number }>({
    text: `select message.conversation_id as id from message where message.company_id = $1 and message.deleted_at is null
             and message.state is distinct from 'undone' and ${sql} limit $2`,
    values: [companyId, rareMax + 1, ...values],
  })
  const talks = also === null ? null : join([also], 3)
  const others =
    talks === null
      ? []
      : await tx.query<{ id: number }>({
          text: `select conversation.id from conversation where conversation.company_id = $1 and ${talks.sql} limit $2`,
          values: [companyId, rareMax + 1, ...talks.values],
        })
  await tx.query({ text: "set local enable_seqscan = on; set local enable_indexscan = on" })
  if (hits.length > rareMax || others.length > rareMax) return null
  return [...new Set([...hits, ...others].map((row) => row.id))]
}

/** Asked of one conversation: by message_conversation, few messages each. */
function anyMessage(condition: MessageCondition, also: Condition | null): Condition {
  // A limit keeps the planner from turning this into a join with all the messages there are.
  const some = `coalesce((select true from message where message.company_id = conversation.company_id and message.conversation_id = conversation.id
    and message.deleted_at is null and message.state is distinct from 'undone' and ${condition.sql} limit 1), false)`
  // Both are made from the same words.
  return { sql: also === null ? some : `(${some} or ${also.sql})`, values: condition.values }
}

async function count(
  tx: Tx,
  companyId: number,
  viewer: number | null,
  conditions: readonly Condition[],
  max: number,
): Promise<number> {
  const { sql, values } = join(conditions, 4)
  const rows = await tx.query<{ total: number }>({
    text: `select count(*)::int as total from (select from conversation where conversation.company_id = $1 and conversation.merged_into is null and (${sql})
             and ${reachableBy("$2")} limit $3) found`,
    values: [companyId, viewer, max, ...values],
  })
  return rows[0]?.total ?? 0
}

/** All of them, their values numbered from `first` on. */
function join(conditions: readonly Condition[], first: number): Sought {
  let next = first
  const pieces = conditions.map(({ sql, values }) => {
    const from = next - 1
    next += values.length
    return sql.replace(/\$(\d)/g, (_, n: string) => `$${from + Number(n)}`)
  })
  return {
    sql: pieces.length === 0 ? "true" : pieces.join(" and "),
    values: conditions.flatMap(({ values }) => values),
  }
}
