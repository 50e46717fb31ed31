import { randomBytes } from "node:crypto"
import type { FastifyRequest } from "fastify"
import { createCache } from "../cache.ts"
import type { Database } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import { forbidden } from "../http/errors.ts"
import type { Log } from "../log.ts"
import type { Seal } from "../secrets/seal.ts"
import { stepSeconds } from "../sign-in/steps.ts"
import { createCookies, signed, signedValue } from "./cookies.ts"
import { createDevices, deviceDays } from "./devices.ts"
import type { HashCost } from "./passwords.ts"
import { createSignIn, type SignIn, sessionDays } from "./sign-in.ts"

export interface Identity extends SignIn {
  /** The teammate behind the session cookie; null when there is no cookie, or none that holds. */
  session(request: FastifyRequest): Promise<Principal | null>
  /** Prolongs a session that is more than a day old, up to its latest end: the Set-Cookie to send, or null. */
  renew(request: FastifyRequest): Promise<string | null>
  /** The Cookie header of the same session for a request of our own to this process, which speaks plain HTTP where the browser may not; null: no cookie. */
  cookieWithin(request: FastifyRequest): string | null
  /** The session's token, when the request brings a cookie whose signature holds. */
  currentToken(request: FastifyRequest): string | null
  /** A session for somebody who proved who they are: the Set-Cookie. What the browser had before ends. 403 for somebody who may come in nowhere. */
  begin(request: FastifyRequest, identityId: string, until?: Until): Promise<string>
  /** Ends the session that the browser had before it signed in again. */
  endPrevious(request: FastifyRequest): Promise<void>
  /** Notes that the person behind this session has just proved again who they are. */
  prove(request: FastifyRequest): Promise<void>
  /** Whether `email` has signed in from this browser before: the browser's id. */
  deviceOf(request: FastifyRequest, email: string): string | null
  /** The Set-Cookie by which this browser is known for `email`. */
  deviceCookie(request: FastifyRequest, email: string): string
  /** The Set-Cookie that carries a sign-in from its first half to its second. */
  stepCookie(request: FastifyRequest, token: string): string
  /** What the browser brings of that; null: nothing. */
  stepOf(request: FastifyRequest): string | null
  /** Forgets what is cached about sessions: after sign-out, a changed password, a blocked teammate. */
  forgetSessions(): void
}

interface Until {
  /** The session ends so long after it began, however much it is used. Default: `sessionLatestDays`. */
  latestMs?: number
}

interface SessionRow {
  company_id: number
  teammate_id: number
  role: "admin" | "teammate" | "observer"
  is_developer: boolean
  expires_at: Date
  latest_at: Date
  proved_at: Date
}

/** A session that was revoked elsewhere holds this much longer here. */
const cacheTtlMs = 3_000
const sessionsCachedMax = 5_000
const dayMs = 86_400_000
const sessionMs = sessionDays * dayMs
/** However much it is used. */
export const sessionLatestDays = 90

export function createIdentity(deps: { db: Database; seal: Seal; log: Log; hashCost?: HashCost }): Identity {
  const { db, seal } = deps
  const secret = seal.derive("sign-in")
  const cookies = createCookies(seal)
  const devices = createDevices(seal.derive("device"))
  const signIn = createSignIn({ ...deps, secret, cookieName: cookies.nameOf })
  const sessions = createCache<SessionRow | null>({
    ttlMs: cacheTtlMs,
    entriesMax: sessionsCachedMax,
    load: (token) => findSession(db, token),
  })

  /** The session's token out of the cookie, once its signature holds. */
  function currentToken(request: FastifyRequest): string | null {
    const cookie = cookies.read(request)
    return cookie === null ? null : signedValue(cookie, secret)
  }

  const rowOf = async (request: FastifyRequest): Promise<SessionRow | null> => {
    const token = currentToken(request)
    return token === null ? null : sessions.get(token)
  }

  async function endPrevious(request: FastifyRequest): Promise<void> {
    const token = currentToken(request)
    if (token === null) return
    await db.query({ name: "sessions.end", text: "delete from identity_session where token = $1", values: [token] })
    sessions.forget(token)
  }

  return {
    ...signIn,
    currentToken,
    endPrevious,
    async session(request) {
      const row = await rowOf(request)
      if (row === null || row.expires_at.getTime() <= Date.now()) return null
      return {
        kind: "session",
        companyId: row.company_id,
        teammateId: row.teammate_id,
        role: row.role,
        isDeveloper: row.is_developer,
        provedAt: row.proved_at.getTime(),
      }
    },
    async renew(request) {
      const token = currentToken(request)
      const row = await rowOf(request)
      if (token === null || row === null) return null
      const expiresAt = Math.min(Date.now() + sessionMs, row.latest_at.getTime())
      if (expiresAt - row.expires_at.getTime() < dayMs) return null
      await db.query({
        name: "sessions.renew",
        text: `update identity_session set "expiresAt" = $2, "updatedAt" = now() where token = $1`,
        values: [token, new Date(expiresAt)],
      })
      sessions.forget(token)
      return cookies.set(request, signed(token, secret), Math.ceil((expiresAt - Date.now()) / 1000))
    },
    async begin(request, identityId, { latestMs } = {}) {
      const lastsMs = Math.min(sessionMs, latestMs ?? sessionMs)
      const latestAt = latestMs === undefined ? null : new Date(Date.now() + latestMs)
      const token = await insertSession(db, request, {
        identityId,
        expiresAt: new Date(Date.now() + lastsMs),
        latestAt,
      })
      await endPrevious(request)
      return cookies.set(request, signed(token, secret), lastsMs / 1000)
    },
    async prove(request) {
      const token = currentToken(request)
      if (token === null) return
      await db.query({
        name: "sessions.prove",
        text: `update identity_session set "provedAt" = now() where token = $1`,
        values: [token],
      })
      sessions.forget(token)
    },
    cookieWithin(request) {
      const cookie = cookies.read(request)
      return cookie === null ? null : `${cookies.nameOf(false)}=${cookie}`
    },
    deviceOf: (request, email) => devices.recognize(cookies.read(request, "-device"), email),
    deviceCookie: (request, email) =>
      cookies.set(request, devices.issue(email), (deviceDays * dayMs) / 1000, "-device"),
    stepCookie: (request, token) => cookies.set(request, token, stepSeconds, "-step"),
    stepOf: (request) => cookies.read(request, "-step"),
    forgetSessions: () => sessions.clear(),
  }
}

/** The new session's token. */
async function insertSession(
  db: Database,
  request: FastifyRequest,
  { identityId, expiresAt, latestAt }: { identityId: string; expiresAt: Date; latestAt: Date | null },
): Promise<string> {
  const token = randomBytes(24).toString("base64url")
  const rows = await db.query({
    name: "sessions.insert",
    text: `insert into identity_session (id, token, "userId", "expiresAt", "ipAddress", "userAgent", "latestAt")
           select $1, $2, $3, $4, $5, $6, $7 where exists (select from teammate where identity_id = $3 and not is_blocked) returning id`,
    values: [
      randomBytes(16).toString("hex"),
      token,
      identityId,
      expiresAt,
      request.address,
      request.headers["user-agent"]?.slice(0, 500) ?? "",
      latestAt,
    ],
  })
  if (rows.length === 0) throw forbidden("This teammate is blocked: ask an admin")
  return token
}

/** By the token's unique key. */
async function findSession(db: Database, token: string): Promise<SessionRow | null> {
  const rows = await db.query<SessionRow>({
    name: "sessions.find",
    text: `select teammate.company_id, teammate.id as teammate_id, teammate.role, teammate.is_developer,
             session."expiresAt" as expires_at, session."provedAt" as proved_at,
             coalesce(session."latestAt", session."createdAt" + ${sessionLatestDays} * interval '1 day') as latest_at
           from identity_session session join teammate on teammate.identity_id = session."userId" and not teammate.is_blocked
           where session.token = $1 and session."expiresAt" > now() order by teammate.company_id limit 1`,
    values: [token],
  })
  return rows[0] ?? null
}
