import type { Tx } from "../database/database.ts"
import type { Ids } from "../ids.ts"

/** What a message threads by. `ref`: external_conversation_id and thread_ref, one key space per channel; `sender`: the handle, when no key was given; `call`: a call's id. */
export interface ThreadKey {
  companyId: number
  channelId: number
  kind: "ref" | "sender" | "call"
  key: string
}

/** Where a conversation that is made for a key starts out. */
export interface ConversationSeed extends ThreadKey {
  inboxId: number
  contactId: number
  subject: string
  recipient: { handle: string; name: string | null; role: string }
  activityAt: Date
}

interface KeyRow {
  company_id: number
  channel_id: number
  kind: "ref" | "sender" | "call"
  key: string
  conversation_id: number
}

export const threadKeyOf = (key: ThreadKey): string => `${key.companyId}\n${key.channelId}\n${key.kind}\n${key.key}`
const rowKeyOf = (row: KeyRow): string =>
  threadKeyOf({ companyId: row.company_id, channelId: row.channel_id, kind: row.kind, key: row.key })

/**
 * The conversation of each key, found or made, in the caller's transaction. Two transactions that bring the same new key at once: the second waits
 * for the first and joins its conversation. `known`: what `findThreads` says of them, where it was asked in this transaction. Returns conversation ids by
 * `threadKeyOf`, and which of them are new.
 */
export async function openThreads(
  tx: Tx,
  ids: Ids,
  seeds: readonly ConversationSeed[],
  known?: KnownThreads,
): Promise<{ ids: Map<string, number>; made: Set<number> }> {
  const byKey = new Map(seeds.map((seed) => [threadKeyOf(seed), seed]))
  const found = new Map(known ?? (await findThreads(tx, [...byKey.values()])))
  const missing = [...byKey].filter(([key]) => !found.has(key)).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const made = new Set<number>()
  if (missing.length > 0) {
    const inserted = await insertKeys(
      tx,
      missing.map(([, seed]) => ({ seed, conversationId: ids.take(), id: ids.take() })),
    )
    for (const row of inserted) {
      found.set(rowKeyOf(row), row.conversation_id)
      made.add(row.conversation_id)
    }
    const lost = missing.filter(([key]) => !found.has(key)).map(([, seed]) => seed)
    if (lost.length > 0) for (const [key, id] of await findThreads(tx, lost)) found.set(key, id)
    await insertConversations(
      tx,
      inserted.map((row) => ({
        conversationId: row.conversation_id,
        seed: byKey.get(rowKeyOf(row)) as ConversationSeed,
      })),
    )
  }
  return { ids: found, made }
}

/** Conversation ids by `threadKeyOf`. */
export type KnownThreads = ReadonlyMap<string, number>

/** The conversations of the keys that are known. Walks the primary key of thread_key. */
export async function findThreads(tx: Tx, keys: readonly ThreadKey[]): Promise<KnownThreads> {
  const rows = await tx.query<KeyRow>({
    name: "threads.find",
    text: `select known.company_id, known.channel_id, known.kind, known.key, known.conversation_id
           from json_to_recordset($1::json) as wanted(company_id bigint, channel_id bigint, kind text, key text)
           cross join lateral (select * from thread_key where thread_key.company_id = wanted.company_id and thread_key.channel_id = wanted.channel_id
             and thread_key.kind = wanted.kind and thread_key.key = wanted.key collate "C" limit 1) known`,
    values: [
      JSON.stringify(
        [...new Map(keys.map((key) => [threadKeyOf(key), key])).values()].map((key) => ({
          company_id: key.companyId,
          channel_id: key.channelId,
          kind: key.kind,
          key: key.key,
        })),
      ),
    ],
  })
  return new Map(rows.map((row) => [rowKeyOf(row), row.conversation_id]))
}

async function insertKeys(tx: Tx, rows: { seed: ThreadKey; conversationId: number; id: number }[]): Promise<KeyRow[]> {
  return await tx.query<KeyRow>({
    name: "threads.insert",
    text: `insert into thread_key (company_id, channel_id, kind, key, conversation_id, id)
           select * from json_to_recordset($1::json) as new(company_id bigint, channel_id bigint, kind text, key text, conversation_id bigint, id bigint)
           on conflict do nothing returning company_id, channel_id, kind, key, conversation_id`,
    values: [
      JSON.stringify(
        rows.map(({ seed, conversationId, id }) => ({
          company_id: seed.companyId,
          channel_id: seed.channelId,
          kind: seed.kind,
          key: seed.key,
          conversation_id: conversationId,
          id,
        })),
      ),
    ],
  })
}

/** One more key for a conversation (a partner answered a reply with a new external_conversation_id). False when another conversation owns it. */
export async function addThreadKey(tx: Tx, key: ThreadKey, conversationId: number, id: number): Promise<boolean> {
  const inserted = await insertKeys(tx, [{ seed: key, conversationId, id }])
  return inserted.length === 1 || (await findThreads(tx, [key])).get(threadKeyOf(key)) === conversationId
}

export async function insertConversations(
  tx: Tx,
  rows: { conversationId: number; seed: Omit<ConversationSeed, "kind" | "key"> }[],
): Promise<void> {
  if (rows.length === 0) return
  await tx.query({
    name: "conversations.insert",
    text: `insert into conversation (company_id, id, inbox_id, channel_id, contact_id, subject, recipient, activity_at)
           select * from json_to_recordset($1::json) as new(company_id bigint, id bigint, inbox_id bigint, channel_id bigint, contact_id bigint, subject text,
             recipient jsonb, activity_at timestamptz)`,
    values: [
      JSON.stringify(
        rows.map(({ conversationId, seed }) => ({
          company_id: seed.companyId,
          id: conversationId,
          inbox_id: seed.inboxId,
          channel_id: seed.channelId,
          contact_id: seed.contactId,
          subject: seed.subject,
          recipient: seed.recipient,
          activity_at: seed.activityAt.toISOString(),
        })),
      ),
    ],
  })
}
