/** What custom fields resources may have. Reading is the vendor's; its screens define them, here `/causeway/custom_fields` does. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { customFieldChoicesMax, descriptionCharsMax, nameCharsMax } from "../limits.ts"
import { CustomField, FieldChoice, type FieldResource, FieldType, fieldResources } from "../resources/custom-field.ts"
import { listOf } from "../shapes.ts"

const callers = ["token", "session"] as const
const FieldParams = Type.Object({ custom_field_id: Type.String() })

const values = {
  name: Type.String({ minLength: 1, maxLength: nameCharsMax, description: "the key under custom_fields" }),
  description: Type.Optional(Type.String({ maxLength: descriptionCharsMax })),
  values: Type.Optional(
    Type.Array(FieldChoice, {
      minItems: 1,
      maxItems: customFieldChoicesMax,
      description: "of an enum, required there",
    }),
  ),
}

export const NewCustomField = Type.Object({
  resource: Type.Unsafe<FieldResource>(Type.Union(fieldResources.map((resource) => Type.Literal(resource)))),
  type: FieldType,
  ...values,
})
export type NewCustomField = Static<typeof NewCustomField>

/** What it belongs to and its type stay: the values that are kept were checked against them. */
export const CustomFieldChange = Type.Object({ ...values, name: Type.Optional(values.name) })
export type CustomFieldChange = Static<typeof CustomFieldChange>

const listAt = <P extends string>(path: P, summary: string) =>
  endpoint({
    method: "GET",
    path,
    summary,
    callers,
    scope: "custom_fields:read",
    responses: { 200: listOf(CustomField) },
  })

/** One list a resource; `/custom_fields` is the vendor's older name of the contacts' list. */
export const customFieldLists: readonly { resource: FieldResource; endpoint: ReturnType<typeof listAt> }[] = [
  { resource: "contact", endpoint: listAt("/custom_fields", "The custom fields of contacts.") },
  { resource: "account", endpoint: listAt("/accounts/custom_fields", "The custom fields of accounts.") },
  { resource: "contact", endpoint: listAt("/contacts/custom_fields", "The custom fields of contacts.") },
  { resource: "conversation", endpoint: listAt("/conversations/custom_fields", "The custom fields of conversations.") },
  { resource: "inbox", endpoint: listAt("/inboxes/custom_fields", "The custom fields of inboxes.") },
  { resource: "link", endpoint: listAt("/links/custom_fields", "The custom fields of links.") },
  { resource: "teammate", endpoint: listAt("/teammates/custom_fields", "The custom fields of teammates.") },
]

export const createCustomField = endpoint({
  method: "POST",
  path: "/causeway/custom_fields",
  summary: "Defines a custom field.",
  callers,
  scope: "custom_fields:write",
  body: NewCustomField,
  responses: { 201: CustomField },
})

export const updateCustomField = endpoint({
  method: "PATCH",
  path: "/causeway/custom_fields/:custom_field_id",
  summary: "Changes a custom field; a new name takes the values along.",
  callers,
  scope: "custom_fields:write",
  params: FieldParams,
  body: CustomFieldChange,
  responses: { 200: CustomField },
})

export const deleteCustomField = endpoint({
  method: "DELETE",
  path: "/causeway/custom_fields/:custom_field_id",
  summary: "Deletes a custom field, and its values everywhere.",
  callers,
  scope: "custom_fields:write",
  params: FieldParams,
  responses: { 204: null },
})
