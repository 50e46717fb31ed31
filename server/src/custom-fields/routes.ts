import {
  type CustomFieldChange,
  createCustomField,
  customFieldLists,
  deleteCustomField,
  updateCustomField,
} from "@causeway/contract/endpoints/custom-fields"
import { formatId } from "@causeway/contract/ids"
import { customFieldsMax } from "@causeway/contract/limits"
import type { FieldChoice, FieldType } from "@causeway/contract/resources/custom-field"
import { type ChangeDeps, changeCompany } from "../company/changes.ts"
import { HttpError, invalid } from "../http/errors.ts"
import { wholeList } from "../http/lists.ts"
import { type Route, route } from "../http/route.ts"
import { memberOf, requireAdmin } from "../teammates/roles.ts"
import { lockCompany } from "../teams/store.ts"
import {
  customFieldResource,
  type FieldRow,
  getCustomField,
  insertCustomField,
  listCustomFields,
  removeCustomField,
  renameValues,
  saveCustomField,
} from "./store.ts"

export const customFieldRoutes = (deps: ChangeDeps): Route[] => [
  ...customFieldLists.map(({ resource, endpoint }) =>
    route(endpoint, async ({ principal, origin, request }) => {
      const fields = await listCustomFields(deps.db, memberOf(principal).companyId, resource)
      const results = fields.map((field) => customFieldResource(field, origin))
      return { status: 200, body: wholeList(request, origin, results) }
    }),
  ),

  route(createCustomField, async ({ body, principal, origin }) => {
    requireAdmin(principal)
    const { companyId } = memberOf(principal)
    const { resource, type } = body
    const options = readChoices(type, body.values)
    await deps.ids.reserve(1)
    const field = { id: deps.ids.take(), resource, name: body.name, description: body.description ?? "", type, options }
    await changeCompany(deps, companyId, "custom_field_defined", async (tx) => {
      await lockCompany(tx, companyId)
      if ((await listCustomFields(tx, companyId, resource)).length >= customFieldsMax)
        throw new HttpError(
          409,
          `There are ${customFieldsMax} custom fields already, which is as many as one kind may have`,
        )
      if (!(await insertCustomField(tx, companyId, field))) throw nameTaken()
      return { id: formatId("fld", field.id) }
    })
    return { status: 201, body: customFieldResource(field, origin) }
  }),

  route(updateCustomField, async ({ params, body, principal, origin }) => {
    requireAdmin(principal)
    const changed = await change(deps, memberOf(principal).companyId, params.custom_field_id, body)
    return { status: 200, body: customFieldResource(changed, origin) }
  }),

  route(deleteCustomField, async ({ params, principal }) => {
    requireAdmin(principal)
    const { companyId } = memberOf(principal)
    await changeCompany(deps, companyId, "custom_field_defined", async (tx) => {
      await lockCompany(tx, companyId)
      const field = await getCustomField(tx, companyId, params.custom_field_id)
      await renameValues(tx, companyId, field, null)
      await removeCustomField(tx, companyId, field.id)
      return { id: formatId("fld", field.id) }
    })
    return { status: 204 }
  }),
]

async function change(
  deps: ChangeDeps,
  companyId: number,
  reference: string,
  body: CustomFieldChange,
): Promise<FieldRow> {
  const { field } = await changeCompany(deps, companyId, "custom_field_defined", async (tx) => {
    await lockCompany(tx, companyId)
    const before = await getCustomField(tx, companyId, reference)
    const field = {
      ...before,
      name: body.name ?? before.name,
      description: body.description ?? before.description,
      options: body.values === undefined ? before.options : readChoices(before.type, body.values),
    }
    if (field.name !== before.name) {
      const others = await listCustomFields(tx, companyId, field.resource)
      if (others.some((other) => other.name === field.name)) throw nameTaken()
      await renameValues(tx, companyId, before, field.name)
    }
    await saveCustomField(tx, companyId, field)
    return { id: formatId("fld", field.id), field }
  })
  return field
}

const nameTaken = (): HttpError => invalid("body.name", "is the name of another custom field of the same kind")

/** An enum has choices, each once, and nothing else has any. */
function readChoices(type: FieldType, values: readonly FieldChoice[] | undefined): FieldChoice[] | null {
  if (type !== "enum") {
    if (values !== undefined) throw invalid("body.values", "are for fields of type enum")
    return null
  }
  if (values === undefined) throw invalid("body.values", "is required: an enum has choices")
  if (new Set(values.map(({ value }) => value)).size < values.length)
    throw invalid("body.values", "must not name a value twice")
  return values.map(({ value, label }) => ({ value, label }))
}
