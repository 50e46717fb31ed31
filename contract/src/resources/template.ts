/** A message template that a partner keeps with its provider, as the inbox shows it; ours. Times are seconds since 1970. */
import Type, { type Static } from "typebox"
import { nullable, seconds } from "../shapes.ts"

/** `type` is text, file, image or video; a word that is none of them is shown as a text field. */
export const VariableMapping = Type.Object({
  uid: Type.String({ minLength: 1, maxLength: 200, description: "the variable's place in the template" }),
  type: Type.String({ minLength: 1, maxLength: 100 }),
  name: Type.String({ maxLength: 500 }),
})
export type VariableMapping = Static<typeof VariableMapping>

export const TemplateStatus = Type.Union([Type.Literal("PENDING"), Type.Literal("APPROVED"), Type.Literal("REJECTED")])
export type TemplateStatus = Static<typeof TemplateStatus>

export const TemplateView = Type.Object({
  id: Type.String(),
  external_id: Type.String(),
  name: Type.String(),
  blurb: Type.String(),
  state: Type.Union([Type.Literal("ready"), Type.Literal("waiting"), Type.Literal("refused")]),
  state_reason: nullable(Type.String({ description: "why it cannot be used, in words; null when it is ready" })),
  status_name: TemplateStatus,
  is_disabled: Type.Boolean(),
  variable_mappings: Type.Array(VariableMapping),
  unmapped: Type.Array(Type.String(), { description: "placeholders of the preview that no mapping names" }),
  preview: Type.String({ description: "sanitised HTML" }),
  updated_at: seconds,
})
export type TemplateView = Static<typeof TemplateView>
