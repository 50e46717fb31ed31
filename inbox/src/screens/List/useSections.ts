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
