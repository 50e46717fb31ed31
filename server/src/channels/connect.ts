import type { ChannelSettings, NewChannel as NewChannelBody } from "@causeway/contract/endpoints/channels"
import { parseCredentials, parseWebUrl } from "../apps/server-auth.ts"
import type { App, Apps } from "../apps/store.ts"
import type { Tx } from "../database/database.ts"
import { HttpError, invalid } from "../http/errors.ts"
import { appendEvents } from "../live/feed.ts"
import { type AuthenticateDeps, complete, needsSignIn, type Proof, prove, randomAddress } from "./authenticate.ts"
import type { Channel, NewChannel } from "./store.ts"

export interface ConnectDeps extends AuthenticateDeps {
  apps: Apps
}

interface Request {
  companyId: number
  inboxId: number
  body: NewChannelBody
}

const idsNeeded = 3

/**
 * Makes a channel: of an app, after its server has authorized it; or a custom one without an app. Returns its id; throws 4xx in words otherwise.
 *
 * The row is written before the partner is asked, offline, because some partners call back with the new channel's token while or right after they
 * answer. A refusal takes it away again; a crash in between leaves a channel that says it was never connected, and can be deleted. Where a person has to
 * sign in at the partner, or to choose one of several addresses, the channel stays offline until that is done (Core API, CreateChannel.credentials).
 */
export async function connectChannel(deps: ConnectDeps, { companyId, inboxId, body }: Request): Promise<number> {
  if (body.type !== "custom")
    throw invalid(
      "body.type",
      `must be custom (was ${body.type.slice(0, 40)}): other kinds of channel are not part of Causeway`,
    )
  await deps.ids.reserve(idsNeeded)
  const common = {
    companyId,
    id: deps.ids.take(),
    inboxId,
    address: body.address ?? randomAddress(),
    undoSendSeconds: body.settings?.undo_send_time ?? 0,
    allTeammatesCanReply: body.settings?.all_teammates_can_reply ?? true,
    autoAssign: body.settings?.auto_assign ?? true,
  }
  if (body.application_uid === undefined) return connectCustom(deps, common, body)
  const app = await appOf(deps.apps, companyId, String(body.application_uid))
  refuseCustomSettings(body.settings ?? {})
  const credentials = parseCredentials(app, body.credentials)
  const kind = {
    appUid: app.uid,
    contactType: app.contactType,
    credentials,
    webhookUrl: null,
    status: "offline" as const,
    statusReason: needsSignIn(app) ? `Nobody has signed in at ${app.name} yet` : "Not connected yet",
    replyMode: "same_channel" as const,
    composeMode: "normal" as const,
  }
  return connectApp(deps, app, { ...common, ...kind, name: body.name ?? app.name })
}

async function appOf(apps: Apps, companyId: number, uid: string): Promise<App> {
  const app = await apps.find(uid)
  if (app === null || app.companyId !== companyId)
    throw invalid("body.application_uid", `names no app (was ${uid.slice(0, 40)})`)
  return app
}

async function connectApp(deps: ConnectDeps, app: App, channel: NewChannel): Promise<number> {
  await deps.db.tx(async (tx) => {
    await refuseDeletedApp(tx, app)
    if (!(await deps.channels.insert(tx, channel)))
      throw new HttpError(409, `This app has a channel with the address ${channel.address} already`)
    if (needsSignIn(app))
      await appendEvents(tx, channel.companyId, [
        { id: deps.ids.take(), type: "channel_status", isPublic: false, channelId: channel.id },
      ])
  })
  if (needsSignIn(app)) return channel.id
  try {
    const proof = await prove(deps, app, { credentials: channel.credentials })
    await complete(deps, app, { ...channel, resourceOwnerId: null }, proof)
  } catch (error) {
    await deps.db.tx((tx) => deps.channels.remove(tx, channel.companyId, channel.id))
    throw error
  } finally {
    deps.channels.forget(channel.companyId, channel.id)
  }
  return channel.id
}

/** Asks the app's server again for a channel that was connected (a server that moved, an address that was chosen); back online when it agrees. */
export async function reconnectChannel(
  deps: ConnectDeps,
  app: App,
  channel: Channel,
  chosen: string | null = null,
): Promise<boolean> {
  return await complete(deps, app, channel, await keptProof(deps, app, channel), chosen)
}

/** What the channel has proved itself with so far. A token that has ended is asked for again where nobody is needed for that. */
async function keptProof(deps: ConnectDeps, app: App, { credentials, tokens }: Channel): Promise<Proof> {
  const holds =
    app.serverAuth.type === "oauth2" &&
    tokens !== null &&
    (tokens.until === null || tokens.until.getTime() > Date.now())
  if (holds) return { credentials, tokens, account: null }
  if (needsSignIn(app)) throw new HttpError(400, `Somebody has to sign in at ${app.name} first`)
  return await prove(deps, app, { credentials })
}

/** The lock keeps the app from being deleted in between: its deletion counts channels under it. */
async function refuseDeletedApp(tx: Tx, app: App): Promise<void> {
  const rows = await tx.query({
    text: "select uid from app where uid = $1 and deleted_at is null for share",
    values: [app.uid],
  })
  if (rows.length === 0) throw invalid("body.application_uid", `names no app (was ${app.uid})`)
}

/** What only a channel without an app can say of itself: the others' app says it. */
export function refuseCustomSettings(settings: NonNullable<NewChannelBody["settings"]>): void {
  for (const name of ["webhook_url", "contact_type", "reply_mode", "compose_mode"] as const)
    if (settings[name] !== undefined)
      throw invalid(`body.settings.${name}`, "is only for channels without an app: here the app decides")
}

async function connectCustom(
  deps: ConnectDeps,
  common: Omit<
    NewChannel,
    | "appUid"
    | "name"
    | "webhookUrl"
    | "credentials"
    | "contactType"
    | "status"
    | "statusReason"
    | "replyMode"
    | "composeMode"
  >,
  body: NewChannelBody,
): Promise<number> {
  const channel: NewChannel = {
    ...common,
    ...customModes(body.settings ?? {}),
    appUid: null,
    name: body.name ?? "Custom channel",
    credentials: {},
    contactType: body.settings?.contact_type ?? "custom",
    status: "ok",
    statusReason: null,
  }
  await deps.db.tx(async (tx) => {
    await deps.channels.insert(tx, channel)
    await appendEvents(tx, channel.companyId, [
      { id: deps.ids.take(), type: "channel_status", isPublic: false, channelId: channel.id },
    ])
  })
  return channel.id
}

type Modes = Pick<Channel, "webhookUrl" | "replyMode" | "composeMode">

/** Where a custom channel's messages go, and whether there are any: both modes need the outgoing URL. `before`: what is changed. */
export function customModes(settings: ChannelSettings, before?: Modes): Modes {
  const given = settings.webhook_url
  const webhookUrl =
    given === undefined
      ? (before?.webhookUrl ?? null)
      : given === null
        ? null
        : parseWebUrl(given, "body.settings.webhook_url")
  const replyMode = settings.reply_mode ?? before?.replyMode ?? (webhookUrl === null ? "unsupported" : "same_channel")
  const composeMode = settings.compose_mode ?? before?.composeMode ?? "unsupported"
  if (webhookUrl === null && replyMode === "same_channel")
    throw invalid("body.settings.webhook_url", "is needed for replies to go to (or set reply_mode to unsupported)")
  if (webhookUrl === null && composeMode === "normal")
    throw invalid(
      "body.settings.webhook_url",
      "is needed for new messages to go to (or set compose_mode to unsupported)",
    )
  return { webhookUrl, replyMode, composeMode }
}
