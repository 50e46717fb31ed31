import type { ServerAuth } from "@causeway/contract/endpoints/apps"
import { ServerAuth as ServerAuthSchema } from "@causeway/contract/endpoints/apps"
import { HttpError, invalid } from "../http/errors.ts"
import { compileCheck } from "../http/validate.ts"

/** What may be shown of an app's server_auth: type, grant, addresses. */
export type PublicServerAuth = {
  type: ServerAuth["type"]
  grant?: string
  authorize_url?: string
  token_url?: string
  introspect_url?: string
}
/** What may not: kept sealed. */
export type ServerSecrets = { client_id?: string; client_secret?: string }

/** Where a sealed value of an app belongs, so that it opens nowhere else. */
export const sealContext = (uid: string, what: "secret" | "server_auth"): string => `app:${uid}:${what}`

const types = ["none", "api_key", "basic", "bearer", "oauth2"]
const check = compileCheck(ServerAuthSchema, "body.server_auth")

/** Splits what a request says about the app's server into its public and its secret half. 400 with the field's name when it is not as it must be. */
export function parseServerAuth(input: unknown): { serverAuth: PublicServerAuth; serverSecrets: ServerSecrets } {
  const type = (input as { type: unknown }).type
  if (typeof type !== "string" || !types.includes(type))
    throw invalid("body.server_auth.type", `must be one of: ${types.join(", ")} (was ${String(type).slice(0, 40)})`)
  if (type !== "oauth2") return { serverAuth: { type: type as ServerAuth["type"] }, serverSecrets: {} }
  check(input, false)
  const auth = input as Extract<ServerAuth, { type: "oauth2" }>
  const serverAuth: PublicServerAuth = {
    type: "oauth2",
    grant: auth.grant,
    token_url: parseWebUrl(auth.token_url, "body.server_auth.token_url"),
  }
  if (auth.grant === "authorization_code" && auth.authorize_url === undefined)
    throw invalid("body.server_auth.authorize_url", "is required for the grant authorization_code")
  if (auth.authorize_url !== undefined)
    serverAuth.authorize_url = parseWebUrl(auth.authorize_url, "body.server_auth.authorize_url")
  if (auth.introspect_url !== undefined)
    serverAuth.introspect_url = parseWebUrl(auth.introspect_url, "body.server_auth.introspect_url")
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

/** What connecting needs from the person, and what it becomes. Other server types are kept but cannot be connected yet. */
const credentialFields: Partial<Record<ServerAuth["type"], readonly string[]>> = { none: [], api_key: ["api_key"] }

/**
 * The connecting person's credentials, checked against what the app's server takes. Unknown keys are dropped, so that nothing is sealed that is not used.
 * 400 in words when something is missing or the type cannot be connected.
 */
export function parseCredentials(
  type: ServerAuth["type"],
  input: Record<string, unknown> | null | undefined,
): Record<string, string> {
  const fields = credentialFields[type]
  if (fields === undefined) {
    throw new HttpError(
      400,
      `This app's server_auth is ${type}; this version connects apps whose server_auth is none or api_key. Change the app, or wait for a version that can`,
    )
  }
  const credentials: Record<string, string> = {}
  for (const field of fields) {
    const value = input?.[field]
    if (value === undefined || value === null)
      throw invalid(`body.credentials.${field}`, `is required: this app's server_auth is ${type}`)
    if (typeof value !== "string" || value.trim() === "")
      throw invalid(`body.credentials.${field}`, "must be a string that is not empty")
    // It travels in a header: a line break there would end it.
    if (!/^[\x21-\x7e]{1,4000}$/.test(value.trim()))
      throw invalid(`body.credentials.${field}`, "must be printable ASCII without spaces, at most 4000 characters")
    credentials[field] = value.trim()
  }
  return credentials
}

/** What goes out as `Authorization: Bearer` on every webhook of a channel (the vendor's guide: the API key the user typed); null: none. */
export const bearerOf = (credentials: Record<string, string>): string | null => credentials.api_key ?? null
