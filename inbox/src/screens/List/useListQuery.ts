import type { ConversationViewName, ListSort } from "@causeway/contract/inbox"
import { useNavigate, useParams, useSearch } from "@tanstack/react-router"
import { useMemo } from "react"
import { type ListQuery, listKey, plainList } from "../../lists.ts"

/** What the address says beside the view: an order, and what the list is narrowed to. */
export interface ListSearch {
  sort?: ListSort
  inbox?: string
  channel?: string
  tag?: string
  assignee?: string
}

const patterns: Record<keyof ListSearch, RegExp> = {
  sort: /^(oldest|waiting)$/,
  inbox: /^inb_[0-9a-z]+$/,
  channel: /^cha_[0-9a-z]+$/,
  tag: /^tag_[0-9a-z]+$/,
  assignee: /^tea_[0-9a-z]+$/,
}

/** Whatever an address says that makes no sense is left out. */
export function readListSearch(search: Record<string, unknown>): ListSearch {
  const entries = Object.entries(patterns).flatMap(([name, pattern]) => {
    const value = search[name]
    return typeof value === "string" && pattern.test(value) ? [[name, value]] : []
  })
  return Object.fromEntries(entries) as ListSearch
}

/** The list that the address names. The same object for the same list. */
export function useListQuery(): ListQuery {
  const { view = "open" } = useParams({ strict: false }) as { view?: ConversationViewName }
  const { sort = "newest", inbox = null, channel = null, tag = null, assignee = null } = useSearch({ strict: false })
  const query: ListQuery = { ...plainList(view), sort, inbox, channel, tag, assignee }
  // biome-ignore lint/correctness/useExhaustiveDependencies: equal keys are equal lists
  return useMemo(() => query, [listKey(query)])
}

/** Goes to the same view with another order or narrowing; undefined takes one away. */
export function useNarrow(): (change: { [Name in keyof ListSearch]?: ListSearch[Name] | undefined }) => void {
  const navigate = useNavigate()
  const { view } = useListQuery()
  return (change) =>
    void navigate({
      to: "/inbox/$view",
      params: { view },
      search: (previous) => readListSearch({ ...previous, ...change }),
    })
}
