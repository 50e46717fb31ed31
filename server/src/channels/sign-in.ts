import { createHash, randomBytes } from "node:crypto"
import type { App } from "../apps/store.ts"
import type { Tx } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import type { ChannelKey } from "./credentials.ts"

/** Where a partner's page sends the person back to; the app's owner registers it there. */
export const callbackPath = "/causeway/connect/callback"

/** A sign-in at a slow partner with a second factor fits in; ours. */
const signInMs = 10 * 60_000

/** A visit to the partner's page that was not ended yet. */
export interface Visit extends ChannelKey {
  teammateId: number | null
  redirectUri: string
  address: string | null
  returnTo: string | null
}

/** Where the person is to go, and until when they may come back. */
export interface SignIn {
  url: string
  expiresAt: Date
}

/** The partner's own page (RFC 6749, 4.1.1), with a state that is good for one return within ten minutes. The app has client_id and authorize_url. */
export async function beginSignIn(tx: Tx, app: App, visit: Visit): Promise<SignIn> {
  const { authorize_url, scope } = app.serverAuth
  const state = randomBytes(32).toString("base64url")
  const expiresAt = new Date(Date.now() + signInMs)
  await tx.query({ text: "delete from channel_sign_in where expires_at < now()" }) // walks channel_sign_in_expiry
  await tx.query({
    text: `insert into channel_sign_in (state_hash, company_id, channel_id, teammate_id, redirect_uri, address, return_to, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [
      hashOf(state),
      visit.companyId,
      visit.id,
      visit.teammateId,
      visit.redirectUri,
      visit.address,
      visit.returnTo,
      expiresAt,
    ],
  })
  const url = new URL(authorize_url ?? "")
  url.searchParams.set("response_type", "code")
  url.searchParams.set("client_id", app.serverSecrets.client_id ?? "")
  url.searchParams.set("redirect_uri", visit.redirectUri)
  url.searchParams.set("state", state)
  if (scope !== undefined) url.searchParams.set("scope", scope)
  return { url: url.href, expiresAt }
}

interface VisitRow {
  company_id: number
  channel_id: number
  teammate_id: number | null
  redirect_uri: string
  address: string | null
  return_to: string | null
}

/**
 * Ends the visit that `state` stands for; null when there is none, it came too late, or the caller is not who began it. Of two that bring one state at
 * once, one gets it. A stranger's attempt leaves it for the person it belongs to.
 */
export async function endSignIn(tx: Tx, state: string, caller: Principal): Promise<Visit | null> {
  const session = caller.kind === "session" ? caller : null
  const rows = await tx.query<VisitRow>({
    name: "channels.end_sign_in",
    text: `delete from channel_sign_in where state_hash = $1 and expires_at > now()
             and (teammate_id is null or (company_id = $2 and teammate_id = $3))
           returning company_id, channel_id, teammate_id, redirect_uri, address, return_to`,
    values: [hashOf(state), session?.companyId ?? null, session?.teammateId ?? null],
  })
  const [row] = rows
  if (row === undefined) return null
  return {
    companyId: row.company_id,
    id: row.channel_id,
    teammateId: row.teammate_id,
    redirectUri: row.redirect_uri,
    address: row.address,
    returnTo: row.return_to,
  }
}

const hashOf = (state: string): Buffer => createHash("sha256").update(state).digest()
