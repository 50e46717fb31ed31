import { randomBytes } from "node:crypto"
import type { App } from "../apps/store.ts"
import type { Database } from "../database/database.ts"
import { HttpError, invalid } from "../http/errors.ts"
import type { Ids } from "../ids.ts"
import { listAddresses, listsAddresses } from "./addresses.ts"
import { type AskPartner, authorize, refused } from "./authorize.ts"
import { authorizationOf, type Credentials, type GivenTokens } from "./credentials.ts"
import { setChannelStatus } from "./status.ts"
import type { Channel, Channels } from "./store.ts"
import { type Grant, type Introspection, introspect, requestTokens, type TokenDeps } from "./token-endpoint.ts"

export interface AuthenticateDeps extends TokenDeps {
  db: Database
  ids: Ids
  channels: Channels
  askPartner: AskPartner
}

/** What proves to the app's server that we may act for an account, and what it says about that account. */
export interface Proof {
  credentials: Credentials
  /** Null: this server gives none. */
  tokens: GivenTokens | null
  account: Introspection | null
}

/** What a person must do at the partner's own page, and nobody else can. */
export const needsSignIn = ({ serverAuth }: App): boolean =>
  serverAuth.type === "oauth2" && serverAuth.grant === "authorization_code"

/**
 * Turns what the person gave into what webhooks carry: tokens where the app's server gives some, and the account they stand for where it can be asked.
 * `code` is what the person brought back from the partner's page. Throws 400 in words when the server refuses or does not answer.
 */
export async function prove(
  deps: TokenDeps,
  app: App,
  given: { credentials: Credentials; code?: { code: string; redirectUri: string } },
): Promise<Proof> {
  const { credentials, code } = given
  if (app.serverAuth.type !== "oauth2") return { credentials, tokens: null, account: null }
  const tokens = await requestTokens(deps, app, grantOf(app, credentials, code))
  if ("problem" in tokens) throw refused(app, tokens.problem)
  const url = app.serverAuth.introspect_url
  if (url === undefined) return { credentials, tokens, account: null }
  const account = await introspect(deps, app, url, { token: tokens.accessToken, credentials })
  if ("problem" in account) throw refused(app, account.problem)
  return { credentials, tokens, account }
}

function grantOf(app: App, credentials: Credentials, code?: { code: string; redirectUri: string }): Grant {
  if (code !== undefined) return { type: "authorization_code", ...code }
  return { type: app.serverAuth.grant === "password" ? "password" : "client_credentials", credentials }
}

/** A channel that is there, as far as connecting it goes on from. Called like its app, it has no name of its own yet. */
export type Connecting = Pick<Channel, "companyId" | "id" | "name" | "address" | "status" | "resourceOwnerId">

/** The vendor's channels without an address show such a one. */
export const randomAddress = (): string => randomBytes(8).toString("hex")

/** Whether the address was given or named by an account: another one would be another channel. */
const isAddressed = (channel: Connecting): boolean => !/^[0-9a-f]{16}$/.test(channel.address)

/**
 * The end of every way to connect: the address is settled, the app's server is asked for `authorization`, and the channel is online with what was
 * proved. `chosen` is the address that the person picked. Answers false, with the proof kept, when the person has to pick one first. Throws 4xx in
 * words; the channel is then as it was.
 */
export async function complete(
  deps: AuthenticateDeps,
  app: App,
  channel: Connecting,
  proof: Proof,
  chosen: string | null = null,
): Promise<boolean> {
  const { companyId, id } = channel
  const authorization = authorizationOf(proof.credentials, proof.tokens)
  refuseOtherAccount(app, channel, proof)
  const place = await settleAddress(deps, app, channel, { proof, authorization, chosen })
  const webhookUrl = place === null ? null : await authorize(deps.askPartner, { app, channelId: id, authorization })
  const { account } = proof
  const connection = {
    credentials: proof.credentials,
    tokens: proof.tokens,
    name:
      channel.name === app.name
        ? (account?.channelName ?? place?.name ?? account?.ownerName ?? app.name)
        : channel.name,
    address: place?.address ?? channel.address,
    webhookUrl,
    resourceOwnerId: account?.ownerId ?? channel.resourceOwnerId,
  }
  await deps.ids.reserve(1)
  try {
    await deps.db.tx(async (tx) => {
      await deps.channels.setConnection(tx, channel, connection)
      const online = { status: "ok" as const, reason: null }
      const unfinished = { status: "offline" as const, reason: "Choose its address first" }
      const change = { companyId, channelId: id, eventId: deps.ids.take() }
      await setChannelStatus(tx, { ...change, ...(place === null ? unfinished : online) })
    })
  } catch (error) {
    if ((error as { constraint?: string }).constraint !== "channel_address") throw error
    throw new HttpError(409, `This app has a channel with the address ${connection.address} already`)
  } finally {
    deps.channels.forget(companyId, id)
  }
  return place !== null
}

/** Whoever signs in again must be the one that the channel belongs to: its conversations are that account's. */
function refuseOtherAccount(app: App, channel: Connecting, { account }: Proof): void {
  const isOther =
    (channel.resourceOwnerId !== null && account?.ownerId != null && account.ownerId !== channel.resourceOwnerId) ||
    (isAddressed(channel) && account?.channelAddress != null && account.channelAddress !== channel.address)
  if (isOther)
    throw refused(
      app,
      `this is another account (${account?.channelAddress ?? account?.ownerName ?? account?.ownerId}) than this channel's (${channel.address}); connect it as a channel of its own`,
    )
}

/** How many pages are gone through in search of one address; ours. */
const pagesMax = 20

/**
 * The address that the channel will have: the account's own, the one it has, or one of those that the account may use. Null: there are several of
 * those and none was chosen.
 */
async function settleAddress(
  deps: AuthenticateDeps,
  app: App,
  channel: Connecting,
  known: { proof: Proof; authorization: string | null; chosen: string | null },
): Promise<{ address: string; name: string | null } | null> {
  const own = known.proof.account?.channelAddress
  if (own != null) return { address: own, name: null }
  const standing = isAddressed(channel) ? channel.address : null
  if (standing !== null && known.chosen !== null && known.chosen !== standing)
    throw invalid("body.address", `is another than this channel's (${standing}): connect it as a channel of its own`)
  const wanted = known.chosen ?? standing
  // One that works without an address of the account's own goes on so.
  if (!listsAddresses(app) || (wanted === null && channel.status === "ok"))
    return { address: wanted ?? channel.address, name: null }
  let pageToken: string | null = null
  for (let page = 0; page < pagesMax; page++) {
    const list = await listAddresses(deps.askPartner, {
      app,
      channelId: channel.id,
      authorization: known.authorization,
      pageToken,
    })
    const [only] = list.addresses
    if (wanted === null) {
      if (only === undefined && list.nextPageToken === null)
        throw refused(app, "its account has no address to send from")
      return list.addresses.length === 1 && list.nextPageToken === null ? (only ?? null) : null
    }
    const found = list.addresses.find(({ address }) => address === wanted)
    if (found !== undefined) return found
    if (list.nextPageToken === null) break
    pageToken = list.nextPageToken
  }
  throw invalid("body.address", `is none of the addresses that this account of ${app.name} may use (was ${wanted})`)
}
