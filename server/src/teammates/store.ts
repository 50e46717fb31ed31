import { formatId, parseId } from "@causeway/contract/ids"
import type { Teammate } from "@causeway/contract/resources/teammate"
import type { Tx } from "../database/database.ts"
import { invalid, notFound } from "../http/errors.ts"
import type { AuthorRow } from "../messages/read.ts"
import { authorResource } from "../messages/resource.ts"

export interface TeammateRow extends AuthorRow {
  custom_fields: Record<string, unknown>
}

export const teammateColumns =
  "id, email, username, first_name, last_name, role, is_available, is_blocked, custom_fields"
const emailPrefix = "alt:email:"

/** By `tea_…` or `alt:email:…`; null when the company has none. */
export async function resolveTeammate(tx: Tx, companyId: number, reference: string): Promise<TeammateRow | null> {
  const email = reference.startsWith(emailPrefix) ? reference.slice(emailPrefix.length) : null
  const id = email === null ? parseId("tea", reference) : null
  if (email === null && id === null) return null
  const rows = await tx.query<TeammateRow>({
    name: email === null ? "teammates.by_id" : "teammates.by_email",
    text: `select ${teammateColumns} from teammate where company_id = $1 and ${email === null ? "id = $2" : "lower(email) = lower($2)"}`,
    values: [companyId, email ?? id],
  })
  return rows[0] ?? null
}

/** The same; 404 when the company has none. */
export async function getTeammate(tx: Tx, companyId: number, reference: string): Promise<TeammateRow> {
  const teammate = await resolveTeammate(tx, companyId, reference)
  if (teammate === null) throw notFound("teammate", reference)
  return teammate
}

/** Ids of those whom a body names by `tea_…` or `alt:email:…`, each once. Throws 400 for the first that names nobody; `field` is the list's. */
export async function resolveTeammates(
  tx: Tx,
  companyId: number,
  references: readonly string[],
  field: string,
): Promise<number[]> {
  if (references.length === 0) return []
  const emails = references.map((reference) =>
    reference.startsWith(emailPrefix) ? reference.slice(emailPrefix.length).toLowerCase() : null,
  )
  const ids = references.map((reference) => parseId("tea", reference))
  const rows = await tx.query<{ id: number; email: string }>({
    name: "teammates.resolve", // the primary key, and teammate_email
    text: "select id, lower(email) as email from teammate where company_id = $1 and (id = any($2::bigint[]) or lower(email) = any($3::text[]))",
    values: [companyId, ids.filter((id) => id !== null), emails.filter((email) => email !== null)],
  })
  const found = references.map((_, i) => rows.find((row) => row.id === ids[i] || row.email === emails[i])?.id)
  const missing = found.indexOf(undefined)
  if (missing !== -1) throw invalid(`${field}[${missing}]`, "names no teammate")
  return [...new Set(found as number[])]
}

/** By the primary key. Missing ones are simply not there. */
export const findTeammates = (tx: Tx, companyId: number, ids: readonly number[]): Promise<TeammateRow[]> =>
  tx.query<TeammateRow>({
    name: "teammates.find",
    text: `select ${teammateColumns} from teammate where company_id = $1 and id = any($2::bigint[])`,
    values: [companyId, ids],
  })

export const listTeammates = (tx: Tx, companyId: number): Promise<TeammateRow[]> =>
  tx.query<TeammateRow>({
    name: "teammates.list",
    text: `select ${teammateColumns} from teammate where company_id = $1 order by id`,
    values: [companyId],
  })

/** Those of a list that another table keeps: a shift's, a team's, an inbox's, a conversation's followers. By that table's primary key. */
export const listTeammatesOf = (
  tx: Tx,
  companyId: number,
  list: {
    table: "shift_teammate" | "team_teammate" | "inbox_teammate" | "conversation_follower"
    key: "shift_id" | "team_id" | "inbox_id" | "conversation_id"
  },
  id: number,
): Promise<TeammateRow[]> =>
  tx.query<TeammateRow>({
    name: `teammates.of_${list.table}`,
    text: `select ${teammateColumns} from teammate where company_id = $1
             and id in (select teammate_id from ${list.table} where company_id = $1 and ${list.key} = $2) order by id`,
    values: [companyId, id],
  })

/** The vendor's Teammate. */
export const teammateResource = (row: TeammateRow, origin: string): Teammate =>
  ({ ...authorResource(row, origin), custom_fields: row.custom_fields }) as Teammate

export interface NewTeammate {
  companyId: number
  id: number
  identityId: string
  email: string
  name: string
  role: "admin" | "teammate" | "observer"
}

/** A new teammate is of the company's first team: without any other there is nothing to choose. */
export async function insertTeammate(tx: Tx, teammate: NewTeammate): Promise<void> {
  const { first, last } = splitName(teammate.name)
  await tx.query({
    text: `insert into teammate (company_id, id, identity_id, email, username, first_name, last_name, role, is_developer)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $8 = 'admin')`,
    values: [
      teammate.companyId,
      teammate.id,
      teammate.identityId,
      teammate.email,
      usernameOf(teammate.email, teammate.id),
      first,
      last,
      teammate.role,
    ],
  })
  await tx.query({
    text: "insert into team_teammate (company_id, team_id, teammate_id) select $1, id, $2 from team where company_id = $1 order by id limit 1",
    values: [teammate.companyId, teammate.id],
  })
}

/** Everything but the last word is the first name: "Maria del Mar Ortiz" → "Maria del Mar", "Ortiz". */
export function splitName(name: string): { first: string; last: string } {
  const words = name.trim().split(/\s+/)
  return words.length === 1
    ? { first: words[0] as string, last: "" }
    : { first: words.slice(0, -1).join(" "), last: words.at(-1) as string }
}

/** What an @mention is written with, in the letters that a username may have; the id keeps two people apart whose addresses begin alike. */
const usernameOf = (email: string, id: number): string => {
  const name = email.split("@")[0]?.toLowerCase().replace(/\W/g, "").slice(0, 40) || "teammate"
  return `${name}_${formatId("tea", id).slice(4)}`
}
