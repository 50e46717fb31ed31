import { formatId, parseId } from "@causeway/contract/ids"
import type { Shift, ShiftTimes } from "@causeway/contract/resources/shift"
import type { Tx } from "../database/database.ts"
import { notFound } from "../http/errors.ts"
import { seconds } from "../messages/resource.ts"
import { ownerLink } from "../teams/owner.ts"

export interface ShiftRow {
  id: number
  name: string
  color: Shift["color"]
  timezone: string
  times: ShiftTimes
  team_id: number | null
  created_at: Date
  updated_at: Date
}

const columns = "id, name, color, timezone, times, team_id, created_at, updated_at"

/** By `shf_…`; 404 when the company has none. */
export async function getShift(tx: Tx, companyId: number, reference: string): Promise<ShiftRow> {
  const id = parseId("shf", reference)
  const rows =
    id === null
      ? []
      : await tx.query<ShiftRow>({
          name: "shifts.find",
          text: `select ${columns} from shift where company_id = $1 and id = $2`,
          values: [companyId, id],
        })
  if (rows[0] === undefined) throw notFound("shift", reference)
  return rows[0]
}

/** All of the company, a team's, or those that a teammate works in. Few: by the primary key, and shift_teammate_teammate. */
export const listShifts = (
  tx: Tx,
  companyId: number,
  { teamId, teammateId }: { teamId?: number; teammateId?: number } = {},
): Promise<ShiftRow[]> =>
  tx.query<ShiftRow>({
    name: "shifts.list",
    text: `select ${columns} from shift where company_id = $1 and ($2::bigint is null or team_id = $2)
             and ($3::bigint is null or id in (select shift_id from shift_teammate where company_id = $1 and teammate_id = $3)) order by id`,
    values: [companyId, teamId ?? null, teammateId ?? null],
  })

export async function insertShift(
  tx: Tx,
  companyId: number,
  shift: Omit<ShiftRow, "created_at" | "updated_at">,
): Promise<ShiftRow> {
  const rows = await tx.query<ShiftRow>({
    text: `insert into shift (company_id, id, name, color, timezone, times, team_id) values ($1, $2, $3, $4, $5, $6, $7) returning ${columns}`,
    values: [companyId, shift.id, shift.name, shift.color, shift.timezone, JSON.stringify(shift.times), shift.team_id],
  })
  return rows[0] as ShiftRow
}

export async function saveShift(tx: Tx, companyId: number, shift: ShiftRow): Promise<void> {
  await tx.query({
    text: "update shift set name = $3, color = $4, timezone = $5, times = $6, updated_at = now() where company_id = $1 and id = $2",
    values: [companyId, shift.id, shift.name, shift.color, shift.timezone, JSON.stringify(shift.times)],
  })
}

/** Those who are in it already stay. */
export async function addToShift(tx: Tx, companyId: number, shiftId: number, ids: readonly number[]): Promise<void> {
  await tx.query({
    text: "insert into shift_teammate (company_id, shift_id, teammate_id) select $1, $2, unnest($3::bigint[]) on conflict do nothing",
    values: [companyId, shiftId, ids],
  })
}

/** `ids` null: everybody. */
export async function takeFromShift(
  tx: Tx,
  companyId: number,
  shiftId: number,
  ids: readonly number[] | null,
): Promise<void> {
  await tx.query({
    text: "delete from shift_teammate where company_id = $1 and shift_id = $2 and ($3::bigint[] is null or teammate_id = any($3))",
    values: [companyId, shiftId, ids],
  })
}

/** The vendor's Shift. */
export function shiftResource(shift: ShiftRow, origin: string): Shift {
  const id = formatId("shf", shift.id)
  const self = `${origin}/shifts/${id}`
  return {
    _links: {
      self,
      related: {
        teammates: `${self}/teammates`,
        owner: ownerLink({ owner_kind: "team", owner_id: shift.team_id }, origin),
      },
    },
    id,
    name: shift.name,
    color: shift.color,
    timezone: shift.timezone,
    times: shift.times,
    created_at: seconds(shift.created_at),
    updated_at: seconds(shift.updated_at),
  }
}
