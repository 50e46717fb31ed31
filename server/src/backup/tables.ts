import type { Tx } from "../database/database.ts"

export interface Table {
  name: string
  /** Those that are stored, in their order. */
  columns: string[]
}

/** What is known of the schema itself, not of a company. */
const notBackedUp = new Set(["migration"])
/** Others point at them. */
const first = ["identity_user"]

/** Every table of ours with its stored columns, in the order in which they are filled. */
export async function listTables(tx: Tx): Promise<Table[]> {
  const rows = await tx.query<Table>({
    text: `select class.relname as name, array_agg(attname::text order by attnum) as columns
           from pg_class class join pg_attribute on attrelid = class.oid
           where relnamespace = current_schema::regnamespace and relkind = 'r' and attnum > 0 and not attisdropped and attgenerated = ''
           group by class.relname order by class.relname`,
  })
  const kept = rows.filter(({ name }) => !notBackedUp.has(name))
  return kept.sort((a, b) => Number(first.includes(b.name)) - Number(first.includes(a.name)))
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

export async function listSequences(tx: Tx): Promise<Record<string, number>> {
  const rows = await tx.query<{ name: string; value: number | null }>({
    text: "select sequencename as name, last_value as value from pg_sequences where schemaname = current_schema order by 1",
  })
  return Object.fromEntries(rows.map(({ name, value }) => [name, value ?? 0]))
}
