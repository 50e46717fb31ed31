import { formatId } from "@causeway/contract/ids"
import { type ChangeDeps, changeCompany } from "../company/changes.ts"
import type { Tx } from "../database/database.ts"
import { defaultOwner, holdOwner, lockCompany } from "../teams/store.ts"
import { insertTag } from "./store.ts"

/** The tags that are called so, of those that everybody sees; unknown ones are made (the vendor does so for imported messages). Each once. */
export async function tagsByName(deps: ChangeDeps, companyId: number, names: readonly string[]): Promise<number[]> {
  const wanted = [...new Set(names)]
  const found = await find(deps.db, companyId, wanted)
  for (const name of wanted) if (!found.has(name)) found.set(name, await make(deps, companyId, name))
  return [...found.values()]
}

/** The oldest of each name. Walks the primary key of the company's tags. */
async function find(tx: Tx, companyId: number, names: readonly string[]): Promise<Map<string, number>> {
  if (names.length === 0) return new Map()
  const rows = await tx.query<{ name: string; id: number }>({
    name: "tags.by_name",
    text: `select distinct on (name) name, id from tag where company_id = $1 and name = any($2::text[]) and owner_kind <> 'teammate' order by name, id`,
    values: [companyId, names],
  })
  return new Map(rows.map((row) => [row.name, row.id]))
}

/** The company's lock makes one of two copies wait, and then find what the other made. */
async function make(deps: ChangeDeps, companyId: number, name: string): Promise<number> {
  await deps.ids.reserve(1)
  const id = deps.ids.take()
  const { tagId } = await changeCompany(deps, companyId, "tag_changed", async (tx) => {
    await lockCompany(tx, companyId)
    const tagId = (await find(tx, companyId, [name])).get(name)
    if (tagId !== undefined) return { id: formatId("tag", tagId), tagId }
    const owner = await defaultOwner(tx, companyId)
    await holdOwner(tx, companyId, owner)
    const tag = { description: null, highlight: null, is_private: false, is_visible_in_conversation_lists: false }
    await insertTag(tx, companyId, { ...tag, id, name, parent_id: null, owner_kind: owner.kind, owner_id: owner.id })
    return { id: formatId("tag", id), tagId: id }
  })
  return tagId
}
