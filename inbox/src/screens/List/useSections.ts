import { useQuery } from "@tanstack/react-query"
import { api } from "../../api.ts"

interface Named {
  id: string
  name: string
}

const freshMs = 60_000

/** The inboxes that are open to the teammate; null until they are there. */
export function useInboxes(): readonly Named[] | null {
  return useQuery({ queryKey: ["inboxes"], queryFn: api.inboxes, staleTime: freshMs }).data ?? null
}

/** The tags that the teammate may use, by name; null until they are there. */
export function useTags(): readonly (Named & { highlight: string | null })[] | null {
  return useQuery({ queryKey: ["tags"], queryFn: api.tags, staleTime: freshMs }).data ?? null
}
