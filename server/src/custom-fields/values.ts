import { formatId } from "@causeway/contract/ids"
import { customFieldCharsMax } from "@causeway/contract/limits"
import type { FieldResource } from "@causeway/contract/resources/custom-field"
import type { Tx } from "../database/database.ts"
import { HttpError, invalid } from "../http/errors.ts"
import { getInbox } from "../inboxes/store.ts"
import { resolveTeammate } from "../teammates/store.ts"
import { type FieldRow, listCustomFields } from "./store.ts"

/** The values of a resource's custom fields, by name, as they are kept and shown. */
export type CustomFieldValues = Record<string, string | number | boolean>

/**
 * Reads a body's `custom_fields` for a resource: what comes back is kept in its `custom_fields` column. The values given are all there are afterwards;
 * null takes one away (Core API: fields that are left out of a change are erased). `datetime` is a number of seconds since 1970, `teammate` an
 * e-mail address or id (kept as the address), `inbox` an id. Throws 400 for a name that nobody defined and for a value of another type.
 */
export async function readCustomFields(
  tx: Tx,
  companyId: number,
  resource: FieldResource,
  given: Readonly<Record<string, unknown>> | null | undefined,
  where = "body.custom_fields",
): Promise<CustomFieldValues> {
  const entries = Object.entries(given ?? {})
  if (entries.length === 0) return {}
  const fields = new Map((await listCustomFields(tx, companyId, resource)).map((field) => [field.name, field]))
  const values: CustomFieldValues = {}
  for (const [name, value] of entries) {
    const at = `${where}.${name.slice(0, 100)}`
    const field = fields.get(name)
    if (field === undefined) throw invalid(at, `is no custom field of ${article(resource)}`)
    if (value !== null) values[name] = await readValue(tx, companyId, field, value, at)
  }
  return values
}

async function readValue(tx: Tx, companyId: number, field: FieldRow, value: unknown, at: string) {
  switch (field.type) {
    case "boolean":
      if (typeof value !== "boolean") throw invalid(at, "must be true or false")
      return value
    case "number":
    case "datetime":
      if (typeof value !== "number" || !Number.isFinite(value))
        throw invalid(at, field.type === "number" ? "must be a number" : "must be a time in seconds since 1970")
      return value
    case "enum":
      if (!field.options?.some((option) => option.value === value))
        throw invalid(at, `must be one of: ${field.options?.map((option) => option.value).join(", ")}`)
      return String(value)
    case "teammate":
      return (await teammateNamed(tx, companyId, textOf(value, at), at)).email
    case "inbox":
      return formatId("inb", (await inboxNamed(tx, companyId, textOf(value, at), at)).id)
    case "string":
      return textOf(value, at)
  }
}

function textOf(value: unknown, at: string): string {
  if (typeof value !== "string") throw invalid(at, "must be a string")
  if (value.length > customFieldCharsMax) throw invalid(at, `is longer than ${customFieldCharsMax} characters`)
  return value
}

async function teammateNamed(tx: Tx, companyId: number, text: string, at: string) {
  const isAddress = text.includes("@") && !text.startsWith("alt:")
  const teammate = await resolveTeammate(tx, companyId, isAddress ? `alt:email:${text}` : text)
  if (teammate === null) throw invalid(at, "names no teammate")
  return teammate
}

const inboxNamed = (tx: Tx, companyId: number, text: string, at: string) =>
  getInbox(tx, companyId, text).catch((error) => {
    throw error instanceof HttpError && error.status === 404 ? invalid(at, "names no inbox") : error
  })

const article = (noun: string): string => (/^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`)
