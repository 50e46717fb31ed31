import { createHmac, timingSafeEqual } from "node:crypto"
import { parseId } from "@causeway/contract/ids"
import type { App, Apps } from "../apps/store.ts"
import type { Principal } from "../http/callers.ts"
import { type HttpError, unauthenticated } from "../http/errors.ts"
import type { Channels } from "./store.ts"

/** Far above what clients send (about 200); what is longer is refused before anything is decoded. */
const tokenCharsMax = 4096
const verifiedMax = 10_000
/** nbf is in no documented token; where it comes, clocks may differ by this much. */
const notBeforeLeewaySeconds = 60

/** A token that was found good once: what it proved, and what must still be so at every later use. */
interface Verified {
  principal: Extract<Principal, { kind: "channel" }>
  exp: number
  secret: string
}

/**
 * Checks the JWT that a channel builder signs with the app's secret: HS256 and nothing else, `iss` the app's uid as a number or a string, `sub` a
 * channel of that app, `exp` in the future however far. `typ`, `iat` and `jti` may be there or not, and a token may come again (live clients do all of
 * that). Good tokens are remembered; at every use their expiry, their secret and their channel are looked at again.
 */
export function createTokenVerifier(deps: { apps: Apps; channels: Channels }): (jwt: string) => Promise<Principal> {
  const verified = new Map<string, Verified>()

  async function verify(jwt: string): Promise<Verified> {
    const { header, claims, signed, signature } = decode(jwt)
    if (header.alg !== "HS256") throw bad(`alg must be HS256, was ${show(header.alg)}`)
    if (header.crit !== undefined) throw bad("crit is not supported")
    const exp = expiryOf(claims)
    const app = await issuerOf(claims, deps.apps)
    const secret = secretsOf(app).find((candidate) => matches(signed, signature, candidate))
    if (secret === undefined) throw bad(`the signature does not match the secret of app ${app.uid}`)
    const channelId = typeof claims.sub === "string" ? parseId("cha", claims.sub) : null
    const channel = channelId === null ? null : await deps.channels.find(app.companyId, channelId)
    if (channel === null || channel.appUid !== app.uid)
      throw bad(`sub must name a channel of app ${app.uid}, was ${show(claims.sub)}`)
    return {
      principal: { kind: "channel", companyId: app.companyId, channelId: channel.id, appUid: app.uid },
      exp,
      secret,
    }
  }

  async function stillHolds({ principal, exp, secret }: Verified): Promise<boolean> {
    if (exp <= Date.now() / 1000) return false
    const app = await deps.apps.find(principal.appUid)
    if (app === null || !secretsOf(app).includes(secret)) return false
    return (await deps.channels.find(principal.companyId, principal.channelId)) !== null
  }

  return async (jwt) => {
    if (jwt.length > tokenCharsMax) throw bad(`longer than ${tokenCharsMax} characters`)
    const known = verified.get(jwt)
    if (known !== undefined) {
      if (await stillHolds(known)) return known.principal
      verified.delete(jwt)
    }
    const fresh = await verify(jwt)
    if (verified.size >= verifiedMax) verified.delete(verified.keys().next().value as string)
    verified.set(jwt, fresh)
    return fresh.principal
  }
}

const bad = (problem: string): HttpError => unauthenticated(`JSON Web Token error: ${problem}`)

const show = (value: unknown): string => (value === undefined ? "missing" : String(JSON.stringify(value)).slice(0, 60))

const secretsOf = ({ secrets }: App): string[] =>
  secrets.old === null ? [secrets.current] : [secrets.current, secrets.old]

type Json = Record<string, unknown>

function decode(jwt: string): { header: Json; claims: Json; signed: string; signature: string } {
  const parts = jwt.split(".")
  const [header, claims, signature] = parts
  if (parts.length !== 3 || !header || !claims || !signature)
    throw bad("it must have three parts: header, claims, signature")
  return {
    header: decodePart(header, "header"),
    claims: decodePart(claims, "claims"),
    signed: `${header}.${claims}`,
    signature,
  }
}

function decodePart(part: string, name: string): Json {
  if (!/^[A-Za-z0-9_-]+$/.test(part)) throw bad(`its ${name} is not base64url`)
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(part, "base64url").toString("utf8"))
  } catch {
    throw bad(`its ${name} is not JSON`)
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw bad(`its ${name} is not a JSON object`)
  return value as Json
}

function expiryOf(claims: Json): number {
  const { exp, nbf } = claims
  const now = Date.now() / 1000
  if (typeof exp !== "number" || !Number.isFinite(exp)) throw bad(`exp must be a time in seconds, was ${show(exp)}`)
  if (exp <= now) throw bad(`it expired ${Math.ceil(now - exp)} s ago`)
  if (nbf !== undefined && !(typeof nbf === "number" && nbf <= now + notBeforeLeewaySeconds))
    throw bad("nbf is in the future")
  return exp
}

async function issuerOf(claims: Json, apps: Apps): Promise<App> {
  const { iss } = claims
  const uid = typeof iss === "number" || typeof iss === "string" ? String(iss) : ""
  const app = /^[1-9][0-9]{0,14}$/.test(uid) ? await apps.find(uid) : null
  if (app === null) throw bad(`iss must be the uid of an app, was ${show(iss)}`)
  return app
}

/**
 * Compared as text: bytes can be written in several ways, and one signature has one. Both sides are of one length or the comparison is not made: its time
 * tells nothing about where they differ.
 */
function matches(signed: string, signature: string, secret: string): boolean {
  const given = Buffer.from(signature)
  const expected = Buffer.from(createHmac("sha256", secret).update(signed).digest("base64url"))
  return given.length === expected.length && timingSafeEqual(given, expected)
}
