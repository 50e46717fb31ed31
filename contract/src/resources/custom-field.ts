/** The definition of a custom field; its values are under `custom_fields` of the resource, by the field's name. Source: Core API CustomFieldResponse. */
import Type, { type Static } from "typebox"
import { customFieldChoicesMax, descriptionCharsMax, nameCharsMax } from "../limits.ts"

/** What can have custom fields. */
export const fieldResources = ["account", "contact", "conversation", "inbox", "link", "teammate"] as const
export type FieldResource = (typeof fieldResources)[number]

export const fieldTypes = ["string", "boolean", "datetime", "number", "teammate", "inbox", "enum"] as const
export type FieldType = (typeof fieldTypes)[number]
export const FieldType = Type.Unsafe<FieldType>(Type.Union(fieldTypes.map((type) => Type.Literal(type))))

export const FieldChoice = Type.Object({
  value: Type.String({ minLength: 1, maxLength: nameCharsMax }),
  label: Type.String({ maxLength: descriptionCharsMax }),
})
export type FieldChoice = Static<typeof FieldChoice>

export const CustomField = Type.Object(
  {
    _links: Type.Object({ self: Type.String() }),
    id: Type.String({ description: "fld_…" }),
    name: Type.String(),
    description: Type.String(),
    type: FieldType,
    values: Type.Optional(Type.Array(FieldChoice, { maxItems: customFieldChoicesMax, description: "of an enum" })),
  },
  { title: "CustomField" },
)
export type CustomField = Static<typeof CustomField>
