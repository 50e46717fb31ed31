import { createHmac, timingSafeEqual } from "node:crypto"
import type { AuthorizationQuery } from "@causeway/contract/endpoints/oauth"
import type { Database } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import type { Answer } from "../http/route.ts"
import type { Ids } from "../ids.ts"
import { consentPage, problemPage } from "./page.ts"
import { insertSecret } from "./secrets.ts"
import { findClient, insertGrant, type OauthClient } from "./store.ts"

/**
 * An admin lets an integration in: GET shows the page, its form comes back by POST. Who is not signed in is led to the inbox, which signs in and leads
 * back here. A request whose client or redirect_uri is wrong is told to the person; everything else goes to redirect_uri as an error, because only
 * there somebody can mend it. That is RFC 6749 4.1.2.1.
 */
export interface AuthorizeDeps {
  db: Database
  ids: Ids
  /** Signs the pages we make. */
  pageKey: string
}

type Session = Extract<Principal, { kind: "session" }>

/** A request that is in order but for who decides. */
interface Request {
  client: OauthClient
  redirectUri: string
  /** Null where the request named none and the client has only one. */
  namedUri: string | null
  scopes: string[]
  state: string | undefined
  codeChallenge: string | null
}

/** The page stays good this long. */
const pageMs = 30 * 60_000

/** GET: the page, or where to go instead. */
export async function showConsent(
  deps: AuthorizeDeps,
  query: AuthorizationQuery,
  principal: Principal,
  search: string,
): Promise<Answer> {
  const request = await readRequest(deps.db, query, 302)
  if ("status" in request) return request
  if (principal.kind !== "session") return toSignIn(302, search)
  const refused = refuseSession(request, principal)
  if (refused !== null) return refused
  const { companyName, email } = await whoIs(deps.db, principal)
  return consentPage({
    clientName: request.client.name,
    companyName,
    email,
    scopes: request.scopes,
    redirectUri: request.redirectUri,
    fields: { ...given(query), proof: prove(deps.pageKey, principal, query, Date.now() + pageMs) },
  })
}

/** POST: what the admin decided, sent on to the integration. */
export async function decide(
  deps: AuthorizeDeps,
  body: AuthorizationQuery & { decision?: string; proof?: string },
  principal: Principal,
): Promise<Answer> {
  const { decision, proof, ...query } = body
  const request = await readRequest(deps.db, query, 303)
  if ("status" in request) return request
  const again = `?${new URLSearchParams(given(query))}`
  if (principal.kind !== "session") return toSignIn(303, again)
  const refused = refuseSession(request, principal)
  if (refused !== null) return refused
  // The page was somebody else's, for another request, or is old: it is shown anew, and nothing has happened.
  if (!isProof(deps.pageKey, principal, query, proof)) return redirect(303, `/oauth/authorize${again}`)
  if (decision !== "allow")
    return sendBack(303, request, { error: "access_denied", error_description: "The admin did not agree" })
  return sendBack(303, request, { code: await grant(deps, request, principal) })
}

/** `status`: what leads from here to redirect_uri, 303 after a form: a browser that takes 302 at its word would post the form again there. */
async function readRequest(db: Database, query: AuthorizationQuery, status: 302 | 303): Promise<Request | Answer> {
  const client = query.client_id ? await findClient(db, query.client_id) : null
  if (client === null)
    return problemPage(400, "This link is not in order", "Its client_id names no integration that is known here.")
  const namedUri = query.redirect_uri || null
  const redirectUri = namedUri ?? (client.redirectUris.length === 1 ? client.redirectUris[0] : undefined)
  if (redirectUri === undefined || !client.redirectUris.includes(redirectUri)) {
    return problemPage(
      400,
      "This link is not in order",
      `Its redirect_uri ${namedUri === null ? "is missing" : `(${namedUri}) is none of those that ${client.name} has registered`}.`,
    )
  }
  const request = { client, redirectUri, namedUri, state: query.state }
  const refuse = (error: string, description: string) =>
    sendBack(status, request, { error, error_description: description })
  if (query.response_type !== "code") return refuse("unsupported_response_type", "response_type must be code")
  // The vendor's clients name no scope: they get what they were made for.
  const asked = [...new Set(query.scope?.split(" ").filter(Boolean))]
  const excess = asked.find((scope) => !client.scopes.includes(scope))
  if (excess !== undefined) return refuse("invalid_scope", `this client may not ask for ${excess.slice(0, 60)}`)
  if (query.code_challenge !== undefined || query.code_challenge_method !== undefined) {
    if (query.code_challenge_method !== "S256" || !/^[\w-]{43}$/.test(query.code_challenge ?? ""))
      return refuse("invalid_request", "code_challenge must be the base64url of a SHA-256, code_challenge_method S256")
  }
  return { ...request, scopes: asked.length > 0 ? asked : client.scopes, codeChallenge: query.code_challenge ?? null }
}

/** Another company's client is like none: its name is not shown. */
function refuseSession({ client }: Request, session: Session): Answer | null {
  if (client.companyId !== session.companyId)
    return problemPage(400, "This link is not in order", "Its client_id names no integration that is known here.")
  if (session.role === "admin") return null
  return problemPage(
    403,
    "An admin has to decide this",
    `You need to be an admin to let ${client.name} in. Send this page's address to one, or sign in as one.`,
  )
}

async function grant(deps: AuthorizeDeps, request: Request, session: Session): Promise<string> {
  await deps.ids.reserve(1)
  const id = deps.ids.take()
  return deps.db.tx(async (tx) => {
    await insertGrant(tx, {
      companyId: session.companyId,
      id,
      clientId: request.client.id,
      teammateId: session.teammateId,
      scopes: request.scopes,
    })
    const asked = { redirectUri: request.namedUri, codeChallenge: request.codeChallenge }
    return (await insertSecret(tx, { companyId: session.companyId, id }, "code", asked)).secret
  })
}

async function whoIs(db: Database, session: Session): Promise<{ companyName: string; email: string }> {
  const rows = await db.query<{ company_name: string; email: string }>({
    name: "oauth.who",
    text: `select company.name as company_name, teammate.email from teammate join company on company.id = teammate.company_id
           where teammate.company_id = $1 and teammate.id = $2`,
    values: [session.companyId, session.teammateId],
  })
  return { companyName: rows[0]?.company_name ?? "", email: rows[0]?.email ?? "" }
}

const redirect = (status: 302 | 303, location: string): Answer => ({
  status,
  headers: { location, "cache-control": "no-store", "referrer-policy": "no-referrer" },
})

/** The inbox leads back to `/oauth/authorize` with this very query; packed, so that no router on the way reads and rewrites it. */
const toSignIn = (status: 302 | 303, search: string): Answer =>
  redirect(status, `/app/authorize/${Buffer.from(search).toString("base64url")}`)

/** The URI's own query stays byte for byte; ours comes behind it. */
function sendBack(
  status: 302 | 303,
  { redirectUri, state }: Pick<Request, "redirectUri" | "state">,
  values: Record<string, string>,
): Answer {
  const added = new URLSearchParams({ ...values, ...(state !== undefined && { state }) })
  return redirect(status, `${redirectUri}${redirectUri.includes("?") ? "&" : "?"}${added}`)
}

const names = [
  "response_type",
  "client_id",
  "redirect_uri",
  "scope",
  "state",
  "code_challenge",
  "code_challenge_method",
] as const

/** The parameters that came, in one order. */
const given = (query: AuthorizationQuery): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (query[name] === undefined ? [] : [[name, query[name]]])))

/** `<end in ms>.<HMAC>`: this page was made by us, for this teammate and this request. No other site can make a browser send it. */
function prove(key: string, session: Session, query: AuthorizationQuery, until: number): string {
  const told = JSON.stringify([until, session.companyId, session.teammateId, given(query)])
  return `${until}.${createHmac("sha256", key).update(told).digest("base64url")}`
}

function isProof(key: string, session: Session, query: AuthorizationQuery, proof: string | undefined): boolean {
  const until = Number(/^(\d{1,15})\./.exec(proof ?? "")?.[1])
  if (proof === undefined || !(until > Date.now())) return false
  const expected = Buffer.from(prove(key, session, query, until))
  const came = Buffer.from(proof)
  return came.length === expected.length && timingSafeEqual(came, expected)
}
