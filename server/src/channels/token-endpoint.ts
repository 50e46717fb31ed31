import type { App } from "../apps/store.ts"
import type { Dialer } from "../delivery/dialer.ts"
import type { Outcome } from "../delivery/outcome.ts"
import { without } from "../secrets/redact.ts"
import { version } from "../version.ts"
import { basic, type Credentials, type GivenTokens } from "./credentials.ts"

/** What tokens are asked for with (RFC 6749). `credentials` are the connecting person's; the app brings its own client_id and client_secret. */
export type Grant =
  | { type: "authorization_code"; code: string; redirectUri: string }
  | { type: "client_credentials" | "password"; credentials: Credentials }
  | { type: "refresh_token"; refreshToken: string; credentials: Credentials }

/** `problem` is the end of a sentence; `isFinal`: asking again with the same words will not help. */
export type Refusal = { problem: string; isFinal: boolean }

export type TokenDeps = { dialer: Pick<Dialer, "start"> }

/** As a webhook's answer: somebody is waiting. */
const answerMs = 7_000
const shownCharsMax = 300
/** Longer ones would not pass as a header. */
const tokenCharsMax = 8_000

/**
 * Asks an app's token endpoint, as a form; the client proves itself by Basic or in the body, as the app says. What partners of the vendor answer has
 * `access_token` for certain, and often nothing else. Never throws for what the partner does.
 */
export async function requestTokens(deps: TokenDeps, app: App, grant: Grant): Promise<GivenTokens | Refusal> {
  const { serverAuth } = app
  const url = (grant.type === "refresh_token" ? serverAuth.refresh_url : undefined) ?? serverAuth.token_url
  if (url === undefined) return { problem: "its app names no token endpoint", isFinal: true }
  const client = clientOf(app, grant)
  const form = formOf(grant)
  if (grant.type !== "refresh_token" && grant.type !== "authorization_code" && serverAuth.scope !== undefined)
    form.scope = serverAuth.scope
  const secrets = [client.secret, form.password, form.code, form.refresh_token]
  const outcome = await postForm(deps, url, client, form, serverAuth.client_auth ?? "basic")
  const read = readTokens(outcome, { host: new URL(url).host, secrets, now: Date.now() })
  // What a code was given for cannot be asked for again; what was renewed once can be renewed with the same refresh token.
  return "problem" in read
    ? read
    : { ...read, isRenewable: read.refreshToken !== null || grant.type !== "authorization_code" }
}

interface Client {
  id: string | undefined
  secret: string | undefined
}

/** For client_credentials the person's own client is asked for; without one, and for every other grant, the app's. */
function clientOf({ serverSecrets }: App, grant: Grant): Client {
  const own = "credentials" in grant ? grant.credentials : {}
  return own.client_id === undefined
    ? { id: serverSecrets.client_id, secret: serverSecrets.client_secret }
    : { id: own.client_id, secret: own.client_secret }
}

function formOf(grant: Grant): Record<string, string> {
  if (grant.type === "authorization_code")
    return { grant_type: grant.type, code: grant.code, redirect_uri: grant.redirectUri }
  if (grant.type === "refresh_token") return { grant_type: grant.type, refresh_token: grant.refreshToken }
  if (grant.type === "client_credentials") return { grant_type: grant.type }
  const { username = "", password = "" } = grant.credentials
  return { grant_type: grant.type, username, password }
}

/** A form to a server of the app's. It is not in the delivery log: what it carries is secret on both ways. */
async function postForm(
  deps: TokenDeps,
  url: string,
  client: Client,
  form: Record<string, string>,
  clientAuth: "basic" | "body",
): Promise<Outcome> {
  const { id, secret = "" } = client
  const byHeader = clientAuth === "basic" && id !== undefined
  const inBody: Record<string, string> =
    clientAuth === "body" && id !== undefined ? { client_id: id, client_secret: secret } : {}
  const exchange = deps.dialer.start(
    {
      url,
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        accept: "application/json",
        "accept-encoding": "identity",
        "user-agent": `causeway/${version}`,
        // RFC 6749, 2.3.1: both are form-encoded first
        ...(byHeader && { authorization: basic(formEncoded(id), formEncoded(secret)) }),
      },
      body: new URLSearchParams({ ...form, ...inBody }).toString(),
    },
    { limitMs: answerMs },
  )
  return (await exchange.report).outcome
}

const formEncoded = (text: string): string => new URLSearchParams({ "": text }).toString().slice(1)

interface Reading {
  /** Of the endpoint, for the sentence. */
  host: string
  /** Not to be repeated from the partner's words. */
  secrets: (string | undefined)[]
  /** Milliseconds since 1970. */
  now: number
}

/** What a token endpoint's answer means. Exported for its test. */
export function readTokens(outcome: Outcome, reading: Reading): Omit<GivenTokens, "isRenewable"> | Refusal {
  const read = readJson(outcome, reading, "token endpoint")
  if ("problem" in read) return read
  const { access_token, refresh_token } = read.json
  if (typeof access_token !== "string" || access_token === "")
    return { problem: `its token endpoint (${reading.host}) answered without an access_token`, isFinal: true }
  if (access_token.length > tokenCharsMax || !/^[\x21-\x7e]+$/.test(access_token))
    return { problem: `its token endpoint (${reading.host}) gave an access_token that is no token`, isFinal: true }
  const refreshToken = typeof refresh_token === "string" && refresh_token !== "" ? refresh_token : null
  return { accessToken: access_token, refreshToken, until: endOf(read.json, reading.now) }
}

const secondsMax = 10 * 366 * 86_400

/** `expires_in` seconds from now (RFC 6749), or `expires_at` in seconds since 1970, as the vendor itself answers. Null: it does not say. */
function endOf(json: Record<string, unknown>, now: number): Date | null {
  const inSeconds = Number(json.expires_in ?? Number.NaN)
  const atSeconds = Number(json.expires_at ?? Number.NaN)
  const left = inSeconds > 0 ? inSeconds : atSeconds > 0 ? atSeconds - now / 1000 : Number.NaN
  return Number.isNaN(left) || left > secondsMax ? null : new Date(now + Math.max(0, left) * 1000)
}

/** Whom a token stands for, as the app's server says. Fields that it leaves out are null. */
export interface Introspection {
  channelName: string | null
  channelAddress: string | null
  ownerId: string | null
  ownerName: string | null
}

/** Asks what a token stands for (RFC 7662, and the vendor's fields for channels). Never throws for what the partner does. */
export async function introspect(
  deps: TokenDeps,
  app: App,
  url: string,
  holder: { token: string; credentials: Credentials },
): Promise<Introspection | Refusal> {
  const { token, credentials } = holder
  const client = clientOf(app, { type: "client_credentials", credentials })
  const outcome = await postForm(deps, url, client, { token }, app.serverAuth.client_auth ?? "basic")
  const host = new URL(url).host
  const read = readJson(outcome, { host, secrets: [token, client.secret], now: 0 }, "introspection endpoint")
  if ("problem" in read) return read
  const { json } = read
  if (json.active !== true)
    return { problem: `its introspection endpoint (${host}) says that the token it gave is not active`, isFinal: true }
  const problems: string[] = []
  const text = (field: string, charsMax: number): string | null => {
    const value = json[field]
    if (value === undefined || value === null || value === "") return null
    const said = typeof value === "number" ? String(value) : value
    if (typeof said === "string" && said.length <= charsMax && !said.includes("\0")) return said
    problems.push(`${field} in the answer of its introspection endpoint is no text of at most ${charsMax} characters`)
    return null
  }
  const found = {
    channelName: text("front_channel_name", 500),
    channelAddress: text("front_channel_address", 200),
    ownerId: text("resource_owner_id", 500),
    ownerName: text("resource_owner_name", 500),
  }
  return problems[0] === undefined ? found : { problem: problems[0], isFinal: true }
}

/** The JSON object of a 2xx answer, or why there is none. A 5xx, 429 and silence may pass; every other answer is the server's word. */
function readJson(
  outcome: Outcome,
  { host, secrets }: Reading,
  what: string,
): { json: Record<string, unknown> } | Refusal {
  const place = `its ${what} (${host})`
  if (outcome.kind === "fault") return { problem: `${place} did not answer: ${outcome.reason}`, isFinal: false }
  const { status } = outcome
  const json = parseObject(outcome.body)
  const words = (text: string) =>
    without(secrets, text)
      .replace(/\p{Cc}+/gu, " ")
      .trim()
      .slice(0, shownCharsMax)
  if (status >= 300 && status < 400)
    return { problem: `${place} answered with a redirect (${status}), which is not followed`, isFinal: true }
  // Some servers refuse with a 200 that has an error.
  if (typeof json?.error === "string" || status < 200 || status > 299) {
    const code = typeof json?.error === "string" ? words(json.error) : null
    const said = words(String(json?.error_description ?? json?.message ?? (json === null ? outcome.body : "")))
    const isFinal = status < 500 && status !== 408 && status !== 429
    if (code === null && said === "") return { problem: `${place} answered ${status}`, isFinal }
    return {
      problem: `${place} refused: ${[said || code, said && code && `(${code})`].filter(Boolean).join(" ")}`,
      isFinal,
    }
  }
  if (json === null) return { problem: `${place} answered ${status}, but not with a JSON object`, isFinal: true }
  return { json }
}

function parseObject(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}
