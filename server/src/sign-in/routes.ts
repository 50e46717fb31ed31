import {
  addPasskey as addEndpoint,
  beginPasskey,
  beginProvider,
  deletePasskey as deleteEndpoint,
  finishProvider,
  listPasskeys as listEndpoint,
  newPasskey,
  proveWithPasskey,
  signInWithPasskey,
} from "@causeway/contract/endpoints/sign-in"
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server"
import type { FastifyReply, FastifyRequest } from "fastify"
import { recordAudit } from "../audit/store.ts"
import type { Database } from "../database/database.ts"
import { type Principal, refuseForeignOrigin } from "../http/callers.ts"
import { HttpError, invalid, notFound } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import type { Log } from "../log.ts"
import type { Identity } from "../teammates/identity.ts"
import { personBehind } from "../teammates/persons.ts"
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
import { recordSignIn, type SignInEvent } from "./record.ts"
import { createSteps, type Steps } from "./steps.ts"

export interface SignInDeps {
  db: Database
  log: Log
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
    await noteChange(db, principal, { verb: "created", target: id, after: { name } })
    return { status: 201, body: { id } }
  }),

  route(deleteEndpoint, async ({ params, principal }) => {
    const { identityId } = await personBehind(db, principal)
    await deletePasskey(db, identityId, params.passkey_id)
    await noteChange(db, principal, { verb: "deleted", target: params.passkey_id })
    return { status: 204 }
  }),
]

/** A person's passkeys belong to no company: the one in which they were changed is told. */
const noteChange = (db: Database, principal: Principal, change: { verb: string; target: string; after?: object }) =>
  db.tx((tx) => recordAudit(tx, { companyId: sessionOf(principal).companyId, noun: "passkey", ...change }))

const tooLate = (): Error => new HttpError(400, "This took too long, or was done already: begin again")

type Refuse = (request: FastifyRequest, reply: FastifyReply) => void

const passkeyRoutes = (deps: SignInDeps, steps: Steps, refuseMany: Refuse): Route[] => {
  const { db, identity } = deps

  /** The person whose passkey answers what `beginPasskey` asked this browser. */
  async function personAnswering(request: FastifyRequest, origin: string, given: object): Promise<string> {
    const step = await steps.take<{ challenge: string }>("passkey", identity.stepOf(request))
    if (step === null) throw tooLate()
    return personOf(db, siteOf(origin), step.challenge, given as unknown as AuthenticationResponseJSON)
  }

  return [
    route(beginPasskey, async ({ origin, request }, reply) => {
      refuseMany(request, reply)
      const options = await passkeyOptions(siteOf(origin))
      const token = await steps.begin("passkey", { challenge: options.challenge })
      reply.header("set-cookie", identity.stepCookie(request, token))
      return { status: 200, body: { options } }
    }),

    route(signInWithPasskey, async ({ body, origin, request }, reply) => {
      refuseMany(request, reply)
      const identityId = await personAnswering(request, origin, body.response)
      reply.header("set-cookie", await identity.begin(request, identityId))
      await recordSignIn(deps, request, { verb: "signed_in", by: "passkey", person: { identityId } })
      return { status: 200, body: {} }
    }),

    route(proveWithPasskey, async ({ body, principal, origin, request }, reply) => {
      refuseMany(request, reply)
      const own = await personBehind(db, principal)
      const identityId = await personAnswering(request, origin, body.response)
      if (identityId !== own.identityId) throw invalid("body.response", "is of a passkey that is somebody else's")
      await identity.prove(request)
      await recordSignIn(deps, request, { verb: "proved", by: "passkey", person: { identityId } })
      return { status: 200, body: {} }
    }),
  ]
}

const providerRoutes = (deps: SignInDeps, steps: Steps, refuseMany: Refuse): Route[] => {
  const { identity, provider } = deps
  const configured = (): Provider => {
    if (provider === null) throw notFound("identity provider", "none")
    return provider
  }
  return [
    // A POST from our own page: no other site can make a browser sign in as somebody else.
    route(beginProvider, async ({ origin, request }, reply) => {
      const known = configured()
      refuseForeignOrigin(request)
      refuseMany(request, reply)
      const { url, visit } = await known.begin(`${origin}/causeway/auth/provider/callback`)
      reply.header("set-cookie", identity.stepCookie(request, await steps.begin("provider", visit)))
      return { status: 200, body: { url } }
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
      const { identityId } = outcome
      const tell = (verb: SignInEvent["verb"]) =>
        recordSignIn(deps, request, { verb, by: "provider", person: { identityId } })
      try {
        reply.header("set-cookie", await identity.begin(request, identityId, { latestMs: known.sessionMs }))
      } catch (error) {
        if (!(error instanceof HttpError && error.status === 403)) throw error
        await tell("sign_in_failed")
        return leadTo("blocked")
      }
      await tell("signed_in")
      return leadTo(null)
    }),
  ]
}
