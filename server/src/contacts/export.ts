import { formatId } from "@causeway/contract/ids"
import type { Tx } from "../database/database.ts"
import { type Selection, whereOf } from "./selection.ts"
import { type ContactRow, contactColumns } from "./store.ts"

const pageRows = 500

/** The selected contacts as a JSON array, oldest first; read as far as somebody takes them. */
export async function* jsonOf(tx: Tx, selection: Selection): AsyncGenerator<string> {
  let lead = "[\n"
  for await (const page of pagesOf(tx, selection)) {
    const records = page.map((contact) => JSON.stringify(recordOf(contact)))
    yield lead + records.join(",\n")
    lead = ",\n"
  }
  yield lead === "[\n" ? "[]\n" : "\n]\n"
}

/**
 * The same as a table (RFC 4180), with a column for each custom field. A cell that a spreadsheet would run as a formula begins with an apostrophe;
 * numbers such as +43… are left alone.
 */
export async function* csvOf(tx: Tx, selection: Selection, fields: readonly string[]): AsyncGenerator<string> {
  const columns = ["id", "name", "description", "handles", "links", "lists", "is_private", "created_at", "updated_at"]
  yield `\uFEFF${[...columns, ...fields].map(cellOf).join(",")}\r\n`
  for await (const page of pagesOf(tx, selection))
    yield page
      .map((contact) => {
        const record = recordOf(contact)
        const cells = [
          record.id,
          record.name ?? "",
          record.description,
          record.handles.map(({ source, handle }) => `${source}:${handle}`).join("\n"),
          record.links.join("\n"),
          record.lists.join("\n"),
          String(record.is_private),
          record.created_at,
          record.updated_at,
          ...fields.map((name) => textOf(record.custom_fields[name])),
        ]
        return `${cells.map(cellOf).join(",")}\r\n`
      })
      .join("")
}

const textOf = (value: unknown): string => {
  if (value === undefined || value === null) return ""
  return typeof value === "object" ? JSON.stringify(value) : String(value)
}

function cellOf(text: string): string {
  const isFormula = /^[=@\t\r]/.test(text) || /^[+-](?![\d\s().-]*$)/.test(text)
  const safe = isFormula ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const recordOf = (contact: ContactRow) => ({
  id: formatId("crd", contact.id),
  name: contact.name,
  description: contact.description,
  handles: contact.handles,
  links: contact.links,
  lists: contact.lists.map(({ name }) => name),
  custom_fields: contact.custom_fields,
  is_private: contact.owner_kind === "teammate",
  created_at: contact.created_at.toISOString(),
  updated_at: contact.updated_at.toISOString(),
})

/** By the primary key, page after page: what is made meanwhile is at the end, what is deleted is left out. */
async function* pagesOf(tx: Tx, selection: Selection): AsyncGenerator<ContactRow[]> {
  for (let after = 0; ; ) {
    const where = whereOf(selection)
    const first = where.values.length
    // contactColumns speaks of $2 as the viewer, which is the second value of every selection.
    const rows = await tx.query<ContactRow>({
      text: `select ${contactColumns} from contact where ${where.sql} and id > $${first + 1} order by id limit ${pageRows}`,
      values: [...where.values, after],
    })
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < pageRows) return
    after = last.id
  }
}
