import { searchStates } from "@causeway/contract/endpoints/inbox-search"
import { type IdPrefix, parseId } from "@causeway/contract/ids"
import { normaliseHandle } from "../contacts/handles.ts"
import { invalid } from "../http/errors.ts"

/** What the inbox looks for. */
export interface InboxSearch {
  /** For to_tsquery: every word, the last one as a beginning. Null: none. */
  words: string | null
  /** The longest of the words that are letters alone. Null: none. */
  longest: string | null
  /** The words as they were typed, for handles. */
  text: string
  /** What the conversations have to be; `$n` stands for the values, which follow each other. Empty: anything. */
  conditions: { sql: string; values: unknown[] }[]
  /** What the messages have to be. */
  from: string[] | null
  before: Date | null
  after: Date | null
}

interface Given {
  q?: string | undefined
  channel_id?: string | undefined
  inbox_id?: string | undefined
  tag_id?: string | undefined
  assignee_id?: string | undefined
  from?: string | undefined
  is?: string | undefined
  before?: string | undefined
  after?: string | undefined
}

const wordsMax = 12

const states: Record<(typeof searchStates)[number], string> = {
  open: "conversation.status = 'open'",
  unassigned: "conversation.status = 'open' and conversation.assignee_id is null",
  assigned: "conversation.status = 'open' and conversation.assignee_id is not null",
  archived: "conversation.status = 'archived'",
  snoozed:
    "conversation.status = 'archived' and exists (select from conversation_reminder reminder where reminder.company_id = conversation.company_id and reminder.conversation_id = conversation.id)",
  trashed: "conversation.status in ('deleted', 'spam')",
  failed: "conversation.failed_count > 0",
  unread: `conversation.status = 'open' and conversation.last_inbound > coalesce((select number from conversation_read known
    where known.company_id = conversation.company_id and known.conversation_id = conversation.id and known.teammate_id = $1), 0)`,
  waiting: "conversation.status = 'open' and conversation.waiting_since is not null",
}

/** Throws 400 for what makes no sense; ids that lead nowhere find nothing. */
export function readInboxSearch(given: Given, teammateId: number): InboxSearch {
  const words = [...(given.q ?? "").matchAll(/[\p{L}\p{M}\p{N}]+/gu)].map(([word]) => word).slice(0, wordsMax)
  const conditions: InboxSearch["conditions"] = []
  const only = (name: keyof Given, prefix: IdPrefix, sql: string): void => {
    const reference = given[name]
    if (reference === undefined) return
    const id = parseId(prefix, reference)
    if (id === null) throw invalid(`query.${name}`, "is no id of its kind")
    conditions.push({ sql, values: [id] })
  }
  only("channel_id", "cha", "conversation.channel_id = $1")
  only("inbox_id", "inb", "conversation.inbox_id = $1")
  only("assignee_id", "tea", "conversation.assignee_id = $1")
  only(
    "tag_id",
    "tag",
    "exists (select from conversation_tag carried where carried.company_id = conversation.company_id and carried.conversation_id = conversation.id and carried.tag_id = $1)",
  )
  if (given.is !== undefined) {
    const name = searchStates.find((state) => state === given.is)
    if (name === undefined) throw invalid("query.is", `must be one of: ${searchStates.join(", ")}`)
    conditions.push({ sql: states[name], values: name === "unread" ? [teammateId] : [] })
  }
  const { from } = given
  return {
    words: words.length === 0 ? null : `${words.join(" & ")}:*`,
    longest: words.filter((word) => /^\p{L}+$/u.test(word)).toSorted((a, b) => b.length - a.length)[0] ?? null,
    text: (given.q ?? "").trim(),
    conditions,
    from:
      from === undefined
        ? null
        : [
            ...new Set([
              from,
              ...(["email", "phone", "custom"] as const).map((source) => normaliseHandle(source, from)),
            ]),
          ],
    before: readTime(given.before, "query.before"),
    after: readTime(given.after, "query.after"),
  }
}

function readTime(text: string | undefined, field: string): Date | null {
  if (text === undefined) return null
  if (!/^\d{1,11}$/.test(text)) throw invalid(field, "must be a time in seconds since 1970")
  return new Date(Number(text) * 1000)
}

/** Pieces of SQL and their values, numbered as they are added. */
export class Where {
  readonly values: unknown[] = []
  private readonly pieces: string[] = []

  /** `$1`, `$2` … in `sql` are its own values. */
  add(sql: string, values: readonly unknown[] = []): this {
    const first = this.values.length
    this.pieces.push(`(${sql.replace(/\$(\d+)/g, (_, n: string) => `$${first + Number(n)}`)})`)
    this.values.push(...values)
    return this
  }

  /** The same pieces, to which others can be added. */
  copy(): Where {
    const copy = new Where()
    copy.values.push(...this.values)
    copy.pieces.push(...this.pieces)
    return copy
  }

  get sql(): string {
    return this.pieces.join(" and ")
  }
}
