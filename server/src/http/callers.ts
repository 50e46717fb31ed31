import type { Caller, Endpoint } from "@causeway/contract/endpoint"
import type { FastifyRequest } from "fastify"
import { HttpError, unauthenticated } from "./errors.ts"

/** Who is calling, as the credential proved. Everything a request touches is scoped by `companyId`. */
export type Principal =
  | { kind: "channel"; companyId: number; channelId: number; appUid: string }
  // An OAuth access token is a token too: `oauthClientId` says whose, and tokenId is then its grant.
  | { kind: "token"; companyId: number; tokenId: number; scopes: readonly string[]; oauthClientId?: number }
  | {
      kind: "session"
      companyId: number
      teammateId: number
      role: "admin" | "teammate" | "observer"
      isDeveloper: boolean
      /** When they last proved who they are, ms since 1970. */
      provedAt: number
    }
  | { kind: "installation" }
  | { kind: "anyone" }

/** The principals that belong to one company. */
export type Member = Extract<Principal, { companyId: number }>

/** What proves each kind of credential: the folders that own the secrets provide these. */
export interface Verifiers {
  /** A channel's JWT. Throws 401 when it does not hold. */
  channelToken(jwt: string): Promise<Principal>
  /** An API token or the installation token; null when unknown. */
  apiToken(token: string): Promise<Principal | null>
  /** An OAuth access token; null when unknown, expired or ended. */
  accessToken(token: string): Promise<Principal | null>
  /** A session cookie; null when there is none that holds. */
  session(request: FastifyRequest): Promise<Principal | null>
}

/** What access tokens begin with; no other kind does. */
export const accessTokenPrefix = "co_"

/**
 * Who `request` comes from; null when it brings no credential. Throws 401 for one that does not hold. The kinds are told apart by their form alone:
 * three parts between dots are a JWT (no token of ours has a dot), our prefix is an access token, the rest is looked up as an API token.
 */
export async function authenticate(
  request: FastifyRequest,
  allowed: readonly Caller[],
  verifiers: Verifiers,
): Promise<Principal | null> {
  // An OAuth client's id and secret are no bearer and may come in the body: the handler reads them.
  if (allowed.includes("client")) return null
  const header = request.headers.authorization
  if (header === undefined) return verifiers.session(request)
  const token = /^Bearer +(\S+) *$/i.exec(header)?.[1]
  if (token === undefined) throw unauthenticated("Authorization must be: Bearer, a space, the token")
  if (token.split(".", 4).length === 3) return verifiers.channelToken(token)
  const principal = await (token.startsWith(accessTokenPrefix)
    ? verifiers.accessToken(token)
    : verifiers.apiToken(token))
  if (principal === null) throw unauthenticated("Invalid token")
  return principal
}

/** A session may do delicate things for so long after its person proved who they are. */
const provedMs = 10 * 60_000

/** The caller of `request`, refused with 401 or 403 when the route does not take that kind. */
export function authorize(
  request: FastifyRequest,
  principal: Principal | null,
  { callers: allowed, scope, delicate = false }: Pick<Endpoint, "callers" | "scope" | "delicate">,
): Principal {
  if (principal === null) {
    if (allowed.includes("anyone") || allowed.includes("client")) return { kind: "anyone" }
    throw unauthenticated("No credential: send Authorization: Bearer with a token")
  }
  if (allowed.includes("anyone")) return principal
  if (!allowed.includes(principal.kind))
    throw new HttpError(403, `This operation is not open to ${callerNames[principal.kind]}`)
  if (principal.kind === "token" && scope !== null && !principal.scopes.includes(scope)) {
    throw new HttpError(403, `This token lacks the scope ${scope}`)
  }
  if (principal.kind === "session") {
    if (!isSafe(request.method)) refuseForeignOrigin(request)
    if (delicate && Date.now() - principal.provedAt > provedMs)
      throw new HttpError(403, "Say again who you are: this needs your password or a passkey", {
        more: { code: "prove" },
      })
  }
  return principal
}

const callerNames: Record<Caller, string> = {
  channel: "a channel's token",
  token: "an API token",
  session: "a session",
  installation: "the installation token",
  client: "an OAuth client",
  anyone: "anyone",
}

export const isSafe = (method: string): boolean => method === "GET" || method === "HEAD"

/** A cookie is sent by the browser whoever made the page; so an unsafe request must come from a page of ours: 403 otherwise. */
export function refuseForeignOrigin(request: FastifyRequest): void {
  const site = request.headers["sec-fetch-site"]
  if (site === "same-origin" || site === "none") return
  const origin = request.headers.origin
  if (site === undefined && origin !== undefined && hostOf(origin) === request.headers.host) return
  throw new HttpError(
    403,
    "A session may only be used from Causeway's own pages (Origin or Sec-Fetch-Site was foreign or missing)",
  )
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null
}
