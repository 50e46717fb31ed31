import { formatId } from "@causeway/contract/ids"
import type { Principal } from "../http/callers.ts"
import { forbidden } from "../http/errors.ts"
import { refuseObserver, requireAdmin } from "../teammates/roles.ts"

/** Whose a tag, a message template or a folder is: the whole company's, a team's, or one teammate's own (private). */
export type Owner = { kind: "company"; id: null } | { kind: "team" | "teammate"; id: number }

/** The same as two columns. */
export interface OwnerColumns {
  owner_kind: Owner["kind"]
  owner_id: number | null
}

export const wholeCompany: Owner = { kind: "company", id: null }

export const ownerOf = (row: OwnerColumns): Owner =>
  row.owner_kind === "company" ? wholeCompany : { kind: row.owner_kind, id: row.owner_id as number }

/** The vendor's `_links.related.owner`: null for what is the company's. */
export function ownerLink({ owner_kind, owner_id }: OwnerColumns, origin: string): string | null {
  if (owner_id === null) return null
  return owner_kind === "team"
    ? `${origin}/teams/${formatId("tim", owner_id)}`
    : `${origin}/teammates/${formatId("tea", owner_id)}`
}

/** The teammate who looks: of what is private they see their own. Null for a token, which sees everything of its company. */
export const viewerOf = (principal: Principal): number | null =>
  principal.kind === "session" ? principal.teammateId : null

/** The condition that goes with `viewerOf`, whose value is `parameter`. */
export const visibleTo = (parameter: string): string =>
  `(owner_kind <> 'teammate' or ${parameter}::bigint is null or owner_id = ${parameter})`

/** 403 unless the caller may change what `owner` has: an admin what is shared, everybody but an observer what is their own, a token all of it. */
export function requireOwner(principal: Principal, owner: Owner): void {
  if (principal.kind !== "session") return
  if (owner.kind !== "teammate") requireAdmin(principal)
  else if (owner.id !== principal.teammateId) throw forbidden("This is another teammate's own")
  else refuseObserver(principal)
}
