import type { Database, Tx } from "../database/database.ts"
import type { Ids } from "../ids.ts"
import { appendEvents } from "../live/feed.ts"

/** What of a company's surroundings changed, as browsers hear it; ours, the vendor has no events for these. */
export type CompanyChange =
  | "contact_list_changed"
  | "custom_field_defined"
  | "inbox_changed"
  | "message_template_changed"
  | "shift_changed"
  | "signature_changed"
  | "tag_changed"
  | "team_changed"
  | "teammate_changed"

/** What the routes of the company's surroundings are made from. */
export interface ChangeDeps {
  db: Database
  ids: Ids
  /** Told after a commit: browsers have news. */
  committed(companyIds: Iterable<number>): void
}

/** Runs `work` in one transaction, tells the company's browsers as its last statement, and wakes them. `id` is the changed thing's, as the wire has it. */
export async function changeCompany<T extends { id: string }>(
  deps: ChangeDeps,
  companyId: number,
  type: CompanyChange,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  await deps.ids.reserve(1)
  const result = await deps.db.tx(async (tx) => {
    const changed = await work(tx)
    await appendEvents(tx, companyId, [{ id: deps.ids.take(), type, isPublic: false, target: { id: changed.id } }])
    return changed
  })
  deps.committed([companyId])
  return result
}
