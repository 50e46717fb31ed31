import { type SearchHit, type SearchResults, searchPageMax } from "@causeway/contract/endpoints/inbox-search"
import { formatId } from "@causeway/contract/ids"
import { reachableBy } from "../conversations/reach.ts"
import { findConversations } from "../conversations/read.ts"
import { conversationViews } from "../conversations/row.ts"
import type { ListOwner } from "../conversations/views.ts"
import type { Database, Tx } from "../database/database.ts"
import { seconds } from "../messages/resource.ts"
import { among, type HitRow, headline, hitBegin, hitEnd } from "./among.ts"
import { findMessages, type SearchLimits, searchLimits } from "./messages.ts"
import type { InboxSearch } from "./query.ts"
import { inTime, withinTime } from "./time.ts"

/** So many contacts or subjects with the words are looked at. */
const namedMax = 2_000

/**
 * At most twenty of each kind, newest first, of the conversations that the teammate may open. Words that few messages have are collected from their index and
 * then sorted; words that many have turn up soon when messages are walked from the newest end. Each kind has a time of its own, so that none costs the others theirs.
 */
export async function searchInbox(
  db: Database,
  owner: ListOwner,
  search: InboxSearch,
  limits: SearchLimits = searchLimits,
): Promise<SearchResults> {
  const hasWords = search.words !== null || search.from !== null
  let isPartial = false
  const within = async <Row>(find: (tx: Tx) => Promise<Row[]>): Promise<Row[]> => {
    const rows: Row[] = []
    const deadline = performance.now() + limits.timeoutMs
    if (!(await inTime(async () => void rows.push(...(await withinTime(db, deadline, find)))))) isPartial = true
    return rows
  }
  const findWritten = async (): Promise<HitRow[]> => {
    const { hits, isWhole } = await findMessages(db, owner, search, limits)
    if (!isWhole) isPartial = true
    return hits
  }
  const [messages, comments, calls, conversations, contacts] = await Promise.all([
    hasWords ? findWritten() : [],
    search.words !== null && search.from === null ? within((tx) => findComments(tx, owner, search)) : [],
    search.words === null ? [] : within((tx) => findCalls(tx, owner, search)),
    search.from === null ? within((tx) => findMatching(tx, owner, search)) : [],
    search.words !== null && search.conditions.length === 0 ? within((tx) => findContacts(tx, owner, search)) : [],
  ])
  const written = [...messages, ...comments].toSorted((a, b) => b.at.getTime() - a.at.getTime()).slice(0, searchPageMax)
  const ids = [
    ...new Set([...written, ...calls].map((hit) => hit.conversation_id).concat(conversations.map(({ id }) => id))),
  ]
  const rows = ids.length === 0 ? [] : await findConversations(db, owner.companyId, ids)
  const views = rows.length === 0 ? [] : await conversationViews(db, owner.companyId, rows, owner.teammateId)
  const viewById = new Map(rows.map((row, i) => [row.id, views[i]]))
  const hitOf = (hit: HitRow): SearchHit[] => {
    const conversation = viewById.get(hit.conversation_id)
    if (conversation === undefined) return []
    const id = formatId(hit.kind === "comment" ? "com" : "msg", hit.id)
    return [
      { conversation, kind: hit.kind, id, author: hit.author, at: seconds(hit.at), excerpt: excerptOf(hit.headline) },
    ]
  }
  return {
    messages: written.flatMap(hitOf),
    conversations: conversations.flatMap(({ id }) => viewById.get(id) ?? []),
    contacts,
    calls: calls.flatMap(hitOf),
    is_partial: isPartial,
  }
}

function excerptOf(headline: string): SearchHit["excerpt"] {
  return headline
    .split(hitBegin)
    .flatMap((piece, i) => {
      const [hit = "", rest = ""] = i === 0 ? ["", piece] : piece.split(hitEnd)
      return [
        { text: hit, is_hit: true },
        { text: rest, is_hit: false },
      ]
    })
    .filter(({ text }) => text !== "")
}

/** Walks comment_words. */
const findComments = (tx: Tx, owner: ListOwner, search: InboxSearch): Promise<HitRow[]> => {
  const where = among(owner, search)
    .add("comment.company_id = $1", [owner.companyId])
    .add("to_tsvector('simple', left(comment.text, 100000)) @@ to_tsquery('simple', $1)", [search.words])
  if (search.before !== null) where.add("comment.posted_at < $1", [search.before])
  if (search.after !== null) where.add("comment.posted_at > $1", [search.after])
  return tx.query<HitRow>({
    text: `select comment.conversation_id, 'comment' as kind, comment.id, comment.posted_at as at, ${headline("comment.text", `$${where.values.length + 1}`)} as headline,
             coalesce(nullif(trim(author.first_name || ' ' || author.last_name), ''), author.email, '') as author
           from comment
           join conversation on conversation.company_id = comment.company_id and conversation.id = comment.conversation_id
           left join teammate author on author.company_id = comment.company_id and author.id = comment.author_id
           where ${where.sql} order by comment.posted_at desc limit ${searchPageMax}`,
    values: [...where.values, search.words],
  })
}

const spoken =
  "(coalesce(call.summary, '') || ' ' || coalesce((select string_agg(line #>> '{}', ' ') from jsonb_path_query(call.transcript, '$[*].content') as line), ''))"

/** Walks call_words: the summary and the transcript. A call is a message too, under the same number. */
const findCalls = (tx: Tx, owner: ListOwner, search: InboxSearch): Promise<HitRow[]> => {
  const where = among(owner, search)
    .add("call.company_id = $1", [owner.companyId])
    .add(
      `(to_tsvector('simple', left(coalesce(call.summary, ''), 100000)) || jsonb_to_tsvector('simple', jsonb_path_query_array(coalesce(call.transcript, '[]'), '$[*].content'), '["string"]'))
         @@ to_tsquery('simple', $1)`,
      [search.words],
    )
  if (search.before !== null) where.add("call.started_at < $1", [search.before])
  if (search.after !== null) where.add("call.started_at > $1", [search.after])
  return tx.query<HitRow>({
    text: `select message.conversation_id, 'call' as kind, call.id, call.started_at as at, coalesce(call.name, call.handle) as author,
             ${headline(spoken, `$${where.values.length + 1}`)} as headline
           from call
           join message on message.company_id = call.company_id and message.id = call.id
           join conversation on conversation.company_id = message.company_id and conversation.id = message.conversation_id
           where ${where.sql} order by call.started_at desc limit ${searchPageMax}`,
    values: [...where.values, search.words],
  })
}

/**
 * Those whose subject or contact has the words, by conversation_subject, or contact_words and conversation_contact; without words, those that fit, for which
 * conversation_list is walked where nothing rarer narrows it.
 */
const findMatching = async (tx: Tx, owner: ListOwner, search: InboxSearch): Promise<{ id: number }[]> => {
  if (search.words === null && search.conditions.length === 0 && search.before === null && search.after === null)
    return []
  const where = among(owner, search)
  if (search.before !== null) where.add("conversation.activity_at < $1", [search.before])
  if (search.after !== null) where.add("conversation.activity_at > $1", [search.after])
  const newest = `order by activity_at desc, id desc limit ${searchPageMax}`
  if (search.words === null)
    return await tx.query({ text: `select id from conversation where ${where.sql} ${newest}`, values: where.values })
  const named = await findNamed(tx, owner.companyId, search.words)
  if (named.length === 0) return []
  where.add("conversation.id = any($1::bigint[])", [named])
  // Found first and sorted then: the order alone would have the whole list walked for them.
  return await tx.query({
    text: `with found as materialized (select id, activity_at from conversation where ${where.sql}) select id from found ${newest}`,
    values: where.values,
  })
}

/** Numbers of the conversations whose subject or contact has the words. */
async function findNamed(tx: Tx, companyId: number, words: string): Promise<number[]> {
  const rows = await tx.query<{ id: number }>({
    text: `(select id from conversation where company_id = $1 and type <> 'conversation'
              and to_tsvector('simple', left(subject, 100000)) @@ to_tsquery('simple', $2) limit ${namedMax})
           union
           (select conversation.id from (select id from contact where company_id = $1
              and to_tsvector('simple', coalesce(name, '')) @@ to_tsquery('simple', $2) limit ${namedMax}) known
            join conversation on conversation.company_id = $1 and conversation.contact_id = known.id)`,
    values: [companyId, words],
  })
  return rows.map(({ id }) => id)
}

/** By name (contact_words), or by how a handle begins (contact_handle_begins). A teammate's own contacts are theirs alone. */
async function findContacts(tx: Tx, owner: ListOwner, search: InboxSearch): Promise<SearchResults["contacts"]> {
  const rows = await tx.query<{ id: number; name: string | null; handles: string[]; conversation_id: number | null }>({
    text: `with found as (
             (select id from contact where company_id = $1 and to_tsvector('simple', coalesce(name, '')) @@ to_tsquery('simple', $2) limit ${namedMax})
             union
             (select contact_id from contact_handle where company_id = $1 and handle like $3 limit ${namedMax}))
           select contact.id, contact.name,
             array(select handle from contact_handle where contact_handle.company_id = $1 and contact_id = contact.id order by handle limit 5) as handles,
             (select conversation.id from conversation where conversation.company_id = $1 and conversation.contact_id = contact.id and conversation.merged_into is null
                and ${reachableBy("$4")} order by activity_at desc limit 1) as conversation_id
           from contact where company_id = $1 and id in (select id from found) and (owner_kind <> 'teammate' or owner_id = $5)
           order by updated_at desc, id desc limit ${searchPageMax}`,
    values: [
      owner.companyId,
      search.words,
      `${search.text.replace(/[\\%_]/g, "\\$&")}%`,
      owner.viewer,
      owner.teammateId,
    ],
  })
  return rows.map(({ id, name, handles, conversation_id }) => ({
    id: formatId("crd", id),
    name,
    handles,
    conversation_id: conversation_id === null ? null : formatId("cnv", conversation_id),
  }))
}
