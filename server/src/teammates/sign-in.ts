import { randomBytes } from "node:crypto"
import type { FastifyRequest } from "fastify"
import type { Database, Tx } from "../database/database.ts"
import { HttpError, OutageError } from "../http/errors.ts"
import type { Log } from "../log.ts"
import { type HashCost, hashPassword, passwordCharsMax, passwordCharsMin, verifyPassword } from "./passwords.ts"

/** What Better Auth answered: cookies to set, and its JSON. */
export interface SignInAnswer {
  cookies: string[]
  body: unknown
}

export type SignInPath = "/sign-in/email" | "/sign-out" | "/change-password"

export interface SignIn {
  /** Runs one of Better Auth's own operations for a request of ours; its refusals are thrown as ours. */
  call(path: SignInPath, request: FastifyRequest, body: object): Promise<SignInAnswer>
  /** Whether this is the person's password. Takes as long for somebody who has none. */
  knows(identityId: string, password: string): Promise<boolean>
  /** Writes a person who signs in with e-mail and password. 409 when the address already does. */
  createPerson(tx: Tx, person: { name: string; email: string; password: string }): Promise<string>
  /** Gives a teammate's person another password and ends all their sessions. */
  setPassword(tx: Tx, companyId: number, teammateId: number, password: string): Promise<void>
}

export const sessionDays = 30

export const basePath = "/causeway/auth"

interface SignInOptions {
  db: Database
  log: Log
  secret: string
  cookieName(isSecure: boolean): string
  /** Default: what OWASP asks for. */
  hashCost?: HashCost
}

interface Handler {
  handler(request: Request): Promise<Response>
}

const originsMax = 32

/**
 * Better Auth behind our own routes: only the operations named above can be reached, people are made by set-up and invitations alone, and nothing is
 * called outside. It is loaded at the first use, which spares every start half a second.
 */
export function createSignIn(options: SignInOptions): SignIn {
  const instances = new Map<string, Promise<Handler>>()
  const hash = (password: string): Promise<string> => hashPassword(password, options.hashCost)

  /** One for each origin that people use (localhost and 127.0.0.1 are two): it takes requests from its own pages only. */
  function instance(origin: string, isSecure: boolean): Promise<Handler> {
    const known = instances.get(origin)
    if (known !== undefined) return known
    if (instances.size >= originsMax) instances.clear() // the Host header is the caller's to choose
    const loading = load(options, origin, isSecure)
    instances.set(origin, loading)
    return loading
  }

  async function call(path: SignInPath, request: FastifyRequest, body: object): Promise<SignInAnswer> {
    const { origin } = request
    const isSecure = origin.startsWith("https:")
    if (!URL.canParse(origin)) throw new HttpError(400, "The Host header names no host")
    const auth = await instance(new URL(origin).origin, isSecure)
    return answerOf(await auth.handler(webRequest(new URL(basePath + path, origin), request, body)))
  }

  return {
    call,
    async knows(identityId, password) {
      const rows = await options.db.query<{ password: string }>({
        name: "sign_in.password", // identity_account_user
        text: `select password from identity_account where "userId" = $1 and "providerId" = 'credential'`,
        values: [identityId],
      })
      if (rows[0] !== undefined) return verifyPassword(password, rows[0].password)
      await hash(password)
      return false
    },
    createPerson: async (tx, person) => createPerson(tx, person, await hash(person.password)),
    setPassword: async (tx, companyId, teammateId, password) =>
      setPassword(tx, companyId, teammateId, await hash(password)),
  }
}

async function load(
  { db, log, secret, cookieName, hashCost }: SignInOptions,
  origin: string,
  isSecure: boolean,
): Promise<Handler> {
  const { betterAuth } = await import("better-auth")
  return betterAuth({
    appName: "Causeway",
    // Said here although each has a default: the defaults read the operator's environment (BASE_URL, BETTER_AUTH_SECRETS).
    baseURL: origin,
    secrets: [{ version: 1, value: secret }],
    basePath,
    database: db.pool,
    telemetry: { enabled: false },
    logger: {
      level: "error",
      log: (level, message, ...details) => log[level === "error" ? "error" : "info"]({ details }, `sign_in.${message}`),
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordCharsMin,
      maxPasswordLength: passwordCharsMax,
      // An address that nobody has is hashed too: how long an answer takes says nothing.
      password: {
        hash: (password) => hashPassword(password, hashCost),
        verify: ({ hash, password }) => verifyPassword(password, hash),
      },
    },
    user: { modelName: "identity_user" },
    account: { modelName: "identity_account", accountLinking: { enabled: false } },
    verification: { modelName: "identity_verification" },
    session: {
      modelName: "identity_session",
      expiresIn: sessionDays * 86_400,
      updateAge: 86_400,
      cookieCache: { enabled: false },
    },
    rateLimit: { enabled: false }, // ours counts by e-mail too: tries.ts
    databaseHooks: { session: { create: { before: (session) => refuseBlocked(db, session.userId) } } },
    advanced: {
      // The name carries the prefix: useSecureCookies would make it __Secure-, which a sibling domain may set.
      useSecureCookies: false,
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax", secure: isSecure, path: "/" },
      cookiePrefix: "causeway",
      cookies: { session_token: { name: cookieName(isSecure) } },
      // Both default to off where NODE_ENV is "test".
      disableCSRFCheck: false,
      disableOriginCheck: false,
      ipAddress: { ipAddressHeaders: [addressHeader] },
      database: { validateSchema: false },
    },
  })
}

/** A session is only made for somebody who may come in somewhere. */
async function refuseBlocked(db: Database, identityId: string): Promise<void> {
  const rows = await db.query({
    name: "teammates.may_sign_in",
    text: "select 1 from teammate where identity_id = $1 and not is_blocked limit 1",
    values: [identityId],
  })
  if (rows.length > 0) return
  const { APIError } = await import("better-auth/api")
  throw new APIError("FORBIDDEN", { message: "This teammate is blocked: ask an admin" })
}

/** Set by us alone: what the caller sends under forwarded names is not passed on. */
const addressHeader = "x-causeway-address"
const browserHeaders = ["cookie", "origin", "referer", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest"]

/** With the headers that say from which page a browser calls; Better Auth refuses foreign ones. */
function webRequest(url: URL, request: FastifyRequest, body: object): Request {
  const headers = new Headers({ "content-type": "application/json", [addressHeader]: request.address })
  for (const name of [...passedHeaders(request), "user-agent"]) {
    const value = request.headers[name]
    if (typeof value === "string") headers.set(name, value)
  }
  return new Request(url, { method: "POST", headers, body: JSON.stringify(body) })
}

/** Every browser of today says Sec-Fetch-Site; scripts (Node's fetch) say Sec-Fetch-Mode alone and would be taken for a page without an origin. */
const passedHeaders = (request: FastifyRequest): readonly string[] =>
  request.headers["sec-fetch-site"] === undefined
    ? browserHeaders.filter((name) => !name.startsWith("sec-fetch"))
    : browserHeaders

async function answerOf(response: Response): Promise<SignInAnswer> {
  const text = await response.text()
  const body = text === "" ? null : JSON.parse(text)
  if (response.ok) return { cookies: response.headers.getSetCookie(), body }
  // Its 5xx stand for a database that did not answer: the log has the cause.
  if (response.status >= 500) throw new OutageError("signing in is not possible for the moment", 2)
  throw new HttpError(response.status, body?.message ?? "Signing in was refused", { code: body?.code })
}

async function createPerson(tx: Tx, person: { name: string; email: string }, hash: string): Promise<string> {
  const id = randomBytes(16).toString("hex")
  const rows = await tx.query({
    text: "insert into identity_user (id, name, email) values ($1, $2, $3) on conflict (email) do nothing returning id",
    values: [id, person.name.trim(), person.email],
  })
  if (rows.length === 0) throw new HttpError(409, `${person.email} already signs in here: use another e-mail address`)
  await tx.query({
    text: `insert into identity_account (id, "accountId", "providerId", "userId", password) values ($1, $2, 'credential', $2, $3)`,
    values: [randomBytes(16).toString("hex"), id, hash],
  })
  return id
}

async function setPassword(tx: Tx, companyId: number, teammateId: number, hash: string): Promise<void> {
  await tx.query({
    text: `with person as (select identity_id from teammate where company_id = $1 and id = $2),
             ended as (delete from identity_session using person where "userId" = identity_id)
           update identity_account set password = $3, "updatedAt" = now() from person
           where "userId" = identity_id and "providerId" = 'credential'`,
    values: [companyId, teammateId, hash],
  })
}
