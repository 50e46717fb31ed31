import type { ConversationRow, ConversationViewName } from "@causeway/contract/inbox"
import { useMutation, useQuery } from "@tanstack/react-query"
import { api } from "../../api.ts"
import { dispatch, useInbox } from "../../inbox-state.ts"
import { listOf } from "../../store.ts"
import { useWorkspace } from "../../workspace.ts"

export interface ListState {
  /** Null until the first page is there. */
  rows: ConversationRow[] | null
  /** How many there are in all; null while unknown. */
  total: number | null
  error: Error | null
  hasMore: boolean
  isLoadingMore: boolean
  reload(): void
  loadMore(): void
}

/** One view's conversations: read a page at a time, kept current by the live stream. */
export function useList(view: ConversationViewName): ListState {
  const { me, live } = useWorkspace()
  const rows = useInbox((state) => listOf(state, view, me))
  const next = useInbox((state) => state.lists[view]?.next ?? null)
  const total = useInbox((state) => state.counts?.[view] ?? null)
  const read = async (before: string | null): Promise<null> => {
    const page = await api.conversations(view, before)
    dispatch({ type: "list", view, page, me })
    live.start(page.cursor)
    return null
  }
  const first = useQuery({ queryKey: ["list", view], queryFn: () => read(null) })
  const more = useMutation({ mutationFn: read })
  return {
    rows,
    total,
    error: rows === null ? first.error : more.error,
    hasMore: next !== null,
    isLoadingMore: more.isPending,
    reload: () => void (rows === null ? first.refetch() : more.mutate(next)),
    loadMore: () => {
      if (next !== null && !more.isPending) more.mutate(next)
    },
  }
}
