import type { Database } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import { forbidden, HttpError, notFound } from "../http/errors.ts"
import { listInboxes, opensFor } from "../inboxes/store.ts"
import { memberOf } from "../teammates/roles.ts"
import { type Channel, resolveChannel } from "./store.ts"

/**
 * The channel in a path, by `cha_…` or `alt:address:…`. A channel's token reaches its own: any other path is 403, whether there is such a channel
 * or not. For everybody else a foreign channel is answered exactly like a missing one (404).
 */
export async function getChannelFor(db: Database, principal: Principal, reference: string): Promise<Channel> {
  const channel = await resolveChannel(db, memberOf(principal).companyId, reference)
  if (principal.kind === "channel" && principal.channelId !== channel?.id)
    throw forbidden("This token's sub is another channel than the one in the path")
  if (channel === null) throw notFound("channel", reference)
  return channel
}

/**
 * The channel that somebody wants to send by; null: there is none for them. A teammate uses those of the inboxes that are open to them, and `usual`, the one
 * that their conversation has: a closed inbox's answers are not theirs to give.
 */
export async function findChannelToSendBy(
  db: Database,
  principal: Principal,
  reference: string,
  usual: number | null = null,
): Promise<Channel | null> {
  const { companyId } = memberOf(principal)
  const channel = await resolveChannel(db, companyId, reference)
  if (channel === null || (principal.kind === "channel" && principal.channelId !== channel.id)) return null
  return channel.id === usual || (await isOpenTo(db, principal, channel)) ? channel : null
}

async function isOpenTo(db: Database, principal: Principal, { companyId, inboxId }: Channel): Promise<boolean> {
  const viewer = opensFor(principal)
  return viewer === null || (await listInboxes(db, companyId, viewer)).some(({ id }) => id === inboxId)
}

/** What goes in or out by a closed inbox's channel is not for those outside it to say: 404, as of a channel that is not there. */
export async function refuseClosed(
  db: Database,
  principal: Principal,
  channel: Channel,
  reference: string,
): Promise<void> {
  if (!(await isOpenTo(db, principal, channel))) throw notFound("channel", reference)
}

/** The same, of an app: calls and templates are an app's. 400 for a channel that has none. */
export async function getAppChannelFor(
  db: Database,
  principal: Principal,
  reference: string,
): Promise<Channel & { appUid: string }> {
  const channel = await getChannelFor(db, principal, reference)
  if (channel.appUid === null)
    throw new HttpError(400, `Channel ${channel.name} is not an application channel: it was connected without an app`)
  return { ...channel, appUid: channel.appUid }
}
