import type { SearchResults } from "@causeway/contract/endpoints/inbox-search"
import type { ConversationRow } from "@causeway/contract/inbox"
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useDeferredValue } from "react"
import { ApiError, request } from "../../api.ts"
import { nameOfTeammate, useTags, useTeammates } from "../../directory.ts"
import { inboxState, useInbox } from "../../inbox-state.ts"
import { useWorkspace } from "../../workspace.ts"
import { useInboxes } from "../List/useSections.ts"
import { type Known, parseTyped, resolve, type Typed } from "./query.ts"

export type Found =
  | { state: "nothing-asked" | "loading" }
  | { state: "failed"; retry(): void }
  /** What this device holds has the words; without a server nothing else can be looked into. */
  | { state: "local"; rows: ConversationRow[] }
  | { state: "found"; results: SearchResults; isOld: boolean }

/** An answer in part came while the server had much else to do, or had to read from its disk what it has in memory now: it is asked for so often in all. */
const askedMax = 3
const againMs = 2_000

export interface Asked {
  typed: Typed
  /** Which of the filters name something that there is. */
  known: readonly boolean[]
}

function useKnown(): Known {
  const { me } = useWorkspace()
  const channels = useInbox((state) => [...state.channels.values()])
  const teammates = useTeammates().data ?? []
  return {
    channels,
    inboxes: useInboxes() ?? [],
    tags: useTags().data ?? [],
    teammates: teammates.map((teammate) => ({ id: teammate.id, name: nameOfTeammate(teammate) })),
    me,
  }
}

/** What the text finds, asked for while it is typed. */
export function useSearch(text: string): Asked & { found: Found } {
  const known = useKnown()
  const typed = parseTyped(useDeferredValue(text))
  const resolved = typed.filters.map((filter) => resolve(filter, known))
  const params = new URLSearchParams(resolved.filter((pair) => pair !== null))
  if (typed.words !== "") params.set("q", typed.words)
  const asked = params.toString()
  const query = useQuery({
    queryKey: ["search", asked],
    queryFn: () => request<SearchResults>(`/causeway/search?${asked}`),
    enabled: asked !== "",
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    refetchInterval: ({ state }) => (state.data?.is_partial && state.dataUpdateCount < askedMax ? againMs : false),
  })
  return { typed, known: resolved.map((pair) => pair !== null), found: foundOf() }

  function foundOf(): Found {
    if (asked === "") return { state: "nothing-asked" }
    if (query.error instanceof ApiError && query.error.isTemporary)
      return { state: "local", rows: localRows(typed.words) }
    if (query.error !== null) return { state: "failed", retry: () => void query.refetch() }
    if (query.data === undefined) return { state: "loading" }
    return { state: "found", results: query.data, isOld: query.isPlaceholderData }
  }
}

const localMax = 20

/** The newest conversations of this page whose preview, subject or contact has every word. */
function localRows(text: string): ConversationRow[] {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  return [...inboxState.get().conversations.values()]
    .filter((row) => {
      const said = `${row.contact.name ?? ""} ${row.contact.handle} ${row.subject} ${row.preview}`.toLocaleLowerCase()
      return words.every((word) => said.includes(word))
    })
    .sort((a, b) => b.activity_at - a.activity_at)
    .slice(0, localMax)
}
