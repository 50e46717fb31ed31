import type { Tx } from "../database/database.ts"
import type { TagRow } from "./store.ts"

/** Deletes a tag: off every conversation, and what was under it moves up to where it was. Its rules find it gone and leave it out. */
export async function removeTag(tx: Tx, companyId: number, tag: TagRow): Promise<void> {
  await tx.query({
    text: "update tag set parent_id = $3, updated_at = now() where company_id = $1 and parent_id = $2",
    values: [companyId, tag.id, tag.parent_id],
  })
  // walks conversation_tag_tag
  await tx.query({
    text: "delete from conversation_tag where company_id = $1 and tag_id = $2",
    values: [companyId, tag.id],
  })
  await tx.query({ text: "delete from tag where company_id = $1 and id = $2", values: [companyId, tag.id] })
}
