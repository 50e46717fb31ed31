import { createHash, randomBytes } from "node:crypto"
import type { NewInvitation } from "@causeway/contract/endpoints/invitations"
import { formatId, parseId } from "@causeway/contract/ids"
import type { Database, Tx } from "../database/database.ts"
import type { Member } from "../http/callers.ts"
import { HttpError, invalid, notFound } from "../http/errors.ts"
import type { Ids } from "../ids.ts"
import { lockCompany } from "../teams/store.ts"
import { insertTeammate, resolveTeammate } from "./store.ts"

export const invitationMs = 7 * 86_400_000
export const passwordResetMs = 86_400_000

export interface InvitationRow {
  company_id: number
  id: number
  email: string
  role: "admin" | "teammate" | "observer"
  is_developer: boolean
  inbox_ids: number[]
  teammate_id: number | null
  invited_by: number | null
  created_at: Date
  expires_at: Date
}

const columns = "company_id, id, email, role, is_developer, inbox_ids, teammate_id, invited_by, created_at, expires_at"

/** Whoever made the link may still make one, and whom it lets in is not blocked: a link outlives nobody's rights. Null: a token made it. */
const isGood = `used_at is null and expires_at > now()
  and (invited_by is null or exists (select from teammate inviter where inviter.company_id = invitation.company_id
    and inviter.id = invitation.invited_by and inviter.role = 'admin' and not inviter.is_blocked))
  and not exists (select from teammate invited where invited.company_id = invitation.company_id and invited.id = invitation.teammate_id and invited.is_blocked)`

/** A link's secret half and how it is kept: 192 random bits need no slow hash. */
const newToken = (): string => randomBytes(24).toString("base64url")
const hashOf = (token: string): Buffer => createHash("sha256").update(`invitation ${token}`).digest()

interface Made {
  id: number
  token: string
  expiresAt: Date
}

/** An invitation; one for the same address that nobody used is replaced. 409 for somebody who is a teammate already. */
export async function invite(deps: { db: Database; ids: Ids }, member: Member, wanted: NewInvitation): Promise<Made> {
  const email = wanted.email.trim().toLowerCase()
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email))
    throw invalid("body.email", `must be an e-mail address (was ${email.slice(0, 100)})`)
  const { companyId } = member
  const token = newToken()
  await deps.ids.reserve(1)
  const id = deps.ids.take()
  const expiresAt = new Date(Date.now() + invitationMs)
  await deps.db.tx(async (tx) => {
    await lockCompany(tx, companyId)
    if ((await resolveTeammate(tx, companyId, `alt:email:${email}`)) !== null)
      throw new HttpError(409, `${email} is a teammate already: reset their password instead`)
    await tx.query({
      text: "delete from invitation where company_id = $1 and lower(email) = $2 and used_at is null and teammate_id is null",
      values: [companyId, email],
    })
    await tx.query({
      text: `insert into invitation (company_id, id, token_hash, email, role, is_developer, inbox_ids, invited_by, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      values: [
        companyId,
        id,
        hashOf(token),
        email,
        wanted.role ?? "teammate",
        wanted.is_developer ?? false,
        await inboxesNamed(tx, companyId, wanted.inbox_ids ?? []),
        member.kind === "session" ? member.teammateId : null,
        expiresAt,
      ],
    })
  })
  return { id, token, expiresAt }
}

async function inboxesNamed(tx: Tx, companyId: number, references: readonly string[]): Promise<number[]> {
  const ids = references.map((reference) => parseId("inb", reference))
  const rows = await tx.query<{ id: number }>({
    text: "select id from inbox where company_id = $1 and id = any($2::bigint[]) and not is_private",
    values: [companyId, ids.filter((id) => id !== null)],
  })
  const known = new Set<number | null>(rows.map(({ id }) => id))
  const missing = ids.findIndex((id) => !known.has(id))
  if (missing !== -1) throw invalid(`body.inbox_ids[${missing}]`, "names no inbox that is shared")
  return [...new Set(ids as number[])]
}

/** A link that sets a teammate's password; an earlier one ends. */
export async function offerReset(
  deps: { db: Database; ids: Ids },
  member: Member,
  teammate: { id: number; email: string },
): Promise<Made> {
  const { companyId } = member
  const token = newToken()
  await deps.ids.reserve(1)
  const id = deps.ids.take()
  const expiresAt = new Date(Date.now() + passwordResetMs)
  await deps.db.tx(async (tx) => {
    await tx.query({
      text: "delete from invitation where company_id = $1 and teammate_id = $2 and used_at is null",
      values: [companyId, teammate.id],
    })
    await tx.query({
      text: `insert into invitation (company_id, id, token_hash, email, teammate_id, invited_by, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7)`,
      values: [
        companyId,
        id,
        hashOf(token),
        teammate.email,
        teammate.id,
        member.kind === "session" ? member.teammateId : null,
        expiresAt,
      ],
    })
  })
  return { id, token, expiresAt }
}

export const listPending = (tx: Tx, companyId: number): Promise<InvitationRow[]> =>
  tx.query<InvitationRow>({
    text: `select ${columns} from invitation where company_id = $1 and teammate_id is null and ${isGood} order by id`,
    values: [companyId],
  })

export async function endInvitation(tx: Tx, companyId: number, reference: string): Promise<void> {
  const rows = await tx.query({
    text: "delete from invitation where company_id = $1 and id = $2 and used_at is null and teammate_id is null returning id",
    values: [companyId, parseId("inv", reference)],
  })
  if (rows.length === 0) throw notFound("invitation", reference)
}

/** By invitation_token. A link that was used, ended, is past its time, or has outlived the rights of whoever made it, is 404 like one that never was. */
export async function findByToken(tx: Tx, token: string, lock = false): Promise<InvitationRow & { company: string }> {
  const rows = await tx.query<InvitationRow & { company: string }>({
    text: `select ${columns}, (select name from company where company.id = invitation.company_id) as company
           from invitation where token_hash = $1 and ${isGood} ${lock ? "for update" : ""}`,
    values: [hashOf(token)],
  })
  if (rows[0] === undefined)
    throw new HttpError(404, "This link has been used or is past its time: ask an admin for another one")
  return rows[0]
}

export async function useUp(tx: Tx, { company_id, id }: InvitationRow): Promise<void> {
  await tx.query({
    text: "update invitation set used_at = now() where company_id = $1 and id = $2",
    values: [company_id, id],
  })
}

/** The teammate that an invitation promised, with its role and the inboxes it named. */
export async function join(
  tx: Tx,
  invitation: InvitationRow,
  person: { id: number; identityId: string; name: string },
): Promise<string> {
  const { company_id: companyId, role } = invitation
  await insertTeammate(tx, { companyId, ...person, email: invitation.email, role })
  if (invitation.is_developer)
    await tx.query({
      text: "update teammate set is_developer = true where company_id = $1 and id = $2",
      values: [companyId, person.id],
    })
  await tx.query({
    text: `insert into inbox_teammate (company_id, inbox_id, teammate_id)
           select company_id, id, $2 from inbox where company_id = $1 and id = any($3::bigint[])`,
    values: [companyId, person.id, invitation.inbox_ids],
  })
  return formatId("tea", person.id)
}
