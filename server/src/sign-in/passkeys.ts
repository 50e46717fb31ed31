import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from "@simplewebauthn/server"
import type { Database } from "../database/database.ts"
import { HttpError, invalid, notFound, unauthenticated } from "../http/errors.ts"

/** A person keeps at most so many. */
const passkeysMax = 20

/** The address that people use, as WebAuthn speaks of it. */
export interface Site {
  /** https://inbox.example.com */
  origin: string
  /** inbox.example.com */
  host: string
}

/** Passkeys belong to a name: an address by number has none. http is for this machine alone. */
export function siteOf(origin: string): Site {
  const { hostname: host, protocol } = new URL(origin)
  if (/^[\d.]+$|^\[/.test(host))
    throw new HttpError(400, `Passkeys need a name: open ${origin.replace(host, "localhost")} or the server's own name`)
  if (protocol !== "https:" && host !== "localhost")
    throw new HttpError(400, "Passkeys need https: set CAUSEWAY_PUBLIC_URL to the address that people use")
  return { origin, host }
}

interface PasskeyRow {
  id: string
  identity_id: string
  public_key: Buffer
  counter: number
  transports: string[]
  name: string
  created_at: Date
  last_used_at: Date | null
}

const columns = "id, identity_id, public_key, counter, transports, name, created_at, last_used_at"

/** Oldest first, by identity_passkey_identity. */
export const listPasskeys = (db: Database, identityId: string): Promise<PasskeyRow[]> =>
  db.query<PasskeyRow>({
    name: "passkeys.list",
    text: `select ${columns} from identity_passkey where identity_id = $1 order by created_at, id`,
    values: [identityId],
  })

export async function deletePasskey(db: Database, identityId: string, id: string): Promise<void> {
  const rows = await db.query({
    text: "delete from identity_passkey where id = $1 and identity_id = $2 returning id",
    values: [id, identityId],
  })
  if (rows.length === 0) throw notFound("passkey", id)
}

/** What the browser asks the authenticator for a new passkey. Those that the person has are named, so that none is made twice. */
export async function newPasskeyOptions(
  db: Database,
  site: Site,
  person: { identityId: string; email: string; name: string },
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { generateRegistrationOptions } = await import("@simplewebauthn/server")
  const known = await listPasskeys(db, person.identityId)
  if (known.length >= passkeysMax) throw new HttpError(409, `A person keeps at most ${passkeysMax} passkeys`)
  return generateRegistrationOptions({
    rpName: "Causeway",
    rpID: site.host,
    userID: new TextEncoder().encode(person.identityId),
    userName: person.email,
    userDisplayName: person.name,
    attestationType: "none",
    excludeCredentials: known.map(({ id }) => ({ id })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  })
}

/** Keeps a passkey once its answer fits the challenge. Throws 400 when it does not. */
export async function addPasskey(
  db: Database,
  site: Site,
  wanted: { identityId: string; challenge: string; name: string; response: RegistrationResponseJSON },
): Promise<string> {
  const { verifyRegistrationResponse } = await import("@simplewebauthn/server")
  const verified = await verifyRegistrationResponse({
    response: wanted.response,
    expectedChallenge: wanted.challenge,
    expectedOrigin: site.origin,
    expectedRPID: site.host,
    requireUserVerification: true,
  }).catch((error: Error) => {
    throw invalid("body.response", `does not hold: ${error.message}`)
  })
  if (!verified.verified) throw invalid("body.response", "does not hold")
  const { credential } = verified.registrationInfo
  const rows = await db.query<{ id: string }>({
    text: `insert into identity_passkey (id, identity_id, public_key, counter, transports, name) values ($1, $2, $3, $4, $5, $6)
           on conflict (id) do nothing returning id`,
    values: [
      credential.id,
      wanted.identityId,
      Buffer.from(credential.publicKey),
      credential.counter,
      credential.transports ?? [],
      wanted.name,
    ],
  })
  if (rows.length === 0) throw new HttpError(409, "This passkey is kept already")
  return credential.id
}

/** What the browser asks for at sign-in: whichever passkey of this site the person chooses. */
export async function passkeyOptions(site: Site): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { generateAuthenticationOptions } = await import("@simplewebauthn/server")
  return generateAuthenticationOptions({ rpID: site.host, userVerification: "required" })
}

/** The person whose passkey answered the challenge. 401 for everything else, alike. */
export async function personOf(
  db: Database,
  site: Site,
  challenge: string,
  response: AuthenticationResponseJSON,
): Promise<string> {
  const { verifyAuthenticationResponse } = await import("@simplewebauthn/server")
  const refused = () => unauthenticated("This passkey is not known here")
  const [passkey] = await db.query<PasskeyRow>({
    name: "passkeys.find",
    text: `select ${columns} from identity_passkey where id = $1`,
    values: [response.id],
  })
  if (passkey === undefined) throw refused()
  const verified = await verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: site.origin,
    expectedRPID: site.host,
    requireUserVerification: true,
    credential: { id: passkey.id, publicKey: new Uint8Array(passkey.public_key), counter: passkey.counter },
  }).catch(() => null)
  if (verified === null || !verified.verified) throw refused()
  // Of two answers with one count the second finds it taken: a copied authenticator gives itself away.
  const rows = await db.query({
    name: "passkeys.used",
    text: `update identity_passkey set counter = $2, last_used_at = now() where id = $1 and (counter < $2 or counter = 0 and $2 = 0) returning id`,
    values: [passkey.id, verified.authenticationInfo.newCounter],
  })
  if (rows.length === 0) throw refused()
  return passkey.identity_id
}
