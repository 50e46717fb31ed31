import { countedMax, type MergePreview } from "@causeway/contract/endpoints/contact-book"
import type { MergeContacts } from "@causeway/contract/endpoints/contacts"
import { formatId } from "@causeway/contract/ids"
import type { Tx } from "../database/database.ts"
import { planMerge } from "./merge.ts"

/** What a merge would make, by the same plan; as of now, and nothing is held. Notes and conversations are counted along their contacts' indexes. */
export async function previewMerge(
  tx: Tx,
  companyId: number,
  viewer: number | null,
  body: MergeContacts,
): Promise<MergePreview> {
  const { target, others, values } = await planMerge(tx, companyId, viewer, body)
  const all = [target, ...others]
  const [counts] = await tx.query<{ conversation_count: number; note_count: number }>({
    name: "contacts.preview_counts",
    text: `select (select count(*)::int from (select from conversation where company_id = $1 and contact_id = any($2::bigint[]) and merged_into is null limit ${countedMax}) counted)
               as conversation_count,
             (select count(*)::int from contact_note where company_id = $1 and contact_id = any($2::bigint[])) as note_count`,
    values: [companyId, all.map(({ id }) => id)],
  })
  const handles = new Map(all.flatMap((contact) => contact.handles).map((one) => [`${one.source}\n${one.handle}`, one]))
  return {
    contact: {
      id: formatId("crd", target.id),
      name: values.name,
      description: values.description,
      handles: [...handles.values()],
      links: values.links,
      lists: [...new Map(all.flatMap(({ lists }) => lists).map(({ id, name }) => [id, name])).values()],
      custom_fields: values.custom_fields,
      is_private: values.owner_kind === "teammate",
    },
    conversation_count: counts?.conversation_count ?? 0,
    note_count: counts?.note_count ?? 0,
    gone: others.map(({ id, name }) => ({ id: formatId("crd", id), name })),
  }
}
