import { randomBytes } from "node:crypto"
import type { Configuration } from "openid-client"
import type { Database } from "../database/database.ts"
import { OutageError } from "../http/errors.ts"

/** Where people sign in elsewhere: an OpenID Connect provider of the operator's. Source: OpenID Connect Core 1.0, Discovery 1.0; RFC 7636. */
export interface ProviderConfig {
  issuer: string
  clientId: string
  clientSecret: string
  /** What the button says. */
  name: string
  /** `CAUSEWAY_OIDC_SESSION_HOURS`: after so long a session asks there again, and hears when somebody is no more. */
  sessionHours: number
}

/** What the second half has to fit. */
export interface Visit {
  state: string
  nonce: string
  verifier: string
  redirectUri: string
}

/** Why the provider's word lets nobody in; the sign-in page says it. */
export type Refusal = "cancelled" | "refused" | "unverified" | "unknown"

export interface Provider {
  name: string
  /** How long a session lasts that began there. */
  readonly sessionMs: number
  /** The provider's page for a new visit. Throws 503 when the provider does not answer. */
  begin(redirectUri: string): Promise<{ url: string; visit: Visit }>
  /** The person whom the provider sent back to `url`. */
  finish(url: URL, visit: Visit): Promise<{ identityId: string } | { refused: Refusal }>
}

/** The provider has so long to answer, s. */
const timeoutSeconds = 10
const providerId = "oidc"

/** Reads what the provider says of itself at the first use, and again after a failure. */
export function createProvider(db: Database, config: ProviderConfig): Provider {
  let discovering: Promise<Configuration> | null = null
  const discovered = (): Promise<Configuration> => {
    discovering ??= discover(config).catch((error: unknown) => {
      discovering = null
      throw outage(error)
    })
    return discovering
  }
  return {
    name: config.name,
    sessionMs: config.sessionHours * 3_600_000,
    async begin(redirectUri) {
      const client = await import("openid-client")
      const visit: Visit = {
        state: randomBytes(24).toString("base64url"),
        nonce: randomBytes(24).toString("base64url"),
        verifier: client.randomPKCECodeVerifier(),
        redirectUri,
      }
      const url = client.buildAuthorizationUrl(await discovered(), {
        redirect_uri: redirectUri,
        scope: "openid email profile",
        state: visit.state,
        nonce: visit.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(visit.verifier),
        code_challenge_method: "S256",
      })
      return { url: url.href, visit }
    },
    async finish(url, visit) {
      const client = await import("openid-client")
      if (url.searchParams.get("error") === "access_denied") return { refused: "cancelled" }
      const provider = await discovered()
      // The code was given for the address that was named first, whatever proxy is in between.
      const returned = new URL(visit.redirectUri)
      returned.search = url.search
      const claims = await client
        .authorizationCodeGrant(provider, returned, {
          pkceCodeVerifier: visit.verifier,
          expectedState: visit.state,
          expectedNonce: visit.nonce,
          idTokenExpected: true,
        })
        .then(async (tokens) => {
          const said = tokens.claims()
          if (said === undefined || said.email !== undefined) return said
          return { ...said, ...(await client.fetchUserInfo(provider, tokens.access_token, said.sub)) }
        })
        .catch(() => undefined)
      return claims === undefined ? { refused: "refused" } : findPerson(db, config.issuer, claims)
    },
  }
}

async function discover({ issuer, clientId, clientSecret }: ProviderConfig): Promise<Configuration> {
  const client = await import("openid-client")
  const url = new URL(issuer)
  // http only where readConfig allowed it: a provider on this machine.
  const execute = [
    client.enableNonRepudiationChecks,
    ...(url.protocol === "http:" ? [client.allowInsecureRequests] : []),
  ]
  return client.discovery(url, clientId, clientSecret, undefined, { execute, timeout: timeoutSeconds })
}

const outage = (cause: unknown): Error =>
  new OutageError(`the identity provider does not answer as one (${String((cause as Error).message)})`, 5)

/**
 * Whoever came by this provider before, whatever their address is now; else the teammate with the address that the provider has verified, who is
 * linked from now on. Nobody is made here.
 */
async function findPerson(
  db: Database,
  issuer: string,
  claims: { sub: string; email?: unknown; email_verified?: unknown },
): Promise<{ identityId: string } | { refused: Refusal }> {
  const account = `${issuer} ${claims.sub}`
  const linked = await db.query<{ id: string }>({
    name: "sign_in.linked",
    text: `select "userId" as id from identity_account where "providerId" = $1 and "accountId" = $2`,
    values: [providerId, account],
  })
  if (linked[0] !== undefined) return { identityId: linked[0].id }
  if (typeof claims.email !== "string" || claims.email_verified !== true) return { refused: "unverified" }
  // By the unique index on identity_user.email, which holds small letters.
  const found = await db.query<{ id: string }>({
    text: `insert into identity_account (id, "accountId", "providerId", "userId")
           select $1, $2, $3, person.id from identity_user person
           where person.email = $4 and exists (select from teammate where teammate.identity_id = person.id and not teammate.is_blocked)
           on conflict ("providerId", "accountId") do update set "updatedAt" = now() returning "userId" as id`,
    values: [randomBytes(16).toString("hex"), account, providerId, claims.email.toLowerCase()],
  })
  return found[0] === undefined ? { refused: "unknown" } : { identityId: found[0].id }
}
