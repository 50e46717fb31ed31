import { formatId, parseId } from "@causeway/contract/ids"
import type { TeamPreview } from "@causeway/contract/resources/company"
import type { Tx } from "../database/database.ts"
import { notFound } from "../http/errors.ts"
import { type Owner, wholeCompany } from "./owner.ts"

export interface TeamRow {
  id: number
  name: string
}

/** By `tim_…`; 404 when the company has none. */
export async function getTeam(tx: Tx, companyId: number, reference: string): Promise<TeamRow> {
  const id = parseId("tim", reference)
  const rows =
    id === null
      ? []
      : await tx.query<TeamRow>({
          name: "teams.find",
          text: "select id, name from team where company_id = $1 and id = $2",
          values: [companyId, id],
        })
  if (rows[0] === undefined) throw notFound("team", reference)
  return rows[0]
}

/** Oldest first, by the primary key. */
export const listTeams = (tx: Tx, companyId: number): Promise<TeamRow[]> =>
  tx.query<TeamRow>({
    name: "teams.list",
    text: "select id, name from team where company_id = $1 order by id",
    values: [companyId],
  })

/** Whose it is what is made without saying for whom: the oldest team's (Core API, Create tag), by the primary key. */
export async function defaultOwner(tx: Tx, companyId: number): Promise<Owner> {
  const rows = await tx.query<{ id: number }>({
    name: "teams.oldest",
    text: "select id from team where company_id = $1 order by id limit 1",
    values: [companyId],
  })
  return rows[0] === undefined ? wholeCompany : { kind: "team", id: rows[0].id }
}

/**
 * Keeps the team of an owner from being deleted until the end of the transaction, which is about to make something of its own; 404 when it is gone
 * already. Taken after the company's lock.
 */
export async function holdOwner(tx: Tx, companyId: number, owner: Owner): Promise<void> {
  if (owner.kind !== "team") return
  const rows = await tx.query({
    name: "teams.hold",
    text: "select from team where company_id = $1 and id = $2 for key share",
    values: [companyId, owner.id],
  })
  if (rows.length === 0) throw notFound("team", formatId("tim", owner.id))
}

export async function insertTeam(tx: Tx, team: { companyId: number; id: number; name: string }): Promise<void> {
  await tx.query({
    text: "insert into team (company_id, id, name) values ($1, $2, $3)",
    values: [team.companyId, team.id, team.name],
  })
}

/** Those who are in it already stay. */
export async function addMembers(tx: Tx, companyId: number, teamId: number, ids: readonly number[]): Promise<void> {
  await tx.query({
    name: "teams.add",
    text: "insert into team_teammate (company_id, team_id, teammate_id) select $1, $2, unnest($3::bigint[]) on conflict do nothing",
    values: [companyId, teamId, ids],
  })
}

/** Out of the team, and with it out of its shifts and its inboxes: a shift's people are of its team (Core API, Add teammates to shift). */
export async function removeMembers(tx: Tx, companyId: number, teamId: number, ids: readonly number[]): Promise<void> {
  const values = [companyId, teamId, ids]
  await tx.query({
    text: "delete from team_teammate where company_id = $1 and team_id = $2 and teammate_id = any($3::bigint[])",
    values,
  })
  await tx.query({
    text: `delete from shift_teammate using shift where shift.company_id = $1 and shift.team_id = $2 and shift_teammate.company_id = $1
             and shift_teammate.shift_id = shift.id and shift_teammate.teammate_id = any($3::bigint[])`,
    values,
  })
  await tx.query({
    text: `delete from inbox_teammate using inbox where inbox.company_id = $1 and inbox.team_id = $2 and inbox_teammate.company_id = $1
             and inbox_teammate.inbox_id = inbox.id and inbox_teammate.teammate_id = any($3::bigint[])`,
    values,
  })
}

/** Those of `ids` that are not in the team, by team_teammate's primary key. */
export async function outsideTeam(
  tx: Tx,
  companyId: number,
  teamId: number,
  ids: readonly number[],
): Promise<readonly number[]> {
  const rows = await tx.query<{ teammate_id: number }>({
    name: "teams.members_of",
    text: "select teammate_id from team_teammate where company_id = $1 and team_id = $2 and teammate_id = any($3::bigint[])",
    values: [companyId, teamId, ids],
  })
  const inside = new Set(rows.map((row) => row.teammate_id))
  return ids.filter((id) => !inside.has(id))
}

/** Whether anything still says that the team owns it. Walks each table's index by owner; shifts are few. */
export async function ownsAnything(tx: Tx, companyId: number, teamId: number): Promise<boolean> {
  const rows = await tx.query<{ owns: boolean }>({
    text: `select exists (select from inbox where company_id = $1 and team_id = $2)
             or exists (select from shift where company_id = $1 and team_id = $2)
             or exists (select from contact where company_id = $1 and owner_kind = 'team' and owner_id = $2)
             or exists (select from contact_list where company_id = $1 and owner_kind = 'team' and owner_id = $2)
             or exists (select from tag where company_id = $1 and owner_kind = 'team' and owner_id = $2)
             or exists (select from message_template where company_id = $1 and owner_kind = 'team' and owner_id = $2)
             or exists (select from message_template_folder where company_id = $1 and owner_kind = 'team' and owner_id = $2)
             or exists (select from signature where company_id = $1 and owner_kind = 'team' and owner_id = $2) as owns`,
    values: [companyId, teamId],
  })
  return rows[0]?.owns === true
}

/** The vendor's TeamPreview. */
export function teamPreview(team: TeamRow, origin: string): TeamPreview {
  const id = formatId("tim", team.id)
  return { _links: { self: `${origin}/teams/${id}` }, id, name: team.name }
}

/**
 * Held until the end of the transaction, so that two changes of one company's structure (a tag under another, a folder in a folder, the last admin)
 * come one after the other. Taken first; no hot path touches the row.
 */
export async function lockCompany(tx: Tx, companyId: number): Promise<void> {
  await tx.query({
    name: "company.lock",
    text: "select id from company where id = $1 for no key update",
    values: [companyId],
  })
}
