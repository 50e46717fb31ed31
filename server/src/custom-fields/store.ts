import { formatId, parseId } from "@causeway/contract/ids"
import type { CustomField, FieldChoice, FieldResource, FieldType } from "@causeway/contract/resources/custom-field"
import type { Tx } from "../database/database.ts"
import { notFound } from "../http/errors.ts"

export interface FieldRow {
  id: number
  resource: FieldResource
  name: string
  description: string
  type: FieldType
  options: FieldChoice[] | null
}

const columns = "id, resource, name, description, type, options"

/** The definitions of a resource, oldest first; few, so sorting what custom_field_name finds costs nothing. */
export const listCustomFields = (tx: Tx, companyId: number, resource: FieldResource): Promise<FieldRow[]> =>
  tx.query<FieldRow>({
    name: "custom_fields.list",
    text: `select ${columns} from custom_field where company_id = $1 and resource = $2 order by id`,
    values: [companyId, resource],
  })

/** By `fld_…`; 404 when the company has none. */
export async function getCustomField(tx: Tx, companyId: number, reference: string): Promise<FieldRow> {
  const id = parseId("fld", reference)
  const rows =
    id === null
      ? []
      : await tx.query<FieldRow>({
          name: "custom_fields.find",
          text: `select ${columns} from custom_field where company_id = $1 and id = $2`,
          values: [companyId, id],
        })
  if (rows[0] === undefined) throw notFound("custom field", reference)
  return rows[0]
}

/** False when the resource has a field of this name already. */
export async function insertCustomField(tx: Tx, companyId: number, field: FieldRow): Promise<boolean> {
  const rows = await tx.query({
    text: `insert into custom_field (company_id, id, resource, name, description, type, options) values ($1, $2, $3, $4, $5, $6, $7)
           on conflict (company_id, resource, name) do nothing returning id`,
    values: [
      companyId,
      field.id,
      field.resource,
      field.name,
      field.description,
      field.type,
      field.options && JSON.stringify(field.options),
    ],
  })
  return rows.length > 0
}

export async function saveCustomField(tx: Tx, companyId: number, field: FieldRow): Promise<void> {
  await tx.query({
    text: "update custom_field set name = $3, description = $4, options = $5, updated_at = now() where company_id = $1 and id = $2",
    values: [companyId, field.id, field.name, field.description, field.options && JSON.stringify(field.options)],
  })
}

export async function removeCustomField(tx: Tx, companyId: number, id: number): Promise<void> {
  await tx.query({ text: "delete from custom_field where company_id = $1 and id = $2", values: [companyId, id] })
}

/** Where the values of each resource are; accounts have no table. */
const valuesOf: Partial<Record<FieldResource, string>> = {
  contact: "contact",
  conversation: "conversation",
  inbox: "inbox",
  link: "link",
  teammate: "teammate",
}

/** Moves the values of a field to another name, or drops them (null). Reads every row of the company: somebody redefines a field rarely. */
export async function renameValues(
  tx: Tx,
  companyId: number,
  field: { resource: FieldResource; name: string },
  name: string | null,
): Promise<void> {
  const table = valuesOf[field.resource]
  if (table === undefined) return
  const without = "custom_fields - $2::text"
  const renamed = `${without} || jsonb_build_object($3::text, custom_fields -> $2::text)`
  // Locked in the order of their ids, as everybody locks contacts and conversations: two who wait for each other would both fail.
  await tx.query({
    text: `with holder as (select id from ${table} where company_id = $1 and custom_fields ? $2::text order by id for no key update)
           update ${table} set custom_fields = ${name === null ? without : renamed} from holder
           where ${table}.company_id = $1 and ${table}.id = holder.id`,
    values: name === null ? [companyId, field.name] : [companyId, field.name, name],
  })
}

/** The vendor's CustomField. */
export function customFieldResource(field: FieldRow, origin: string): CustomField {
  const id = formatId("fld", field.id)
  return {
    _links: { self: `${origin}/custom_fields/${id}` },
    id,
    name: field.name,
    description: field.description,
    type: field.type,
    ...(field.options !== null && { values: field.options }),
  }
}
