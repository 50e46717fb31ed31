import { createHmac, randomBytes, timingSafeEqual } from "node:crypto"
import type { FastifyRequest } from "fastify"
import { createCache } from "../cache.ts"
import type { Database } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import { forbidden } from "../http/errors.ts"
import type { Log } from "../log.ts"
import type { Seal } from "../secrets/seal.ts"
import { stepSeconds } from "../sign-in/steps.ts"
import { createSignIn, type SignIn, sessionDays } from "./sign-in.ts"

export interface Identity extends SignIn {
  /** The teammate behind the session cookie; null when there is no cookie, or none that holds. */
  session(request: FastifyRequest): Promise<Principal | null>
  /** Prolongs a session that is more than a day old: the Set-Cookie to send, or null. */
  renew(request: FastifyRequest): Promise<string | null>
  /** The session's token, when the request brings a cookie whose signature holds. */
  currentToken(request: FastifyRequest): string | null
  /** A session for somebody who proved who they are by other means than a password: the Set-Cookie. 403 for somebody who may come in nowhere. */
  begin(request: FastifyRequest, identityId: string): Promise<string>
  /** The Set-Cookie that carries a sign-in from its first half to its second. */
  stepCookie(request: FastifyRequest, token: string): string
  /** What the browser brings of that; null: nothing. */
  stepOf(request: FastifyRequest): string | null
  /** Forgets what is cached about sessions: after sign-out, a changed password, a blocked teammate. */
  forgetSessions(): void
}

interface SessionRow {
  company_id: number
  teammate_id: number
  role: "admin" | "teammate" | "observer"
  is_developer: boolean
  expires_at: Date
}

/** A session that was revoked elsewhere holds this much longer here. */
const cacheTtlMs = 3_000
const sessionsCachedMax = 5_000
const dayMs = 86_400_000
const sessionMs = sessionDays * dayMs

export function createIdentity(deps: { db: Database; seal: Seal; log: Log }): Identity {
  const { db, seal } = deps
  const secret = seal.derive("sign-in")
  // Cookies know no ports: two installations on one machine would otherwise sign each other out.
  const suffix = seal.derive("cookie-name").slice(0, 8)
  const cookieName = (secure: boolean): string => `${secure ? "__Host-" : ""}causeway-${suffix}`
  const stepName = (secure: boolean): string => `${cookieName(secure)}-step`
  const signIn = createSignIn({ db, log: deps.log, secret, cookieName })
  const sessions = createCache<SessionRow | null>({
    ttlMs: cacheTtlMs,
    entriesMax: sessionsCachedMax,
    load: (token) => findSession(db, token),
  })

  /** The session's token out of the cookie, once its signature holds. */
  function tokenOf(request: FastifyRequest): { token: string; cookie: string } | null {
    const cookie = readCookie(request.headers.cookie, cookieName(isSecure(request)))
    const token = cookie === null ? null : signedValue(cookie, secret)
    return cookie === null || token === null ? null : { token, cookie }
  }

  return {
    ...signIn,
    async session(request) {
      const token = tokenOf(request)?.token
      const row = token === undefined ? null : await sessions.get(token)
      if (row === null || row.expires_at.getTime() <= Date.now()) return null
      return {
        kind: "session",
        companyId: row.company_id,
        teammateId: row.teammate_id,
        role: row.role,
        isDeveloper: row.is_developer,
      }
    },
    async renew(request) {
      const found = tokenOf(request)
      const row = found === null ? null : await sessions.get(found.token)
      if (found === null || row === null || row.expires_at.getTime() - Date.now() > sessionMs - dayMs) return null
      await db.query({
        name: "sessions.renew",
        text: `update identity_session set "expiresAt" = $2, "updatedAt" = now() where token = $1`,
        values: [found.token, new Date(Date.now() + sessionMs)],
      })
      sessions.forget(found.token)
      const secure = isSecure(request)
      return `${cookieName(secure)}=${found.cookie}; Max-Age=${sessionMs / 1000}; ${attributes(secure)}`
    },
    async begin(request, identityId) {
      const token = await insertSession(db, request, identityId)
      const secure = isSecure(request)
      const value = encodeURIComponent(`${token}.${createHmac("sha256", secret).update(token).digest("base64")}`)
      return `${cookieName(secure)}=${value}; Max-Age=${sessionMs / 1000}; ${attributes(secure)}`
    },
    stepCookie(request, token) {
      const secure = isSecure(request)
      return `${stepName(secure)}=${token}; Max-Age=${stepSeconds}; ${attributes(secure)}`
    },
    stepOf: (request) => readCookie(request.headers.cookie, stepName(isSecure(request))),
    currentToken: (request) => tokenOf(request)?.token ?? null,
    forgetSessions: () => sessions.clear(),
  }
}

/** Lax: a person who comes back from the provider's page brings it along. */
const attributes = (secure: boolean): string => `Path=/; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`

/** The new session's token. */
async function insertSession(db: Database, request: FastifyRequest, identityId: string): Promise<string> {
  const token = randomBytes(24).toString("base64url")
  const rows = await db.query({
    name: "sessions.insert",
    text: `insert into identity_session (id, token, "userId", "expiresAt", "ipAddress", "userAgent")
           select $1, $2, $3, $4, $5, $6 where exists (select from teammate where identity_id = $3 and not is_blocked) returning id`,
    values: [
      randomBytes(16).toString("hex"),
      token,
      identityId,
      new Date(Date.now() + sessionMs),
      request.address,
      request.headers["user-agent"]?.slice(0, 500) ?? "",
    ],
  })
  if (rows.length === 0) throw forbidden("This teammate is blocked: ask an admin")
  return token
}

/** Decides over the cookie's name and its Secure flag. */
const isSecure = (request: FastifyRequest): boolean => request.origin.startsWith("https:")

async function findSession(db: Database, token: string): Promise<SessionRow | null> {
  const rows = await db.query<SessionRow>({
    name: "sessions.find",
    text: `select teammate.company_id, teammate.id as teammate_id, teammate.role, teammate.is_developer, session."expiresAt" as expires_at
           from identity_session session join teammate on teammate.identity_id = session."userId" and not teammate.is_blocked
           where session.token = $1 and session."expiresAt" > now() order by teammate.company_id limit 1`,
    values: [token],
  })
  return rows[0] ?? null
}

function readCookie(header: string | undefined, name: string): string | null {
  for (const pair of header?.split(";") ?? []) {
    const at = pair.indexOf("=")
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return null
}

/** Better Auth signs its cookies as `value.base64(HMAC-SHA256(value))`, percent-encoded. Null when the signature does not hold. */
function signedValue(cookie: string, secret: string): string | null {
  if (cookie.length > 500) return null
  const text = percentDecoded(cookie)
  const at = text?.lastIndexOf(".") ?? -1
  if (text === null || at < 1) return null
  const value = text.slice(0, at)
  const expected = createHmac("sha256", secret).update(value).digest()
  const given = Buffer.from(text.slice(at + 1), "base64")
  return given.length === expected.length && timingSafeEqual(given, expected) ? value : null
}

function percentDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
