import { formatId } from "@causeway/contract/ids"
import type { Tx } from "../database/database.ts"
import type { Seal } from "../secrets/seal.ts"

/** What an app's token endpoint gave a channel. */
export interface Tokens {
  accessToken: string
  refreshToken: string | null
}

/** What a channel proves itself with to its partner. `type` is the app's server_auth at the time; the rest is what the person typed. */
export type Credentials = { type?: string } & Record<string, string>

export type ChannelKey = { companyId: number; id: number }

/** New tokens. They end at `until` on the wall clock; null: nobody said. `isRenewable`: others can be had without a person. */
export type GivenTokens = Tokens & { until: Date | null; isRenewable: boolean }

/** What connecting found out about a channel that is there already. */
export interface Connection {
  credentials: Credentials
  /** Null: the app's server gives none. */
  tokens: GivenTokens | null
  name: string
  address: string
  webhookUrl: string | null
  resourceOwnerId: string | null
}

const contextOf = (channel: ChannelKey, what: "" | ":tokens"): string =>
  `channel:${formatId("cmp", channel.companyId)}:${formatId("cha", channel.id)}${what}`

/** Null when there is nothing to keep. */
export function sealCredentials(seal: Seal, channel: ChannelKey, credentials: Credentials): Buffer | null {
  return Object.keys(credentials).length === 0 ? null : seal.seal(JSON.stringify(credentials), contextOf(channel, ""))
}

export const openCredentials = (seal: Seal, channel: ChannelKey, sealed: Buffer | null): Credentials =>
  sealed === null ? {} : JSON.parse(seal.open(sealed, contextOf(channel, "")))

export const sealTokens = (seal: Seal, channel: ChannelKey, tokens: Tokens | null): Buffer | null =>
  tokens === null ? null : seal.seal(JSON.stringify(tokens), contextOf(channel, ":tokens"))

export const openTokens = (seal: Seal, channel: ChannelKey, sealed: Buffer | null): Tokens | null =>
  sealed === null ? null : JSON.parse(seal.open(sealed, contextOf(channel, ":tokens")))

/** In the caller's transaction; tokens there were are gone. */
export async function setConnection(tx: Tx, seal: Seal, channel: ChannelKey, connection: Connection): Promise<void> {
  await tx.query({
    text: `update channel set credentials_sealed = $3, name = $4, address = $5, webhook_url = $6, resource_owner_id = $7,
             tokens_sealed = null, tokens_at = null, tokens_until = null, tokens_due_at = null, tokens_refused = false
           where company_id = $1 and id = $2 and deleted_at is null`,
    values: [
      channel.companyId,
      channel.id,
      sealCredentials(seal, channel, connection.credentials),
      connection.name,
      connection.address,
      connection.webhookUrl,
      connection.resourceOwnerId,
    ],
  })
  if (connection.tokens !== null) await replaceTokens(tx, seal, channel, connection.tokens, null)
}

/**
 * Keeps new tokens in the place of those that `before` is the sealed text of (null: of none). False when others are there by now: somebody connected the
 * channel again meanwhile, and theirs stay.
 */
export async function replaceTokens(
  tx: Tx,
  seal: Seal,
  channel: ChannelKey,
  given: GivenTokens,
  before: Buffer | null,
): Promise<boolean> {
  const { accessToken, refreshToken, until, isRenewable } = given
  const dueAt = isRenewable && until !== null ? renewalOf(until, Date.now()) : null
  const sealed = sealTokens(seal, channel, { accessToken, refreshToken })
  const rows = await tx.query({
    name: "channels.replace_tokens",
    text: `update channel set tokens_sealed = $3, tokens_at = now(), tokens_until = $4, tokens_due_at = $5, tokens_renewable = $7,
             tokens_refused = false, tokens_claimed_until = '-infinity'
           where company_id = $1 and id = $2 and deleted_at is null and tokens_sealed is not distinct from $6 returning id`,
    values: [channel.companyId, channel.id, sealed, until, dueAt, before, isRenewable],
  })
  return rows.length > 0
}

/** Five minutes before the end, for short-lived ones after half of their time; never so often that a server which gives out ended ones is flooded. */
const renewalOf = (until: Date, now: number): Date =>
  new Date(Math.max(until.getTime() - 300_000, now + (until.getTime() - now) / 2, now + 30_000))

/**
 * The `Authorization` header of every webhook of a channel; null: none. The vendor's guide: the API key the person typed, or the access token, as
 * Bearer. A user name and password go as Basic (RFC 7617), but those of the OAuth password grant go to the token endpoint and nowhere else.
 */
export function authorizationOf(credentials: Credentials, tokens: Tokens | null): string | null {
  if (tokens !== null) return `Bearer ${tokens.accessToken}`
  if (credentials.type === "basic") return basic(credentials.username ?? "", credentials.password ?? "")
  if (credentials.type === "bearer") return `Bearer ${credentials.access_token}`
  return credentials.api_key === undefined ? null : `Bearer ${credentials.api_key}`
}

/** RFC 7617, UTF-8. */
export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`
