import type { Tx } from "./database.ts"

interface ColumnRow {
  table_name: string
  definition: string
}

/**
 * The schema as the catalogs tell it, as stable text: tables with columns, types, defaults, constraints; indexes; sequences. Committed as
 * `migrations/schema.sql`, so that a migration's whole effect is seen in review.
 */
export async function describeSchema(tx: Tx): Promise<string> {
  const [columns, constraints, indexes, sequences] = await Promise.all([
    readColumns(tx),
    readConstraints(tx),
    readIndexes(tx),
    readSequences(tx),
  ])
  const tables = [...new Set(columns.map((column) => column.table_name))]
  const parts = tables.map((table) => {
    const lines = [...columns, ...constraints]
      .filter((row) => row.table_name === table)
      .map((row) => `  ${row.definition}`)
    return `table ${table} (\n${lines.join(",\n")}\n)`
  })
  return `${["-- Made from the catalogs; do not edit. To renew it: UPDATE_SCHEMA=1 npm test -- migrate", ...parts, ...indexes, ...sequences].join("\n\n")}\n`
}

const readColumns = (tx: Tx): Promise<ColumnRow[]> =>
  tx.query({
    text: `select c.relname as table_name, a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
             || case when col.collname is not null and col.collname <> 'default' then ' collate "' || col.collname || '"' else '' end
             || case when a.attnotnull then ' not null' else '' end
             || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') as definition
           from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
           left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum left join pg_collation col on col.oid = a.attcollation
           where n.nspname = 'public' and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped order by c.relname, a.attnum`,
  })

const readConstraints = (tx: Tx): Promise<ColumnRow[]> =>
  tx.query({
    text: `select c.relname as table_name, 'constraint ' || con.conname || ' ' || pg_get_constraintdef(con.oid) as definition
           from pg_constraint con join pg_class c on c.oid = con.conrelid join pg_namespace n on n.oid = c.relnamespace
           where n.nspname = 'public' and con.contype <> 'n' order by c.relname, con.conname`,
  })

async function readIndexes(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ indexdef: string }>({
    text: "select indexdef from pg_indexes where schemaname = 'public' order by indexname",
  })
  return [rows.map((row) => row.indexdef).join("\n")]
}

async function readSequences(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ line: string }>({
    text: "select format('sequence %s start %s increment %s', sequencename, start_value, increment_by) as line from pg_sequences where schemaname = 'public' order by sequencename",
  })
  return [rows.map((row) => row.line).join("\n")]
}
