import type pg from "pg"
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
 * nothing depends on meanwhile are made anew afterwards, which is what makes ten million feasible. Nobody else may write. Returns the number
 * of the first conversation; the others follow it.
 */
export async function fill(
  client: pg.ClientBase,
  place: Place,
  amount: Amount,
  say: (text: string) => void,
): Promise<number> {
  await client.query("set synchronous_commit = off; set work_mem = '256MB'; set maintenance_work_mem = '1GB'")
  const first = await takeIds(client, amount)
  const before = await client.query("select position from company_feed where company_id = $1", [place.companyId])
  const indexes = amount.conversations >= 50_000 ? await dropIndexes(client) : []
  await writeSentences(client)
  const position = await writeMessages(client, place, amount, { first, position: before.rows[0]?.position ?? 0 }, say)
  say("conversations")
  await writeConversations(client, place, amount, first)
  await client.query("drop table growth_sentence")
  await client.query(
    "insert into company_feed (company_id, position) values ($1, $2) on conflict (company_id) do update set position = excluded.position",
    [place.companyId, position],
  )
  for (const [i, sql] of indexes.entries()) {
    say(`index ${i + 1} of ${indexes.length}`)
    await client.query(sql)
  }
  say("vacuum")
  await client.query("vacuum (analyze)")
  await client.query("checkpoint")
  return first + amount.conversations
}

const blockSize = 1000 // as in createIds

/** The blocks that are skipped are what the rows are named from, so that nothing named later meets them. */
async function takeIds(client: pg.ClientBase, { conversations, messagesPer }: Amount): Promise<number> {
  const blocks = Math.ceil((conversations * 3 * (messagesPer + 1)) / blockSize) + 1
  const { rows } = await client.query(
    "select setval('object_id_block', nextval('object_id_block') + $1::bigint) as last",
    [blocks],
  )
  return (rows[0].last - blocks) * blockSize
}

/** Those of the large tables that no constraint needs. Returns what makes them again. */
async function dropIndexes(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string; sql: string }>(
    `select indexname as name, indexdef as sql from pg_indexes
     where schemaname = 'public' and tablename in ('message', 'event', 'delivery', 'external_message_id', 'conversation', 'contact', 'contact_handle')
       and indexname not in (select conname from pg_constraint) order by tablename, indexname`,
  )
  for (const { name } of rows) await client.query(`drop index ${name}`)
  return rows.map(({ sql }) => sql)
}

/** Twelve words each; the n-th word of the vocabulary is as frequent as n^(-2/3). */
async function writeSentences(client: pg.ClientBase): Promise<void> {
  const vocabulary = Array.from({ length: vocabularySize }, (_, n) => word(n))
  await client.query("create temporary table growth_sentence (number int primary key, words text not null)")
  await client.query(
    `with vocabulary as materialized (select n - 1 as n, word from unnest($1::text[]) with ordinality as known(word, n))
     insert into growth_sentence (number, words)
     select sentence, string_agg(word, ' ' order by place)
     from (select sentence, place, floor($3::int * power((hashint8extended(sentence * 12 + place, 7) & 1048575) / 1048576.0, 3))::int as n
           from generate_series(0, $2::int - 1) sentence, generate_series(1, 12) place) drawn
     join vocabulary using (n) group by sentence`,
    [vocabulary, sentenceCount, vocabularySize],
  )
  await client.query("analyze growth_sentence")
}

interface Begin {
  first: number
  position: number
}

/** Every third message is one that was sent elsewhere and imported. Returns the feed's last position. */
async function writeMessages(
  client: pg.ClientBase,
  place: Place,
  { conversations, messagesPer }: Amount,
  { first, position: begin }: Begin,
  say: (text: string) => void,
): Promise<number> {
  const slots = conversations + (messagesPer - 1) * aliveAtOnce
  const started = performance.now()
  let position = begin
  for (let from = 0; from < slots; from += slotsAtOnce) {
    const to = Math.min(slots, from + slotsAtOnce)
    const { rows } = await client.query<{ count: number }>(messagesSql, [
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
    ])
    position += rows[0]?.count ?? 0
    const left = ((performance.now() - started) / to) * (slots - to)
    say(`${position - begin} of ${conversations * messagesPer} messages, about ${Math.ceil(left / 1000)} s to go`)
  }
  return position
}

async function writeConversations(
  client: pg.ClientBase,
  place: Place,
  { conversations, messagesPer }: Amount,
  first: number,
): Promise<void> {
  const channels = place.channels.map(({ id }) => id)
  for (const text of conversationSqls)
    await client.query(text, [
      place.companyId,
      place.inboxId,
      channels,
      place.teammates,
      first,
      conversations,
      messagesPer,
      place.tags,
    ])
}
