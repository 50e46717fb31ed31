import { useSearch } from "@tanstack/react-router"
import type { BookQuery } from "../../contacts.ts"
import type { ContactsAddress } from "../../router.tsx"

/** What the address says is shown: the same as it stands there, for links, and as a question to the server. */
export function useAddress(): { address: ContactsAddress; query: BookQuery } {
  const address = useSearch({ strict: false }) as ContactsAddress
  const { q, list, by } = address
  return {
    address,
    query: { q: q === undefined ? "" : String(q), list: list ?? null, sort: by === "change" ? "updated" : "name" },
  }
}
