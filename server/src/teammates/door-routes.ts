import { changePassword, proveWithPassword, signIn, signOut } from "@causeway/contract/endpoints/company"
import type { FastifyReply, FastifyRequest } from "fastify"
import { recordAudit } from "../audit/store.ts"
import { HttpError, invalid, unauthenticated } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import { recordSignIn } from "../sign-in/record.ts"
import { refuseGuessable } from "./passwords.ts"
import type { PeopleDeps } from "./people.ts"
import { personBehind } from "./persons.ts"
import { sessionOf } from "./roles.ts"
import { createTries, refuseTooMany, type Tries } from "./tries.ts"

const minuteMs = 60_000

/** Signing in and out with e-mail and password, and proving it again. */
export const doorRoutes = (deps: PeopleDeps): Route[] => {
  const { db, identity } = deps
  const brakes = createBrakes()

  return [
    route(signIn, async ({ body, request }, reply) => {
      const email = body.email.trim().toLowerCase()
      const device = identity.deviceOf(request, email)
      const succeed = brakes.take(request, reply, email, device)
      const answer = await identity
        .call("/sign-in/email", request, { email, password: body.password })
        .catch((error: unknown) => {
          // Beside the answer: how long it takes would tell whether somebody has this address.
          recordSignIn(deps, request, { verb: "sign_in_failed", by: "password", person: { email } }).catch(
            (err: unknown) => deps.log.warn({ err }, "session.not_recorded"),
          )
          throw inOurWords(error)
        })
      succeed()
      await identity.endPrevious(request)
      await recordSignIn(deps, request, { verb: "signed_in", by: "password", person: { email } })
      reply.header("set-cookie", [
        ...answer.cookies,
        ...(device === null ? [identity.deviceCookie(request, email)] : []),
      ])
      return { status: 200, body: {} }
    }),

    route(signOut, async ({ request }, reply) => {
      const token = identity.currentToken(request)
      if (token !== null) await recordSignIn(deps, request, { verb: "signed_out", by: "password", person: { token } })
      const answer = await identity.call("/sign-out", request, {})
      identity.forgetSessions()
      reply.header("set-cookie", answer.cookies)
      return { status: 200, body: {} }
    }),

    route(changePassword, async ({ body, principal, request }, reply) => {
      const { companyId, teammateId } = sessionOf(principal)
      const { email, name, company } = await personBehind(db, principal)
      const succeed = brakes.take(request, reply, `own ${teammateId}`, null)
      await refuseGuessable("body.newPassword", body.newPassword, { email, name, company })
      const answer = await identity.call("/change-password", request, { ...body, revokeOtherSessions: true })
      succeed()
      identity.forgetSessions()
      await db.tx((tx) => recordAudit(tx, { companyId, noun: "password", verb: "changed", target: String(teammateId) }))
      reply.header("set-cookie", answer.cookies)
      return { status: 200, body: {} }
    }),

    route(proveWithPassword, async ({ body, principal, request }, reply) => {
      const { identityId } = await personBehind(db, principal)
      const succeed = brakes.take(request, reply, `own ${sessionOf(principal).teammateId}`, null)
      if (!(await identity.knows(identityId, body.password))) {
        await recordSignIn(deps, request, { verb: "sign_in_failed", by: "password", person: { identityId } })
        throw invalid("body.password", "is wrong")
      }
      succeed()
      await identity.prove(request)
      await recordSignIn(deps, request, { verb: "proved", by: "password", person: { identityId } })
      return { status: 200, body: {} }
    }),
  ]
}

/**
 * Tries by address, and by e-mail: the latter wait longer and longer, whatever addresses they come from, and are counted apart for a browser from which the
 * person has signed in before. Answers what to call once the password was right.
 */
function createBrakes() {
  const byAddress = createTries({ max: 20, windowMs: minuteMs })
  const limit = { max: 10, windowMs: 15 * minuteMs, windowMaxMs: 4 * 60 * minuteMs }
  const byEmail = createTries(limit)
  const byDevice = createTries(limit)
  return {
    take(request: FastifyRequest, reply: FastifyReply, email: string, device: string | null): () => void {
      const [own, key]: [Tries, string] = device === null ? [byEmail, email] : [byDevice, device]
      refuseTooMany([byAddress.take(request.address), own.take(key)], reply)
      return () => {
        byAddress.giveBack(request.address)
        own.clear(key)
      }
    },
  }
}

/** Wrong address and wrong password are answered alike. */
function inOurWords(error: unknown): unknown {
  return error instanceof HttpError && error.status === 401 ? unauthenticated("E-mail or password is wrong") : error
}
