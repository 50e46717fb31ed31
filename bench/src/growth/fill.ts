import type { Database } from "@causeway/server/database/database"
import { aliveAtOnce, conversationSqls, messagesSql, sentenceCount } from "./rows.ts"

/** Where the conversations go: numbers as in the tables. Each list has at least one. */
export interface Place {
  companyId: number
  inboxId: number
  /** With the address that messages are sent to. */
  channels: readonly { id: number; address: string }[]
  teammates: readonly number[]
  tags: readonly number[]
}

export interface Amount {
  conversations: number
  messagesPer: number
}

/** Slots (see below) that one statement writes. */
const slotsAtOnce = 20_000
const vocabularySize = 4_900 // as many differ in their first two syllables

/** The n-th word of the vocabulary, n from 0; the lower, the more often it is written: the first is in most messages, the last in few of a thousand. */
export const word = (n: number): string => {
  const syllable = (i: number) => `${"bdfgklmnprstvz"[i % 14]}${"aeiou"[Math.floor(i / 14) % 5]}`
  return `${syllable(n % 70)}${syllable(Math.floor(n / 70) % 70)}${syllable((n * 31) % 70)}`
}

/**
 * Fills a company with conversations as the batch writer leaves them when their notices are delivered: contacts, handles, threads, external ids, messages,
 * deliveries and the feed; a share of them open, assigned, tagged and read. Messages are in the order of their time: message m of conversation n has the
 * slot n + m * `aliveAtOnce`, so that those of one conversation lie as far apart on the disk as in real life. Written by the database itself; indexes that
 * nothing depends on meanwhile are made anew afterwards, which is what makes ten million feasible. Nobody else may write.
 */
export async function fill(
  db: Database,
  place: Place,
  amount: Amount,
  tell: (sentence: string) => void,
): Promise<void> {
  const first = await takeIds(db, amount)
  const before = await db.query<{ position: number }>({
    text: "select position from company_feed where company_id = $1",
    values: [place.companyId],
  })
  const indexes = amount.conversations >= 50_000 ? await dropIndexes(db) : []
  await db.query({ text: "drop table if exists growth_sentence" })
  await writeSentences(db)
  const position = await writeMessages(db, place, amount, { first, position: before[0]?.position ?? 0 }, tell)
  await writeConversations(db, place, amount, first)
  await db.query({ text: "drop table growth_sentence" })
  await db.query({
    text: `insert into company_feed (company_id, position) values ($1, $2) on conflict (company_id) do update set position = excluded.position`,
    values: [place.companyId, position],
  })
  for (const [i, sql] of indexes.entries()) {
    tell(`index ${i + 1} of ${indexes.length}`)
    await db.tx(async (tx) => {
      await tx.query({ text: "set local maintenance_work_mem = '1GB'" })
      await tx.query({ text: sql })
    })
  }
  tell("vacuum")
  await db.query({ text: "vacuum (analyze)" })
  await db.query({ text: "checkpoint" })
}

const blockSize = 1000 // as in createIds

/** The blocks that are skipped are what the rows are named from, so that nothing named later meets them. */
async function takeIds(db: Database, { conversations, messagesPer }: Amount): Promise<number> {
  const blocks = Math.ceil((conversations * 3 * (messagesPer + 1)) / blockSize) + 1
  const [row] = await db.query<{ last: number }>({
    text: "select setval('object_id_block', nextval('object_id_block') + $1::bigint) as last",
    values: [blocks],
  })
  return ((row?.last ?? 0) - blocks) * blockSize
}

/** Those of the large tables that no constraint needs. Returns what makes them again. */
async function dropIndexes(db: Database): Promise<string[]> {
  const rows = await db.query<{ name: string; sql: string }>({
    text: `select indexname as name, indexdef as sql from pg_indexes
           where schemaname = 'public' and tablename in ('message', 'event', 'delivery', 'external_message_id', 'conversation', 'contact', 'contact_handle')
             and indexname not in (select conname from pg_constraint) order by tablename, indexname`,
  })
  for (const { name } of rows) await db.query({ text: `drop index ${name}` })
  return rows.map(({ sql }) => sql)
}

/** Twelve words each; the n-th word of the vocabulary is as frequent as n^(-2/3). */
async function writeSentences(db: Database): Promise<void> {
  const vocabulary = Array.from({ length: vocabularySize }, (_, n) => word(n))
  await db.tx(async (tx) => {
    await tx.query({ text: "create unlogged table growth_sentence (number int primary key, words text not null)" })
    await tx.query({
      text: `with vocabulary as materialized (select n - 1 as n, word from unnest($1::text[]) with ordinality as known(word, n))
             insert into growth_sentence (number, words)
             select sentence, string_agg(word, ' ' order by place)
             from (select sentence, place, floor($3::int * power((hashint8extended(sentence * 12 + place, 7) & 1048575) / 1048576.0, 3))::int as n
                   from generate_series(0, $2::int - 1) sentence, generate_series(1, 12) place) drawn
             join vocabulary using (n) group by sentence`,
      values: [vocabulary, sentenceCount, vocabularySize],
    })
    await tx.query({ text: "analyze growth_sentence" })
  })
}

interface Begin {
  first: number
  position: number
}

/** Every third message is one that was sent elsewhere and imported. Returns the feed's last position. */
async function writeMessages(
  db: Database,
  place: Place,
  { conversations, messagesPer }: Amount,
  { first, position: begin }: Begin,
  tell: (sentence: string) => void,
): Promise<number> {
  const slots = conversations + (messagesPer - 1) * aliveAtOnce
  const started = performance.now()
  let position = begin
  for (let from = 0; from < slots; from += slotsAtOnce) {
    const to = Math.min(slots, from + slotsAtOnce)
    const [written] = await db.tx(async (tx) => {
      await tx.query({ text: "set local synchronous_commit = off" })
      await tx.query({ text: "set local work_mem = '256MB'" })
      return await tx.query<{ count: number }>({
        text: messagesSql,
        values: [
          place.companyId,
          place.inboxId,
          place.channels.map(({ id }) => id),
          place.channels.map(({ address }) => address),
          first,
          conversations,
          messagesPer,
          from,
          to,
          position,
          begin,
        ],
      })
    })
    position += written?.count ?? 0
    const left = ((performance.now() - started) / to) * (slots - to)
    tell(`${position - begin} of ${conversations * messagesPer} messages, about ${Math.ceil(left / 1000)} s to go`)
  }
  return position
}

async function writeConversations(
  db: Database,
  place: Place,
  { conversations, messagesPer }: Amount,
  first: number,
): Promise<void> {
  await db.tx(async (tx) => {
    await tx.query({ text: "set local synchronous_commit = off" })
    for (const text of conversationSqls)
      await tx.query({
        text,
        values: [
          place.companyId,
          place.inboxId,
          place.channels.map(({ id }) => id),
          place.teammates,
          first,
          conversations,
          messagesPer,
          place.tags,
        ],
      })
  })
}
