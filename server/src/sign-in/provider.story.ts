import { createHash, createSign, generateKeyPairSync } from "node:crypto"
import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"

/** What the provider says of whoever comes next. */
export interface Claims {
  sub: string
  email?: string
  email_verified?: boolean
  nonce?: string
  /** Only to send what is wrong. */
  iss?: string
  aud?: string
  exp?: number
}

export interface TestProvider {
  issuer: string
  /** Who is signed in there; `nonce` only to send a wrong one. */
  says: Claims
  /** Who signs: the provider, a stranger under the name of its key, or nobody. */
  signs: "itself" | "stranger" | "nobody"
  close(): Promise<void>
}

export const client = { clientId: "causeway", clientSecret: "shared-secret" }

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url")

const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 })

function signed(claims: object, by: TestProvider["signs"]): string {
  const body = `${base64({ alg: by === "nobody" ? "none" : "RS256", kid: "one" })}.${base64(claims)}`
  if (by === "nobody") return `${body}.`
  const key = by === "itself" ? privateKey : stranger.privateKey
  return `${body}.${createSign("RSA-SHA256").update(body).sign(key, "base64url")}`
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = ""
  for await (const part of request) text += part
  return new URLSearchParams(text)
}

/** A small OpenID Connect provider: everybody is let in at once, and the token is given for the right secret, code and verifier alone. */
export async function startProvider(): Promise<TestProvider> {
  const codes = new Map<string, { challenge: string; nonce: string; redirectUri: string }>()
  const says: Claims = { sub: "one" }
  const provider: TestProvider = { issuer: "", says, signs: "itself", close: async () => void server.close() }
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", provider.issuer)
    const json = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
    if (url.pathname === "/.well-known/openid-configuration") {
      const { issuer } = provider
      const [authorization_endpoint, token_endpoint, jwks_uri] = ["authorize", "token", "keys"].map(
        (at) => `${issuer}/${at}`,
      )
      json(200, {
        issuer,
        authorization_endpoint,
        token_endpoint,
        jwks_uri,
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
      })
    } else if (url.pathname === "/keys") {
      json(200, { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "one", alg: "RS256", use: "sig" }] })
    } else if (url.pathname === "/authorize") {
      const asked = (name: string): string => url.searchParams.get(name) ?? ""
      const code = `code-${codes.size}`
      codes.set(code, { challenge: asked("code_challenge"), nonce: asked("nonce"), redirectUri: asked("redirect_uri") })
      const back = new URL(asked("redirect_uri"))
      back.search = new URLSearchParams({ code, state: asked("state") }).toString()
      response.writeHead(302, { location: back.href }).end()
    } else {
      const form = await formOf(request)
      const known = codes.get(form.get("code") ?? "")
      codes.delete(form.get("code") ?? "")
      const isRight =
        known !== undefined &&
        form.get("client_secret") === client.clientSecret &&
        form.get("redirect_uri") === known.redirectUri &&
        createHash("sha256")
          .update(form.get("code_verifier") ?? "")
          .digest("base64url") === known.challenge
      if (!isRight) {
        json(400, { error: "invalid_grant" })
        return
      }
      const now = Math.floor(Date.now() / 1000)
      const claims = {
        iss: provider.issuer,
        aud: client.clientId,
        iat: now,
        exp: now + 60,
        nonce: known.nonce,
        ...provider.says,
      }
      json(200, { access_token: "a", token_type: "Bearer", id_token: signed(claims, provider.signs) })
    }
  })
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  provider.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return provider
}
