import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query"
import { type BookQuery, bookKey, contacts } from "../../contacts.ts"

/** The pages of contacts that are read so far. While other words are looked for, what was there stays. */
export function useBook(query: BookQuery) {
  const found = useInfiniteQuery({
    queryKey: [...bookKey, "book", query],
    queryFn: ({ pageParam }) => contacts.browse(query, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  })
  const pages = found.data?.pages ?? []
  return {
    state: found.data !== undefined ? ("there" as const) : found.isError ? ("failed" as const) : ("loading" as const),
    entries: pages.flatMap((page) => page.contacts),
    total: pages[0]?.total ?? null,
    hasMore: found.hasNextPage,
    readOn: () => {
      if (!found.isFetching) void found.fetchNextPage()
    },
    retry: found.refetch,
  }
}
