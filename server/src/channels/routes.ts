import {
  type ChannelChange,
  connectChannel as connectEndpoint,
  deleteChannel,
  getChannel,
  getChannelHealth,
  listChannels,
  listChannelViews,
  sendWaiting,
  updateChannel,
  validateChannel,
} from "@causeway/contract/endpoints/channels"
import { formatId } from "@causeway/contract/ids"
import { moveConversations } from "../conversations/move.ts"
import { enqueue, releaseSends } from "../delivery/outbox.ts"
import type { Principal } from "../http/callers.ts"
import { forbidden, HttpError } from "../http/errors.ts"
import { wholeList } from "../http/lists.ts"
import { type Route, route } from "../http/route.ts"
import { getInbox } from "../inboxes/store.ts"
import { appendEvents } from "../live/feed.ts"
import { memberOf, refuseObserver, requireAdmin } from "../teammates/roles.ts"
import { getChannelFor, refuseClosed } from "./access.ts"
import { type ConnectDeps, connectChannel, customModes, reconnectChannel, refuseCustomSettings } from "./connect.ts"
import { readChannelHealth } from "./health.ts"
import { setChannelStatus } from "./status.ts"
import type { Channel } from "./store.ts"
import { channelResource, findChannelViews } from "./views.ts"

export interface ChannelDeps extends ConnectDeps {
  clock: { now(): Date }
  /** After a commit: wakes the delivery and the live feed. */
  committed(companyIds: Iterable<number>): void
}

export const channelRoutes = (deps: ChannelDeps): Route[] => [
  route(connectEndpoint, async ({ params, body, principal }) => {
    requireAdmin(principal)
    const { companyId } = memberOf(principal)
    const inbox = await getInbox(deps.db, companyId, params.inbox_id)
    const channelId = await connectChannel(deps, { companyId, inboxId: inbox.id, body })
    deps.committed([companyId])
    return { status: 204, headers: { location: `/channels/${formatId("cha", channelId)}` } }
  }),

  route(listChannels, async ({ principal, origin, request }) => {
    const list = await deps.channels.list(memberOf(principal).companyId)
    return {
      status: 200,
      body: wholeList(
        request,
        origin,
        list.map((channel) => channelResource(channel, origin)),
      ),
    }
  }),

  route(getChannel, async ({ params, principal, origin }) => {
    const channel = await getChannelFor(deps.db, principal, params.channel_id)
    return { status: 200, body: channelResource(channel, origin) }
  }),

  route(updateChannel, async ({ params, body, principal }) => {
    requireAdmin(principal)
    const channel = await getChannelFor(deps.db, principal, params.channel_id)
    await change(deps, principal, channel, body)
    return { status: 204 }
  }),

  route(deleteChannel, async ({ params, principal }) => {
    requireAdmin(principal)
    await remove(deps, await deps.channels.get(memberOf(principal).companyId, params.channel_id))
    return { status: 204 }
  }),

  route(validateChannel, async ({ params, principal }) => {
    requireAdmin(principal)
    const channel = await deps.channels.get(memberOf(principal).companyId, params.channel_id)
    const app = channel.appUid === null ? null : await deps.apps.find(channel.appUid)
    if (app !== null) await reconnectChannel(deps, app, channel)
    deps.committed([channel.companyId])
    return { status: 202, body: { status: "accepted" } }
  }),

  route(listChannelViews, async ({ principal }) => {
    return { status: 200, body: { channels: await findChannelViews(deps.db, memberOf(principal).companyId) } }
  }),

  route(getChannelHealth, async ({ params, principal }) => {
    const { companyId, id } = await getChannelFor(deps.db, principal, params.channel_id)
    return { status: 200, body: await readChannelHealth(deps.db, companyId, id) }
  }),

  route(sendWaiting, async ({ params, principal }) => {
    refuseObserver(principal)
    const channel = await deps.channels.get(memberOf(principal).companyId, params.channel_id)
    await refuseClosed(deps.db, principal, channel, params.channel_id)
    const { companyId, id, status } = channel
    if (status === "offline")
      throw new HttpError(409, "This channel is offline: bring it back first, then its replies can be sent")
    const count = await deps.db.tx((tx) => releaseSends(tx, companyId, id, {}))
    deps.committed([companyId])
    return { status: 202, body: { count } }
  }),
]

async function change(deps: ChannelDeps, principal: Principal, channel: Channel, body: ChannelChange): Promise<void> {
  const { status, ...rest } = body
  const hasValues = Object.values(rest).some((value) => value !== undefined)
  if (hasValues && principal.kind === "channel")
    throw forbidden("A channel's token may set the status and nothing else")
  const values = hasValues ? await changedValues(deps, channel, rest) : null
  const { companyId, id } = channel
  await deps.ids.reserve(2)
  await deps.db.tx(async (tx) => {
    if (values !== null) {
      await deps.channels.update(tx, channel, values)
      if (values.inboxId !== channel.inboxId) await moveConversations(tx, companyId, id, values.inboxId)
    }
    const reason =
      principal.kind === "channel"
        ? "The channel's server says it cannot send: its credentials may have ended"
        : "Taken offline by hand"
    const told =
      status !== undefined &&
      (await setChannelStatus(tx, { companyId, channelId: id, status, reason, eventId: deps.ids.take() }))
    if (values !== null && !told)
      await appendEvents(tx, companyId, [
        { id: deps.ids.take(), type: "channel_changed", isPublic: false, channelId: id },
      ])
  })
  deps.channels.forget(companyId, id)
  deps.committed([companyId])
}

async function changedValues(deps: ChannelDeps, channel: Channel, body: Omit<ChannelChange, "status">) {
  const settings = body.settings ?? {}
  if (channel.appUid !== null) refuseCustomSettings(settings)
  const modes = channel.appUid === null ? customModes(settings, channel) : channel
  return {
    name: body.name ?? channel.name,
    inboxId:
      body.inbox_id === undefined ? channel.inboxId : (await getInbox(deps.db, channel.companyId, body.inbox_id)).id,
    webhookUrl: modes.webhookUrl,
    replyMode: modes.replyMode,
    composeMode: modes.composeMode,
    undoSendSeconds: settings.undo_send_time ?? channel.undoSendSeconds,
    allTeammatesCanReply: settings.all_teammates_can_reply ?? channel.allTeammatesCanReply,
    autoAssign: settings.auto_assign ?? channel.autoAssign,
  }
}

/** The channel is gone at once; its partner is told by a delivery, and whatever it answers changes nothing (protocol: delete). */
async function remove(deps: ChannelDeps, channel: Channel): Promise<void> {
  const { companyId, id } = channel
  await deps.ids.reserve(2)
  await deps.db.tx(async (tx) => {
    if (!(await deps.channels.remove(tx, companyId, id))) return
    if (channel.appUid !== null) await enqueue(tx, [goodbye(deps, channel)])
    await appendEvents(tx, companyId, [
      { id: deps.ids.take(), type: "channel_deleted", isPublic: false, channelId: id },
    ])
  })
  deps.channels.forget(companyId, id)
  deps.committed([companyId])
}

const goodbye = (deps: ChannelDeps, { companyId, id }: Channel) => ({
  companyId,
  id: deps.ids.take(),
  channelId: id,
  conversationId: null,
  messageId: null,
  sequence: "control" as const,
  type: "delete" as const,
  number: null,
  state: "queued" as const,
  dueAt: deps.clock.now(),
})
