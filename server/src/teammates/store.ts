import { formatId, parseId } from "@causeway/contract/ids"
import type { Tx } from "../database/database.ts"
import type { AuthorRow } from "../messages/read.ts"

const columns = "id, email, username, first_name, last_name, role, is_available, is_blocked"
const emailPrefix = "alt:email:"

/** By `tea_…` or `alt:email:…`; null when the company has none. */
export async function resolveTeammate(tx: Tx, companyId: number, reference: string): Promise<AuthorRow | null> {
  const email = reference.startsWith(emailPrefix) ? reference.slice(emailPrefix.length) : null
  const id = email === null ? parseId("tea", reference) : null
  if (email === null && id === null) return null
  const rows = await tx.query<AuthorRow>({
    name: email === null ? "teammates.by_id" : "teammates.by_email",
    text: `select ${columns} from teammate where company_id = $1 and ${email === null ? "id = $2" : "lower(email) = lower($2)"}`,
    values: [companyId, email ?? id],
  })
  return rows[0] ?? null
}

export const listTeammates = (tx: Tx, companyId: number): Promise<AuthorRow[]> =>
  tx.query<AuthorRow>({
    name: "teammates.list",
    text: `select ${columns} from teammate where company_id = $1 order by id`,
    values: [companyId],
  })

export interface NewTeammate {
  companyId: number
  id: number
  identityId: string
  email: string
  name: string
  role: "admin" | "teammate" | "observer"
}

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
}

/** Everything but the last word is the first name: "Maria del Mar Ortiz" → "Maria del Mar", "Ortiz". */
export function splitName(name: string): { first: string; last: string } {
  const words = name.trim().split(/\s+/)
  return words.length === 1
    ? { first: words[0] as string, last: "" }
    : { first: words.slice(0, -1).join(" "), last: words.at(-1) as string }
}

/** What an @mention is written with; the id keeps two people apart whose addresses begin alike. */
const usernameOf = (email: string, id: number): string =>
  `${email.split("@")[0]?.replace(/[^\w.-]/g, "") || "teammate"}-${formatId("tea", id).slice(4)}`
