import { searchPageMax } from "@causeway/contract/endpoints/inbox-search"
import type { ListOwner } from "../conversations/views.ts"
import type { Database, Tx } from "../database/database.ts"
import { among, type HitRow, headline } from "./among.ts"
import { type InboxSearch, Where } from "./query.ts"
import { inTime, isTimeout, withinTime } from "./time.ts"

/** How much a search looks at; tests look at less. */
export interface SearchLimits {
  /** Up to so many messages words are rare: all that have them are found at once, and the newest of them shown. Each of more costs a look at the disk. */
  rareMax: number
  /** An index that takes longer to tell so few is telling of words that many messages have. */
  rareMs: number
  /** Messages walked over by one statement: it takes a twentieth of a second. */
  stretch: number
  /** One kind may take so long; what takes longer is left out, and the answer says so. */
  timeoutMs: number
}

export const searchLimits: SearchLimits = { rareMax: 3_000, rareMs: 250, stretch: 20_000, timeoutMs: 1_500 }

/** The numbers of all messages that fit, from message_words or message_handles; null: they are too many. */
async function findRare(db: Database, texts: Where, { rareMax, rareMs }: SearchLimits): Promise<number[] | null> {
  try {
    return await db.tx(async (tx) => {
      await tx.query({
        text: `set local statement_timeout = ${rareMs}; set local enable_seqscan = off; set local enable_indexscan = off`,
      })
      const rare = await tx.query<{ id: number }>({
        text: `select message.id from message where ${texts.sql} limit ${rareMax + 1}`,
        values: texts.values,
      })
      return rare.length > rareMax ? null : rare.map(({ id }) => id)
    })
  } catch (error) {
    if (isTimeout(error)) return null
    throw error
  }
}

/**
 * From message_words or message_handles; what they find too much of, by walking messages from the newest on, until there are enough or the time is over:
 * what was found until then is the newest there is, and `isWhole` false.
 */
export async function findMessages(
  db: Database,
  owner: ListOwner,
  search: InboxSearch,
  limits: SearchLimits,
): Promise<{ hits: HitRow[]; isWhole: boolean }> {
  const deadline = performance.now() + limits.timeoutMs
  const texts = textsOf(owner, search)
  const rare = await findRare(db, texts, limits)
  if (rare?.length === 0) return { hits: [], isWhole: true }
  const where = among(owner, search)
  if (rare !== null) where.add("message.company_id = $1 and message.id = any($2::bigint[])", [owner.companyId, rare])
  else where.add(texts.sql, texts.values)
  // A letter-only word of a text is a part of it: looking for the part is a tenth of the work of taking every text that is walked over apart into words.
  if (rare === null && search.longest !== null)
    where.add("strpos(lower(message.subject || ' ' || message.text), lower($1)) > 0", [search.longest])
  if (search.before !== null) where.add("message.created_at < $1", [search.before])
  if (search.after !== null) where.add("message.created_at > $1", [search.after])
  const hits: HitRow[] = []
  const isWhole = await inTime(async () => {
    for (let from: number | null = newest; from !== null; ) {
      const end: number | null = rare === null ? await stretchEnd(db, owner, from, limits.stretch) : null
      const part = where.copy().add("message.id <= $1 and message.id > $2", [from, end ?? 0])
      const limit = searchPageMax - hits.length
      hits.push(...(await withinTime(db, deadline, (tx) => newestOf(tx, part, search, limit))))
      from = hits.length < searchPageMax ? end : null
    }
  })
  return { hits, isWhole }
}

/** Beyond every number there is. */
const newest = Number.MAX_SAFE_INTEGER

/** What their texts, or their senders, have to be. */
function textsOf(owner: ListOwner, search: InboxSearch): Where {
  const texts = new Where().add(
    "message.company_id = $1 and message.deleted_at is null and message.state is distinct from 'undone'",
    [owner.companyId],
  )
  if (search.words !== null)
    texts.add(
      "to_tsvector('simple', left(message.subject || ' ' || message.text, 100000)) @@ to_tsquery('simple', $1)",
      [search.words],
    )
  if (search.from !== null)
    texts.add(
      "jsonb_path_query_array(message.recipients, '$[*].handle') ?| $1::text[] and message.recipients @> any(array(select jsonb_build_array(jsonb_build_object('role', 'from', 'handle', handle)) from unnest($1::text[]) as handle))",
      [search.from],
    )
  return texts
}

/** The number below which the next stretch begins; null: nothing is left. Walks the primary key alone. */
async function stretchEnd(db: Database, owner: ListOwner, from: number, stretch: number): Promise<number | null> {
  const rows = await db.query<{ id: number }>({
    name: "search.stretch_end",
    text: "select id from message where company_id = $1 and id <= $2 order by company_id desc, id desc offset $3 limit 1",
    values: [owner.companyId, from, stretch],
  })
  return rows[0]?.id ?? null
}

/** Those of `where` with the highest numbers, newest first. */
function newestOf(tx: Tx, where: Where, search: InboxSearch, limit: number): Promise<HitRow[]> {
  const shown = where.values.length + 1
  return tx.query<HitRow>({
    text: `with found as (
             select message.conversation_id, message.id, message.created_at as at, message.text,
               coalesce(nullif(trim(author.first_name || ' ' || author.last_name), ''), author.email, message.sender_name, contact.name, '') as author
             from message
             join conversation on conversation.company_id = message.company_id and conversation.id = message.conversation_id
             left join teammate author on author.company_id = message.company_id and author.id = message.author_id
             left join contact on contact.company_id = conversation.company_id and contact.id = conversation.contact_id and message.direction = 'inbound'
             where message.type <> 'call' and ${where.sql} order by message.company_id desc, message.id desc limit ${limit})
           select conversation_id, 'message' as kind, id, author, at,
             ${search.words === null ? `left(text, 200) || case when $${shown}::text is null then '' else '' end` : headline("text", `$${shown}`)} as headline
           from found order by id desc`,
    values: [...where.values, search.words],
  })
}
