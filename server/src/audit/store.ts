import type { AuditEntry } from "@causeway/contract/endpoints/audit"
import { formatId, type IdPrefix } from "@causeway/contract/ids"
import type { Tx } from "../database/database.ts"

export interface AuditFilter {
  companyId: number
  noun?: string
  /** As the table has it. */
  target?: string
  teammateId?: number
  since?: Date
  until?: Date
}

interface Row {
  id: number
  at: Date
  actor: { kind: string; id: string | null; address: string; browser: string | null } | null
  actor_name: string | null
  noun: string
  verb: string
  target: string
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
  position: number | null
  hash: Buffer | null
}

/** Prefixes of the outside ids of what is audited; what is not here is shown as it is. */
const prefixes: Readonly<Record<string, IdPrefix>> = {
  company: "cmp",
  teammate: "tea",
  invitation: "inv",
  api_token: "tok",
  inbox: "inb",
  inbox_teammate: "inb",
  team: "tim",
  team_teammate: "tim",
  channel: "cha",
  rule: "rul",
  webhook: "whk",
  shift: "shf",
  custom_field: "fld",
  delivery: "dlv",
  contact: "crd",
  session: "tea",
  password: "tea",
}

export const outsideId = (noun: string, target: string): string => {
  const prefix = prefixes[noun]
  return prefix === undefined || !/^\d+$/.test(target) ? target : formatId(prefix, Number(target))
}

/** The table's id for the outside one; what has no prefix of its noun is taken as it is. */
export const insideId = (noun: string | undefined, target: string): string => {
  const prefix = noun === undefined ? undefined : prefixes[noun]
  const digits = prefix !== undefined && target.startsWith(`${prefix}_`) ? target.slice(prefix.length + 1) : null
  return digits !== null && /^[0-9a-z]{1,11}$/.test(digits) ? String(Number.parseInt(digits, 36)) : target
}

const columns = `audit.id, at, actor, noun, verb, target, before, after, position, hash,
  case actor ->> 'kind'
    when 'teammate' then (select trim(first_name || ' ' || last_name) from teammate where teammate.company_id = audit.company_id and teammate.id = (actor ->> 'id')::bigint)
    when 'api_token' then (select name from api_token where api_token.company_id = audit.company_id and api_token.id = (actor ->> 'id')::bigint)
    when 'oauth_client' then (select name from oauth_client where oauth_client.id = (actor ->> 'id')::bigint)
  end as actor_name`

const conditions = `audit.company_id = $1 and ($2::text is null or noun = $2) and ($3::text is null or target = $3)
  and ($4::text is null or actor @> jsonb_build_object('kind', 'teammate', 'id', $4::text))
  and at >= coalesce($5::timestamptz, '-infinity') and at < coalesce($6::timestamptz, 'infinity')`

const valuesOf = (filter: AuditFilter): unknown[] => [
  filter.companyId,
  filter.noun ?? null,
  filter.target ?? null,
  filter.teammateId === undefined ? null : String(filter.teammateId),
  filter.since ?? null,
  filter.until ?? null,
]

/** Newest first, before `before`; walks the primary key. */
export async function listEntries(
  tx: Tx,
  filter: AuditFilter,
  page: { before: number | null; max: number },
): Promise<AuditEntry[]> {
  const rows = await tx.query<Row>({
    name: "audit.list",
    text: `select ${columns} from audit where ${conditions} and ($7::bigint is null or audit.id < $7) order by audit.id desc limit $8`,
    values: [...valuesOf(filter), page.before, page.max],
  })
  return rows.map(entryView)
}

/** Oldest first, after `after`; walks the primary key. */
export async function entriesAfter(tx: Tx, filter: AuditFilter, after: number, max: number): Promise<AuditEntry[]> {
  const rows = await tx.query<Row>({
    name: "audit.export",
    text: `select ${columns} from audit where ${conditions} and audit.id > $7 order by audit.id limit $8`,
    values: [...valuesOf(filter), after, max],
  })
  return rows.map(entryView)
}

const entryView = (row: Row): AuditEntry => ({
  id: formatId("adt", row.id),
  at: row.at.getTime() / 1000,
  actor: row.actor === null ? null : { ...row.actor, id: actorId(row.actor), name: row.actor_name },
  noun: row.noun,
  verb: row.verb,
  target: outsideId(row.noun, row.target),
  before: row.before,
  after: row.after,
  position: row.position,
  hash: row.hash?.toString("hex") ?? null,
})

/** Of an actor as the table has it: the id that everybody else uses. */
export const actorId = ({ kind, id }: { kind: string; id: string | null }): string | null => {
  if (id === null) return null
  if (kind === "teammate") return formatId("tea", Number(id))
  return kind === "api_token" ? formatId("tok", Number(id)) : id
}

/** What no table shows by itself: that something was told again, exported, erased. In the transaction that does it. */
export async function recordAudit(
  tx: Tx,
  entry: { companyId: number; noun: string; verb: string; target: string; after?: object },
): Promise<void> {
  await tx.query({
    name: "audit.record",
    text: `insert into audit (company_id, actor, noun, verb, target, after)
           values ($1, nullif(current_setting('causeway.actor', true), '')::jsonb, $2, $3, $4, $5)`,
    values: [
      entry.companyId,
      entry.noun,
      entry.verb,
      entry.target,
      entry.after === undefined ? null : JSON.stringify(entry.after),
    ],
  })
}
