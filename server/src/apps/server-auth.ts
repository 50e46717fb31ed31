import type { ServerAuth } from "@causeway/contract/endpoints/apps"
import { ServerAuth as ServerAuthSchema } from "@causeway/contract/endpoints/apps"
import type { Credentials } from "../channels/credentials.ts"
import { invalid } from "../http/errors.ts"
import { compileCheck } from "../http/validate.ts"

/** What may be shown of an app's server_auth: type, grant, addresses. */
export interface PublicServerAuth {
  type: ServerAuth["type"]
  grant?: OauthServer["grant"]
  authorize_url?: string
  token_url?: string
  refresh_url?: string
  introspect_url?: string
  issuer?: string
  client_auth?: "basic" | "body"
  scope?: string
}
type OauthServer = Extract<ServerAuth, { type: "oauth2" }>

/** What may not: kept sealed. */
export type ServerSecrets = { client_id?: string; client_secret?: string }

/** Where a sealed value of an app belongs, so that it opens nowhere else. */
export const sealContext = (uid: string, what: "secret" | "server_auth"): string => `app:${uid}:${what}`

const types = ["none", "api_key", "basic", "bearer", "oauth2"]
const check = compileCheck(ServerAuthSchema, "body.server_auth")

/**
 * Splits what a request says about the app's server into its public and its secret half. `before`: the client's id and secret as they stay where the
 * request does not name them, for they are never shown. 400 with the field's name when it is not as it must be.
 */
export function parseServerAuth(
  input: unknown,
  before: ServerSecrets = {},
): { serverAuth: PublicServerAuth; serverSecrets: ServerSecrets } {
  const type = (input as { type: unknown }).type
  if (typeof type !== "string" || !types.includes(type))
    throw invalid("body.server_auth.type", `must be one of: ${types.join(", ")} (was ${String(type).slice(0, 40)})`)
  if (type !== "oauth2") return { serverAuth: { type: type as ServerAuth["type"] }, serverSecrets: {} }
  check(input, false)
  const auth = { ...before, ...(input as OauthServer) }
  if (auth.grant === "authorization_code")
    for (const field of ["authorize_url", "client_id"] as const)
      if (auth[field] === undefined)
        throw invalid(`body.server_auth.${field}`, "is required for the grant authorization_code")
  const serverAuth: PublicServerAuth = { type: "oauth2", grant: auth.grant }
  for (const field of ["token_url", "authorize_url", "refresh_url", "introspect_url", "issuer"] as const) {
    const url = auth[field]
    if (url !== undefined) serverAuth[field] = parseWebUrl(url, `body.server_auth.${field}`)
  }
  if (auth.client_auth !== undefined) serverAuth.client_auth = auth.client_auth
  if (auth.scope !== undefined) serverAuth.scope = auth.scope
  return {
    serverAuth,
    serverSecrets: {
      ...(auth.client_id !== undefined && { client_id: auth.client_id }),
      ...(auth.client_secret !== undefined && { client_secret: auth.client_secret }),
    },
  }
}

/** `text` as it was written, once it is an absolute http(s) address without credentials in it. */
export function parseWebUrl(text: string, field: string): string {
  const problem = webUrlProblem(text)
  if (problem !== null) throw invalid(field, problem)
  return text
}

/** What is wrong with an address that webhooks are to go to, as the end of a sentence; null: nothing. */
export function webUrlProblem(text: string): string | null {
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text
  if (!URL.canParse(text)) return `must be a whole URL such as https://hooks.acme.test/ (was ${shown})`
  const url = new URL(text)
  if (url.protocol !== "https:" && url.protocol !== "http:") return `must begin with https:// or http:// (was ${shown})`
  if (url.username !== "" || url.password !== "")
    return "must not carry a user name or password: webhooks are signed, and the channel's key comes as Bearer"
  if (url.hash !== "") return `must not have a fragment (${url.hash.slice(0, 40)}): it would never be sent`
  return null
}

/** Which credentials an app's server takes from the person who connects (Core API, CreateChannel.credentials). */
const credentialFields: Record<ServerAuth["type"] | OauthServer["grant"], readonly string[]> = {
  none: [],
  api_key: ["api_key"],
  basic: ["username", "password"],
  bearer: ["access_token"],
  oauth2: [],
  client_credentials: ["client_id", "client_secret"],
  password: ["username", "password"],
  authorization_code: [],
}

/** These travel in a header as they are: a line break or a space would end them. */
const bareInHeader = new Set(["api_key", "access_token"])

/**
 * The connecting person's credentials, checked against what the app's server takes. Unknown keys are dropped, so that nothing is sealed that is not used.
 * `client_credentials` may be left out where the app has its own. 400 with the field's name when something is missing or cannot be sent.
 */
export function parseCredentials(
  app: { serverAuth: PublicServerAuth; serverSecrets: ServerSecrets },
  input: Record<string, unknown> | null | undefined,
): Credentials {
  const { type, grant } = app.serverAuth
  const kind = type === "oauth2" ? (grant ?? "authorization_code") : type
  if (kind === "client_credentials" && !input?.client_id && app.serverSecrets.client_id !== undefined) return { type }
  const fields = credentialFields[kind]
  const credentials: Credentials = fields.length === 0 ? {} : { type }
  for (const field of fields) credentials[field] = readCredential(field, input?.[field], kind)
  return credentials
}

function readCredential(field: string, value: unknown, kind: string): string {
  const where = `body.credentials.${field}`
  if (value === undefined || value === null) throw invalid(where, `is required: this app's server_auth is ${kind}`)
  if (typeof value !== "string" || value.trim() === "") throw invalid(where, "must be a string that is not empty")
  const text = field === "password" || field === "client_secret" ? value : value.trim()
  if (bareInHeader.has(field) && !/^[\x21-\x7e]{1,4000}$/.test(text))
    throw invalid(where, "must be printable ASCII without spaces, at most 4000 characters")
  if (text.length > 4000 || /\p{Cc}/u.test(text))
    throw invalid(where, "must be at most 4000 characters without control characters")
  if (field === "username" && kind === "basic" && text.includes(":"))
    throw invalid(where, "must not contain a colon: it ends the name in a Basic header (RFC 7617)")
  return text
}
