import { setTimeout as delay } from "node:timers/promises"
import type { App, Apps } from "../apps/store.ts"
import type { Database } from "../database/database.ts"
import type { Ids } from "../ids.ts"
import type { Log } from "../log.ts"
import type { ChannelKey, GivenTokens } from "./credentials.ts"
import { setChannelStatus } from "./status.ts"
import type { Channel, Channels } from "./store.ts"
import { type Grant, type Refusal, requestTokens, type TokenDeps } from "./token-endpoint.ts"

/**
 * Renews the tokens of channels before they end. Each renewal is claimed in the row first, so of several processes one asks; a server that does not
 * answer is asked again a minute later; one that refuses takes the channel offline with its reason, until somebody connects it again.
 */
export interface Renewals {
  /** The channel with a token that has not ended, renewed now if need be. When that fails it comes as it is: its partner will say so. */
  fresh(channel: Channel): Promise<Channel>
  /** Renews what is due; answers how many channels that were, when nothing is. */
  settle(): Promise<number>
  stop(): Promise<void>
}

export interface RenewalDeps extends TokenDeps {
  db: Database
  ids: Ids
  apps: Apps
  channels: Channels
  log: Log
  committed(companyIds: Iterable<number>): void
}

const lookEveryMs = 5_000
const claimMs = 20_000
const againAfterSeconds = 60
const batchMax = 20
const othersPollMs = 200

export function startRenewals(deps: RenewalDeps): Renewals {
  /** By company and channel: two sends of one channel wait for one renewal. */
  const running = new Map<string, Promise<void>>()
  let looking: Promise<number> | null = null
  const timer = setInterval(() => void look(), lookEveryMs)
  timer.unref()

  function renewOnce(key: ChannelKey): Promise<void> {
    const name = `${key.companyId}:${key.id}`
    const renewal =
      running.get(name) ??
      renew(deps, key)
        .catch((error: unknown) => deps.log.error({ err: error, channel_id: key.id }, "channel.not_renewed"))
        .finally(() => running.delete(name))
    running.set(name, renewal)
    return renewal
  }

  async function lookNow(): Promise<number> {
    const due = await findDue(deps.db).catch((error: unknown) => {
      deps.log.warn({ err: error }, "channel.renewals_not_found")
      return []
    })
    await Promise.all(due.map(renewOnce))
    return due.length
  }

  const look = (): Promise<number> => (looking ??= lookNow().finally(() => (looking = null)))

  return {
    async fresh(channel) {
      if (!hasEnded(channel)) return channel
      await renewOnce(channel)
      return (await deps.channels.find(channel.companyId, channel.id)) ?? channel
    },
    async settle() {
      let all = 0
      for (let count = await look(); count > 0; count = await look()) all += count
      return all
    },
    async stop() {
      clearInterval(timer)
      await looking
      await Promise.all(running.values())
    },
  }
}

const hasEnded = ({ tokens }: Channel): boolean =>
  tokens?.isRenewable === true && tokens.until !== null && tokens.until.getTime() <= Date.now()

/** Walks channel_tokens_due. */
async function findDue(db: Database): Promise<ChannelKey[]> {
  const rows = await db.query<{ company_id: number; id: number }>({
    name: "channels.tokens_due",
    text: `select company_id, id from channel where tokens_due_at <= now() and deleted_at is null and tokens_claimed_until < now()
           order by tokens_due_at limit $1`,
    values: [batchMax],
  })
  return rows.map((row) => ({ companyId: row.company_id, id: row.id }))
}

async function renew(deps: RenewalDeps, { companyId, id }: ChannelKey): Promise<void> {
  if (!(await claim(deps.db, { companyId, id }))) return await waitForOther(deps, { companyId, id })
  deps.channels.forget(companyId, id)
  const channel = await deps.channels.find(companyId, id)
  const app = channel?.appUid == null ? null : await deps.apps.find(channel.appUid)
  if (channel === null || app === null) return await giveUp(deps, { companyId, id })
  const given = await askAgain(deps, app, channel)
  if ("accessToken" in given) await keep(deps, channel, given)
  else if (given.isFinal) await endAccess(deps, app, channel, given.problem)
  else await release(deps.db, channel)
  deps.channels.forget(companyId, id)
  const outcome = "accessToken" in given ? "renewed" : given.isFinal ? "refused" : "not answered"
  deps.log.info({ company_id: companyId, channel_id: id, outcome }, "channel.renewal")
}

/** The claim also puts the next try off: a server that does not answer is not asked in a loop, and not for every reply that wants to leave. */
async function claim(db: Database, { companyId, id }: ChannelKey): Promise<boolean> {
  const rows = await db.query({
    name: "channels.claim_renewal",
    text: `update channel set tokens_claimed_until = now() + $3 * interval '1 ms',
             tokens_due_at = case when tokens_due_at is null then null else now() + $4 * interval '1 second' end
           where company_id = $1 and id = $2 and deleted_at is null and tokens_claimed_until < now()
             and (tokens_due_at <= now() or (tokens_until <= now() and tokens_claimed_until < now() - $4 * interval '1 second'))
           returning id`,
    values: [companyId, id, claimMs, againAfterSeconds],
  })
  return rows.length > 0
}

/** Nobody waits for it any longer; when it was is what the next claim goes by. */
async function release(db: Database, { companyId, id }: ChannelKey): Promise<void> {
  await db.query({
    name: "channels.release_renewal",
    text: "update channel set tokens_claimed_until = now() where company_id = $1 and id = $2",
    values: [companyId, id],
  })
}

/** Another process is at it, or somebody has just tried in vain. */
async function waitForOther(deps: RenewalDeps, { companyId, id }: ChannelKey): Promise<void> {
  for (let waitedMs = 0; waitedMs < claimMs; waitedMs += othersPollMs) {
    deps.channels.forget(companyId, id)
    const rows = await deps.db.query({
      name: "channels.is_claimed",
      text: "select from channel where company_id = $1 and id = $2 and tokens_claimed_until > now()",
      values: [companyId, id],
    })
    if (rows.length === 0) return
    await delay(othersPollMs)
  }
}

/** With the refresh token; where there is none, or it is refused, with what the person typed, if that is enough (RFC 6749, 4.3 and 4.4). */
async function askAgain(deps: RenewalDeps, app: App, channel: Channel): Promise<GivenTokens | Refusal> {
  const { credentials } = channel
  const refreshToken = channel.tokens?.refreshToken ?? null
  const first =
    refreshToken === null ? null : await requestTokens(deps, app, { type: "refresh_token", refreshToken, credentials })
  // A server that gives no new refresh token means the old one to go on (RFC 6749, 6).
  if (first !== null && "accessToken" in first) return { ...first, refreshToken: first.refreshToken ?? refreshToken }
  if (first !== null && !first.isFinal) return first
  const { grant } = app.serverAuth
  const typed: Grant | null =
    grant === "password" || grant === "client_credentials" ? { type: grant, credentials } : null
  if (typed !== null) return await requestTokens(deps, app, typed)
  return first ?? { problem: "it gave no refresh token", isFinal: true }
}

async function keep(deps: RenewalDeps, channel: Channel, given: GivenTokens): Promise<void> {
  const { companyId, id } = channel
  await deps.ids.reserve(1)
  await deps.db.tx(async (tx) => {
    const [row] = await tx.query<{ tokens_refused: boolean }>({
      name: "channels.lock_tokens",
      text: "select tokens_refused from channel where company_id = $1 and id = $2 for no key update",
      values: [companyId, id],
    })
    if (!(await deps.channels.replaceTokens(tx, channel, given, channel.tokens?.sealed ?? null))) return
    // It went offline because the partner refused the old token: with the new one it has another chance.
    if (row?.tokens_refused) await setStatus(deps, tx, channel, "ok", null)
  })
  deps.committed([companyId])
}

/** The partner's word that it will give no more: nobody but a person can help. */
async function endAccess(deps: RenewalDeps, app: App, channel: Channel, problem: string): Promise<void> {
  const { companyId, id, tokens } = channel
  await deps.ids.reserve(1)
  await deps.db.tx(async (tx) => {
    const rows = await tx.query({
      name: "channels.end_access",
      text: `update channel set tokens_due_at = null, tokens_refused = false, tokens_claimed_until = '-infinity'
             where company_id = $1 and id = $2 and tokens_sealed is not distinct from $3 returning id`,
      values: [companyId, id, tokens?.sealed ?? null],
    })
    if (rows.length > 0)
      await setStatus(
        deps,
        tx,
        channel,
        "offline",
        `${app.name} ended our access: ${problem}. Connect the channel again`,
      )
  })
  deps.committed([companyId])
}

const setStatus = (
  deps: RenewalDeps,
  tx: Parameters<typeof setChannelStatus>[0],
  { companyId, id }: Channel,
  status: "ok" | "offline",
  reason: string | null,
) => setChannelStatus(tx, { companyId, channelId: id, status, reason, eventId: deps.ids.take() })

async function giveUp({ db }: RenewalDeps, { companyId, id }: ChannelKey): Promise<void> {
  await db.query({
    text: "update channel set tokens_due_at = null where company_id = $1 and id = $2",
    values: [companyId, id],
  })
}

/** How long a token must have been good for before its refusal is worth another one; ours: below it, the partner refuses us and not the token. */
const goodForSeconds = 60

/**
 * The partner refused a channel's token, and the channel is offline for it: where it can be renewed it is, at once. In the caller's transaction, before
 * the feed; the renewals find it.
 */
export async function renewRefused(
  tx: Parameters<typeof setChannelStatus>[0],
  { companyId, id }: ChannelKey,
): Promise<void> {
  await tx.query({
    name: "channels.renew_refused",
    text: `update channel set tokens_refused = true, tokens_due_at = now()
           where company_id = $1 and id = $2 and tokens_renewable and tokens_at < now() - $3 * interval '1 second'`,
    values: [companyId, id, goodForSeconds],
  })
}
