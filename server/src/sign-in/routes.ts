import {
  addPasskey as addEndpoint,
  beginPasskey,
  beginProvider,
  deletePasskey as deleteEndpoint,
  finishProvider,
  listPasskeys as listEndpoint,
  newPasskey,
  signInWithPasskey,
} from "@causeway/contract/endpoints/sign-in"
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server"
import type { FastifyReply, FastifyRequest } from "fastify"
import type { Database } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import { HttpError, invalid, notFound, unauthenticated } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import type { Identity } from "../teammates/identity.ts"
import { sessionOf } from "../teammates/roles.ts"
import { createTries, refuseTooMany } from "../teammates/tries.ts"
import {
  addPasskey,
  deletePasskey,
  listPasskeys,
  newPasskeyOptions,
  passkeyOptions,
  personOf,
  siteOf,
} from "./passkeys.ts"
import type { Provider, Visit } from "./provider.ts"
import { createSteps, type Steps } from "./steps.ts"

export interface SignInDeps {
  db: Database
  identity: Identity
  /** Null: people sign in here alone. */
  provider: Provider | null
}

/** Passkeys and the identity provider; e-mail and password are the teammates'. */
export const signInRoutes = (deps: SignInDeps): Route[] => {
  const steps = createSteps(deps.db)
  const tries = createTries({ max: 30, windowMs: 60_000 })
  const refuseMany = (request: FastifyRequest, reply: FastifyReply) =>
    refuseTooMany([tries.take(request.address)], reply)
  return [
    ...ownRoutes(deps, steps),
    ...passkeyRoutes(deps, steps, refuseMany),
    ...providerRoutes(deps, steps, refuseMany),
  ]
}

interface Person {
  identityId: string
  email: string
  name: string
}

async function personBehind(db: Database, principal: Principal): Promise<Person> {
  const { companyId, teammateId } = sessionOf(principal)
  const rows = await db.query<Person>({
    name: "sign_in.person",
    text: `select person.id as "identityId", person.email, person.name from teammate join identity_user person on person.id = teammate.identity_id
           where teammate.company_id = $1 and teammate.id = $2`,
    values: [companyId, teammateId],
  })
  if (rows[0] === undefined) throw unauthenticated("This session's teammate is gone")
  return rows[0]
}

/** One's own passkeys. */
const ownRoutes = ({ db, identity }: SignInDeps, steps: Steps): Route[] => [
  route(listEndpoint, async ({ principal }) => {
    const { identityId } = await personBehind(db, principal)
    const passkeys = await listPasskeys(db, identityId)
    return {
      status: 200,
      body: {
        passkeys: passkeys.map(({ id, name, created_at, last_used_at }) => ({
          id,
          name,
          created_at: created_at.getTime() / 1000,
          last_used_at: last_used_at === null ? null : last_used_at.getTime() / 1000,
        })),
      },
    }
  }),

  route(newPasskey, async ({ principal, origin, request }, reply) => {
    const person = await personBehind(db, principal)
    const options = await newPasskeyOptions(db, siteOf(origin), person)
    const token = await steps.begin("passkey_new", { challenge: options.challenge, identityId: person.identityId })
    reply.header("set-cookie", identity.stepCookie(request, token))
    return { status: 200, body: { options } }
  }),

  route(addEndpoint, async ({ body, principal, origin, request }) => {
    const { identityId } = await personBehind(db, principal)
    const name = body.name.trim()
    if (name === "") throw invalid("body.name", "must not be empty")
    const step = await steps.take<{ challenge: string; identityId: string }>("passkey_new", identity.stepOf(request))
    if (step === null || step.identityId !== identityId) throw tooLate()
    const response = body.response as unknown as RegistrationResponseJSON
    const id = await addPasskey(db, siteOf(origin), { identityId, name, response, challenge: step.challenge })
    return { status: 201, body: { id } }
  }),

  route(deleteEndpoint, async ({ params, principal }) => {
    const { identityId } = await personBehind(db, principal)
    await deletePasskey(db, identityId, params.passkey_id)
    return { status: 204 }
  }),
]

const tooLate = (): Error => new HttpError(400, "This took too long, or was done already: begin again")

type Refuse = (request: FastifyRequest, reply: FastifyReply) => void

const passkeyRoutes = ({ db, identity }: SignInDeps, steps: Steps, refuseMany: Refuse): Route[] => [
  route(beginPasskey, async ({ origin, request }, reply) => {
    refuseMany(request, reply)
    const options = await passkeyOptions(siteOf(origin))
    const token = await steps.begin("passkey", { challenge: options.challenge })
    reply.header("set-cookie", identity.stepCookie(request, token))
    return { status: 200, body: { options } }
  }),

  route(signInWithPasskey, async ({ body, origin, request }, reply) => {
    refuseMany(request, reply)
    const step = await steps.take<{ challenge: string }>("passkey", identity.stepOf(request))
    if (step === null) throw tooLate()
    const response = body.response as unknown as AuthenticationResponseJSON
    const identityId = await personOf(db, siteOf(origin), step.challenge, response)
    reply.header("set-cookie", await identity.begin(request, identityId))
    return { status: 200, body: {} }
  }),
]

const providerRoutes = ({ identity, provider }: SignInDeps, steps: Steps, refuseMany: Refuse): Route[] => {
  const configured = (): Provider => {
    if (provider === null) throw notFound("identity provider", "none")
    return provider
  }
  return [
    route(beginProvider, async ({ origin, request }, reply) => {
      const known = configured()
      refuseMany(request, reply)
      const { url, visit } = await known.begin(`${origin}/causeway/auth/provider/callback`)
      reply.header("set-cookie", identity.stepCookie(request, await steps.begin("provider", visit)))
      return { status: 303, headers: { location: url, "cache-control": "no-store" } }
    }),

    // A browser comes here: whatever happens, it goes on to a page that says so.
    route(finishProvider, async ({ origin, request }, reply) => {
      const known = configured()
      refuseMany(request, reply)
      const visit = await steps.take<Visit>("provider", identity.stepOf(request))
      const outcome = visit === null ? { refused: "late" } : await known.finish(new URL(request.url, origin), visit)
      const leadTo = (refused: string | null) => ({
        status: 303 as const,
        headers: {
          location: refused === null ? "/app/" : `/app/inbox/open#sign_in=${refused}`,
          "cache-control": "no-store",
        },
      })
      if ("refused" in outcome) return leadTo(outcome.refused)
      try {
        reply.header("set-cookie", await identity.begin(request, outcome.identityId))
      } catch (error) {
        if (error instanceof HttpError && error.status === 403) return leadTo("blocked")
        throw error
      }
      return leadTo(null)
    }),
  ]
}
