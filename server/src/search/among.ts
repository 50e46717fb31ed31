import type { SearchHit } from "@causeway/contract/endpoints/inbox-search"
import { reachableBy } from "../conversations/reach.ts"
import type { ListOwner } from "../conversations/views.ts"
import { type InboxSearch, Where } from "./query.ts"

/** What was found, with its author and a piece of its text in which the words are between `hitBegin` and `hitEnd`. */
export interface HitRow {
  conversation_id: number
  kind: SearchHit["kind"]
  id: number
  author: string
  at: Date
  headline: string
}

export const [hitBegin, hitEnd] = ["\u0001", "\u0002"]
const headlineOptions = `StartSel=${hitBegin}, StopSel=${hitEnd}, MaxWords=24, MinWords=12`

/** The conversations that a search is among. */
export const among = (owner: ListOwner, search: InboxSearch): Where => {
  const where = new Where()
    .add("conversation.company_id = $1 and conversation.merged_into is null", [owner.companyId])
    .add(reachableBy("$1"), [owner.viewer])
  for (const { sql, values } of search.conditions) where.add(sql, values)
  return where
}

export const headline = (text: string, query: string): string =>
  `ts_headline('simple', left(${text}, 20000), to_tsquery('simple', ${query}), '${headlineOptions}')`
