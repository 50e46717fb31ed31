import { parseId } from "@causeway/contract/ids"
import { handleSources } from "@causeway/contract/resources/contact"
import { normaliseHandle } from "../contacts/handles.ts"
import type { Tx } from "../database/database.ts"
import { invalid } from "../http/errors.ts"
import { resolveTeammate } from "../teammates/store.ts"

/** `words` is text for websearch: words and "phrases"; null without any. Filters come in the order in which they were written. */
export interface SearchQuery {
  words: string | null
  filters: { name: FilterName; value: string }[]
}

const filterNames = [
  "inbox",
  "tag",
  "topic",
  "link",
  "contact",
  "recipient",
  "from",
  "to",
  "cc",
  "bcc",
  "assignee",
  "participant",
  "author",
  "mention",
  "commenter",
  "is",
  "before",
  "after",
  "during",
  "custom_field",
] as const
export type FilterName = (typeof filterNames)[number]

const filtersMax = 20

/**
 * Reads a search: words, "phrases", and `name:value` or `name:"value with spaces"`. What has a colon and no filter's name before it is words. Source: the
 * vendor's page on search. Throws 400 when it holds nothing to search for.
 */
export function parseSearch(text: string): SearchQuery {
  const filters: SearchQuery["filters"] = []
  const words: string[] = []
  for (const [piece, name, quoted, bare] of text.matchAll(/([a-z_]+):(?:"([^"]*)"|(\S+))|"[^"]*"|\S+/g)) {
    const filter = filterNames.find((known) => known === name)
    if (filter === undefined) words.push(piece)
    else filters.push({ name: filter, value: quoted ?? bare ?? "" })
  }
  if (filters.length > filtersMax) throw invalid("query", `has more than ${filtersMax} filters`)
  if (words.length === 0 && filters.length === 0) throw invalid("query", "is empty")
  return { words: words.length === 0 ? null : words.join(" "), filters }
}

/** One condition on conversations in SQL, over `conversation`. `$n` in it stands for its values, which are numbered from 1. */
export interface Condition {
  sql: string
  values: unknown[]
}

/** A condition that some message of the conversation has to meet, over `message`; an index finds those messages. */
export type MessageCondition = Condition

const wordsIndex = "to_tsvector('simple', left(message.subject || ' ' || message.text, 100000))"
const handlesIndex = "jsonb_path_query_array(message.recipients, '$[*].handle')"

/** Walks message_words. */
export const wordsCondition = (words: string): MessageCondition => ({
  sql: `${wordsIndex} @@ websearch_to_tsquery('simple', $1)`,
  values: [words],
})

/** The same words in the subject of a discussion or a task. Walks conversation_subject. */
export const subjectCondition = (words: string): Condition => ({
  sql: "conversation.type <> 'conversation' and to_tsvector('simple', left(conversation.subject, 100000)) @@ websearch_to_tsquery('simple', $1)",
  values: [words],
})

const handleFilters = ["recipient", "from", "to", "cc", "bcc"] as const
type HandleFilter = (typeof handleFilters)[number]

export const isHandleFilter = (name: FilterName): name is HandleFilter =>
  (handleFilters as readonly string[]).includes(name)

/** Walks message_handles. A handle is looked for in every form in which a source would keep it. */
export function handleCondition(name: HandleFilter, value: string): MessageCondition {
  const handles = [...new Set([value, ...handleSources.map((source) => normaliseHandle(source, value))])]
  if (name === "recipient") return { sql: `${handlesIndex} ?| $1::text[]`, values: [handles] }
  const parts = handles.map((handle) => JSON.stringify([{ role: name, handle }]))
  return {
    sql: `${handlesIndex} ?| $1::text[] and message.recipients @> any($2::jsonb[])`,
    values: [handles, parts],
  }
}

/** The vendor's words, explained by its staff: open, archived, trashed and snoozed exclude one another, and so do assigned and unassigned. */
const states: Record<string, string> = {
  open: "conversation.status = 'open'",
  archived:
    "conversation.status = 'archived' and not exists (select from conversation_reminder reminder where reminder.company_id = conversation.company_id and reminder.conversation_id = conversation.id)",
  snoozed:
    "conversation.status = 'archived' and exists (select from conversation_reminder reminder where reminder.company_id = conversation.company_id and reminder.conversation_id = conversation.id)",
  trashed: "conversation.status in ('deleted', 'spam')",
  spam: "conversation.status = 'spam'",
  assigned: "conversation.assignee_id is not null",
  unassigned: "conversation.assignee_id is null",
  unreplied: "conversation.preview_direction = 'inbound' and conversation.last_message_id is not null",
  waiting: "conversation.waiting_since is not null",
  resolved: "conversation.status = 'archived'",
}

/** Over days in UTC: `during` is the day that its time falls on. */
const dayMs = 24 * 60 * 60 * 1000

/** A filter on the conversation itself. Throws 400 for a value that makes no sense; an id that leads nowhere finds nothing. */
export async function conversationCondition(
  tx: Tx,
  companyId: number,
  { name, value }: { name: FilterName; value: string },
): Promise<Condition> {
  const among = (table: string, column: string, id: number | null): Condition => ({
    sql: `exists (select from ${table} part where part.company_id = conversation.company_id and part.conversation_id = conversation.id and part.${column} = $1)`,
    values: [id],
  })
  switch (name) {
    case "inbox":
      return { sql: "conversation.inbox_id = $1", values: [parseId("inb", value)] }
    case "contact":
      return { sql: "conversation.contact_id = $1", values: [await contactId(tx, companyId, value)] }
    case "tag":
      return among("conversation_tag", "tag_id", parseId("tag", value))
    case "topic":
    case "link":
      return among("conversation_link", "link_id", parseId("top", value))
    case "assignee":
    case "author":
    case "commenter":
    case "mention":
    case "participant":
      return teammateCondition(name, (await resolveTeammate(tx, companyId, value))?.id ?? null)
    case "is": {
      const sql = Object.hasOwn(states, value) ? states[value] : undefined
      if (sql === undefined)
        throw invalid(
          "query",
          `filters by ${name}:${value.slice(0, 40)}, which is none of: ${Object.keys(states).join(", ")}`,
        )
      return { sql, values: [] }
    }
    case "before":
      return { sql: "conversation.activity_at < $1", values: [readTime(name, value)] }
    case "after":
      return { sql: "conversation.activity_at > $1", values: [readTime(name, value)] }
    case "during": {
      const start = Math.floor(readTime(name, value).getTime() / dayMs) * dayMs
      return {
        sql: "conversation.activity_at >= $1 and conversation.activity_at < $2",
        values: [new Date(start), new Date(start + dayMs)],
      }
    }
    case "custom_field":
      return customFieldCondition(value)
    default:
      throw new Error(`${name} is a filter on messages`)
  }
}

const written =
  "select from message part where part.company_id = conversation.company_id and part.conversation_id = conversation.id"
const said =
  "select from comment part where part.company_id = conversation.company_id and part.conversation_id = conversation.id"
const followed =
  "select from conversation_follower part where part.company_id = conversation.company_id and part.conversation_id = conversation.id"

/** Who participates has it, follows it, or wrote in it. */
const teammateConditions = {
  assignee: "conversation.assignee_id = $1",
  author: `exists (${written} and part.author_id = $1)`,
  commenter: `exists (${said} and part.author_id = $1)`,
  mention: `exists (${said} and $1 = any(part.mentions))`,
  participant: `(conversation.assignee_id = $1 or exists (${followed} and part.teammate_id = $1) or exists (${written} and part.author_id = $1)
    or exists (${said} and part.author_id = $1))`,
}

const teammateCondition = (name: keyof typeof teammateConditions, id: number | null): Condition => ({
  sql: teammateConditions[name].replaceAll("$1", "$1::bigint"),
  values: [id],
})

async function contactId(tx: Tx, companyId: number, value: string): Promise<number | null> {
  const alias = /^alt:([a-z_]+):(.+)$/s.exec(value)
  if (alias === null) return parseId("crd", value)
  const source = handleSources.find((known) => known === alias[1])
  if (source === undefined) return null
  const rows = await tx.query<{ contact_id: number }>({
    name: "search.contact",
    text: `select contact_id from contact_handle where company_id = $1 and source = $2 and handle = $3 collate "C"`,
    values: [companyId, source, normaliseHandle(source, alias[2] as string)],
  })
  return rows[0]?.contact_id ?? null
}

function readTime(name: string, value: string): Date {
  const time = /^\d{1,11}(\.\d{1,3})?$/.test(value) ? new Date(Math.round(Number(value) * 1000)) : null
  if (time === null || Number.isNaN(time.getTime()))
    throw invalid("query", `filters by ${name}, which must be a time in seconds since 1970`)
  return time
}

/** `custom_field:"name=value"`: the value as it is written, whatever its type. */
function customFieldCondition(value: string): Condition {
  const [, name, wanted] = /^([^=]+)=(.*)$/s.exec(value) ?? []
  if (name === undefined) throw invalid("query", 'filters by custom_field, which must be "name=value"')
  return { sql: "conversation.custom_fields ->> $1::text = $2::text", values: [name, wanted] }
}
