import { useMutation, useQuery } from "@tanstack/react-query"
import { useEffect } from "react"
import { ApiError, api } from "../../api.ts"
import { dispatch, useInbox } from "../../inbox-state.ts"
import { type Layout, type ListQuery, listKey, missingPage, type PageFrom } from "../../lists.ts"
import { listOf } from "../../store.ts"
import { useWorkspace } from "../../workspace.ts"

export interface ListState {
  /** Null until the first page is there. */
  layout: Layout | null
  error: "unreachable" | "forbidden" | null
  reload(): void
  /** Sees to it that the rows from one place to another (included) are read. */
  need(first: number, last: number): void
}

const staleDelayMs = 400

/** One list: read a stretch at a time, kept current by the live stream. */
export function useList(query: ListQuery): ListState {
  const { me, live } = useWorkspace()
  const layout = useInbox((state) => listOf(state, query, me))
  const key = listKey(query)
  const read = async (from: PageFrom, limit?: number): Promise<null> => {
    const page = await api.conversations(query, from, limit)
    dispatch({ type: "list", query, from, page })
    live.start(page.cursor)
    return null
  }
  const first = useQuery({ queryKey: ["list", key], queryFn: () => read({ from: "top" }) })
  const more = useMutation({ mutationFn: (from: PageFrom) => read(from) })
  const { reset } = more
  // biome-ignore lint/correctness/useExhaustiveDependencies: what went wrong with one list says nothing of another
  useEffect(reset, [key])
  useFreshTotals(() => read({ from: "top" }, 1))
  const error = layout === null ? first.error : more.error
  return {
    layout,
    error: error === null ? null : error instanceof ApiError && error.status === 403 ? "forbidden" : "unreachable",
    reload: () => (layout === null ? void first.refetch() : more.reset()),
    need(from, to) {
      if (layout === null || more.isPending || more.error !== null) return
      const page = missingPage(layout, from, to)
      if (page !== null) more.mutate(page)
    },
  }
}

/** Asks again how many there are, a moment after something moved that only the server has counted. */
function useFreshTotals(ask: () => Promise<unknown>): void {
  const isStale = useInbox((state) => state.countsAreStale)
  // biome-ignore lint/correctness/useExhaustiveDependencies: whichever list is shown when it becomes stale
  useEffect(() => {
    if (!isStale) return
    // When it fails the next change asks again.
    const timer = setTimeout(() => ask().catch(() => {}), staleDelayMs)
    return () => clearTimeout(timer)
  }, [isStale])
}
