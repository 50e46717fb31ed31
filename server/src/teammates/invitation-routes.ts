import {
  acceptInvitation,
  createInvitation,
  createPasswordReset,
  deleteInvitation,
  listInvitations,
  readInvitation,
} from "@causeway/contract/endpoints/invitations"
import { formatId, parseId } from "@causeway/contract/ids"
import type { FastifyReply, FastifyRequest } from "fastify"
import { recordAudit } from "../audit/store.ts"
import { changeCompany } from "../company/changes.ts"
import type { Member } from "../http/callers.ts"
import { forbidden, invalid } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import { invitationLetter, resetLetter } from "../mail/letters.ts"
import type { Mailed } from "../mail/mailer.ts"
import { recordSignIn } from "../sign-in/record.ts"
import {
  endInvitation,
  findByToken,
  type InvitationRow,
  invite,
  join,
  listPending,
  offerReset,
  useUp,
} from "./invitations.ts"
import { refuseGuessable } from "./passwords.ts"
import type { PeopleDeps } from "./people.ts"
import { memberOf, requireAdmin, requireMakerOfAdmins } from "./roles.ts"
import { getTeammate } from "./store.ts"
import { createTries, refuseTooMany } from "./tries.ts"

/**
 * The secret is behind the #, which browsers send to nobody. It leads to the address that the operator named, whatever Host the request gave: a link opens
 * an account, and must not lead where somebody else would read it.
 */
const linkOf = ({ config }: PeopleDeps, origin: string, made: { id: number; token: string; expiresAt: Date }) => ({
  id: formatId("inv", made.id),
  url: `${config.publicUrl ?? origin}/app/welcome#${made.token}`,
  expires_at: made.expiresAt.getTime() / 1000,
})

const view = (row: InvitationRow) => ({
  id: formatId("inv", row.id),
  email: row.email,
  role: row.role,
  is_developer: row.is_developer,
  inbox_ids: row.inbox_ids.map((id) => formatId("inb", id)),
  invited_by: row.invited_by === null ? null : formatId("tea", row.invited_by),
  created_at: row.created_at.getTime() / 1000,
  expires_at: row.expires_at.getTime() / 1000,
})

const minuteMs = 60_000
const linksPerHour = 500

export const invitationRoutes = (deps: PeopleDeps): Route[] => {
  const triesByAddress = createTries({ max: 20, windowMs: minuteMs })
  /** Each may be a mail to somebody who asked for none. */
  const linksByCompany = createTries({ max: linksPerHour, windowMs: 60 * minuteMs })

  return [
    route(createInvitation, async ({ body, principal, origin }, reply) => {
      requireAdmin(principal)
      if (body.role === "admin") requireMakerOfAdmins(principal)
      const member = memberOf(principal)
      refuseTooMany([linksByCompany.take(String(member.companyId))], reply)
      const link = linkOf(deps, origin, await invite(deps, member, body))
      return {
        status: 201,
        body: { ...link, mail: await mail(deps, member, body.email.trim(), link, invitationLetter) },
      }
    }),

    route(listInvitations, async ({ principal }) => {
      requireAdmin(principal)
      const rows = await listPending(deps.db, memberOf(principal).companyId)
      return { status: 200, body: { invitations: rows.map(view) } }
    }),

    route(deleteInvitation, async ({ params, principal }) => {
      requireAdmin(principal)
      await endInvitation(deps.db, memberOf(principal).companyId, params.invitation_id)
      return { status: 204 }
    }),

    route(createPasswordReset, async ({ params, principal, origin }, reply) => {
      requireAdmin(principal)
      const member = memberOf(principal)
      refuseTooMany([linksByCompany.take(String(member.companyId))], reply)
      const teammate = await getTeammate(deps.db, member.companyId, params.teammate_id)
      if (teammate.is_blocked) throw forbidden("This teammate is blocked: let them in again first")
      const link = linkOf(deps, origin, await offerReset(deps, member, teammate))
      return { status: 201, body: { ...link, mail: await mail(deps, member, teammate.email, link, resetLetter) } }
    }),

    route(readInvitation, async ({ body, request }, reply) => {
      refuseTooMany([triesByAddress.take(request.address)], reply)
      const found = await findByToken(deps.db, body.token)
      return {
        status: 200,
        headers: { "cache-control": "no-store" },
        body: {
          purpose: found.teammate_id === null ? ("join" as const) : ("reset" as const),
          company: found.company,
          email: found.email,
          expires_at: found.expires_at.getTime() / 1000,
        },
      }
    }),

    route(acceptInvitation, async ({ body, request }, reply) => {
      refuseTooMany([triesByAddress.take(request.address)], reply)
      const joined = await accept(deps, body)
      await signInWith(deps, request, reply, joined)
      return { status: 201, body: { teammate_id: joined.id } }
    }),
  ]
}

/** Mails a link, where there is a mail server. */
async function mail(
  { db, mailer }: PeopleDeps,
  { companyId }: Member,
  to: string,
  link: { url: string; expires_at: number },
  letter: typeof invitationLetter,
): Promise<Mailed> {
  const rows = await db.query<{ name: string }>({ text: "select name from company where id = $1", values: [companyId] })
  return mailer.send({ to, ...letter(rows[0]?.name ?? "", link.url, new Date(link.expires_at * 1000)) })
}

/** One transaction with the link's row locked: of two who use it at once, one is too late. */
async function accept(
  deps: PeopleDeps,
  body: { token: string; name?: string; password: string },
): Promise<{ id: string; companyId: number }> {
  const { company_id: companyId, company, email, teammate_id: resets } = await findByToken(deps.db, body.token)
  const name = body.name?.trim() ?? ""
  if (resets === null && name === "") throw invalid("body.name", "must not be empty")
  await refuseGuessable("body.password", body.password, { email, company, name })
  await deps.ids.reserve(2)
  const changed = await changeCompany(deps, companyId, "teammate_changed", async (tx) => {
    const invitation = await findByToken(tx, body.token, true)
    await useUp(tx, invitation)
    if (resets !== null) {
      await deps.identity.setPassword(tx, companyId, resets, body.password)
      await recordAudit(tx, { companyId, noun: "password", verb: "reset", target: String(resets) })
      return { id: formatId("tea", resets) }
    }
    const identityId = await deps.identity.createPerson(tx, { name, email: invitation.email, password: body.password })
    return { id: await join(tx, invitation, { id: deps.ids.take(), identityId, name }) }
  })
  deps.identity.forgetSessions()
  return { id: changed.id, companyId }
}

async function signInWith(
  deps: PeopleDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { id, companyId }: { id: string; companyId: number },
): Promise<void> {
  const { db, identity } = deps
  const rows = await db.query<{ id: string; email: string }>({
    text: `select identity_user.id, identity_user.email from identity_user join teammate on teammate.identity_id = identity_user.id where teammate.company_id = $1 and teammate.id = $2`,
    values: [companyId, parseId("tea", id)],
  })
  const person = rows[0]
  if (person === undefined) return
  reply.header("set-cookie", [await identity.begin(request, person.id), identity.deviceCookie(request, person.email)])
  await recordSignIn(deps, request, { verb: "signed_in", by: "link", person: { identityId: person.id } })
}
