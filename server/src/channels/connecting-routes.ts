import {
  type Authentication,
  authenticateChannel,
  listChannelAddresses,
  returnFromSignIn,
} from "@causeway/contract/endpoints/connecting"
import { parseCredentials } from "../apps/server-auth.ts"
import type { App } from "../apps/store.ts"
import { HttpError } from "../http/errors.ts"
import { type Answer, type Call, type Route, route } from "../http/route.ts"
import { appendEvents } from "../live/feed.ts"
import { problemPage, textPage } from "../oauth/page.ts"
import { memberOf, requireAdmin } from "../teammates/roles.ts"
import { listAddresses, listsAddresses } from "./addresses.ts"
import { complete, needsSignIn, prove } from "./authenticate.ts"
import { refused } from "./authorize.ts"
import { type ConnectDeps, reconnectChannel } from "./connect.ts"
import { beginSignIn, callbackPath, endSignIn, type Visit } from "./sign-in.ts"
import type { Channel } from "./store.ts"

export interface ConnectingDeps extends ConnectDeps {
  config: { publicUrl: string | null }
  committed(companyIds: Iterable<number>): void
}

export const connectingRoutes = (deps: ConnectingDeps): Route[] => [
  route(authenticateChannel, async (call) => {
    requireAdmin(call.principal)
    const channel = await deps.channels.get(memberOf(call.principal).companyId, call.params.channel_id)
    const app = await appOf(deps, channel)
    if (needsSignIn(app) && !mayChooseOnly(call.body, channel)) return await startSignIn(deps, call, app, channel)
    const connected = await authenticate(deps, app, channel, call.body)
    deps.committed([channel.companyId])
    return answer(connected ? "connected" : "choose_address")
  }),

  route(listChannelAddresses, async ({ params, query, principal }) => {
    requireAdmin(principal)
    const channel = await deps.channels.get(memberOf(principal).companyId, params.channel_id)
    const app = await appOf(deps, channel)
    // One that was never asked has no other to offer.
    if (!listsAddresses(app)) {
      const own = { address: channel.address, name: channel.name }
      return { status: 200, body: { addresses: [own], next_page_token: null } }
    }
    const page = await listAddresses(deps.askPartner, {
      app,
      channelId: channel.id,
      authorization: channel.authorization,
      pageToken: query.page_token ?? null,
    })
    return { status: 200, body: { addresses: page.addresses, next_page_token: page.nextPageToken } }
  }),

  route(returnFromSignIn, async (call) => {
    const visit = call.query.state === undefined ? null : await endSignIn(deps.db, call.query.state, call.principal)
    if (visit === null)
      return problemPage(
        400,
        "This sign-in cannot be finished",
        "It was finished already, took longer than ten minutes, or was begun by somebody else. Begin it again in the channel's settings.",
      )
    try {
      return await finishSignIn(deps, call, visit)
    } catch (error) {
      if (!(error instanceof HttpError)) throw error
      await noteProblem(deps, visit, error.message)
      return problemPage(error.status, error.title, error.message)
    } finally {
      deps.committed([visit.companyId])
    }
  }),
]

async function appOf(deps: ConnectDeps, channel: Channel): Promise<App> {
  const app = channel.appUid === null ? null : await deps.apps.find(channel.appUid)
  if (app === null)
    throw new HttpError(
      400,
      `Channel ${channel.name} was connected without an app: there is nothing to authenticate at`,
    )
  return app
}

/** A person who has signed in already picks an address: the token they brought still holds. */
const mayChooseOnly = ({ address }: Authentication, { tokens }: Channel): boolean =>
  address != null && tokens !== null && (tokens.until === null || tokens.until.getTime() > Date.now())

async function authenticate(deps: ConnectDeps, app: App, channel: Channel, body: Authentication): Promise<boolean> {
  const chosen = body.address ?? null
  if (body.credentials == null && (chosen !== null || hasCredentials(app, channel)))
    return await reconnectChannel(deps, app, channel, chosen)
  const credentials = parseCredentials(app, body.credentials)
  return await complete(deps, app, channel, await prove(deps, app, { credentials }), chosen)
}

/** Those it has are of the kind that the app's server takes now. */
const hasCredentials = ({ serverAuth }: App, { credentials }: Channel): boolean =>
  serverAuth.type === "none" || credentials.type === serverAuth.type || credentials.api_key !== undefined

async function startSignIn(
  deps: ConnectingDeps,
  call: Call<typeof authenticateChannel>,
  app: App,
  channel: Channel,
): Promise<Answer> {
  const { principal, body } = call
  const signIn = await beginSignIn(deps.db, app, {
    companyId: channel.companyId,
    id: channel.id,
    teammateId: principal.kind === "session" ? principal.teammateId : null,
    // The cookie of whoever began it has to come back with them, so it is the address they know us by unless the operator named one.
    redirectUri: `${deps.config.publicUrl ?? call.origin}${callbackPath}`,
    address: body.address ?? null,
    returnTo: body.return_to ?? null,
  })
  return answer("sign_in", { sign_in_url: signIn.url, expires_at: signIn.expiresAt.getTime() / 1000 })
}

const answer = (status: string, more: { sign_in_url?: string; expires_at?: number } = {}): Answer => ({
  status: 200,
  body: { status, sign_in_url: null, expires_at: null, ...more },
})

async function finishSignIn(deps: ConnectDeps, call: Call<typeof returnFromSignIn>, visit: Visit): Promise<Answer> {
  const { code, error, error_description, iss } = call.query
  requireAdmin(call.principal)
  const channel = await deps.channels.find(visit.companyId, visit.id)
  if (channel === null) throw new HttpError(404, "The channel was deleted meanwhile")
  const app = await appOf(deps, channel)
  refuseOtherIssuer(app, iss)
  if (error !== undefined || code === undefined) throw refused(app, refusalOf(error, error_description))
  const proof = await prove(deps, app, { credentials: {}, code: { code, redirectUri: visit.redirectUri } })
  const connected = await complete(deps, app, channel, proof, visit.address)
  if (visit.returnTo !== null) return { status: 303, headers: { location: visit.returnTo } }
  return connected
    ? textPage("Connected", `${channel.name} is connected. You can close this page.`)
    : textPage("Almost there", `${channel.name} has several addresses: choose one in the channel's settings.`)
}

/**
 * A sign-in server could send the person on to another one, whose code would then come back here and be handed to the first (RFC 9700, 4.4). Whoever
 * answered has to be who was asked: the issuer that the app names, or else one at the origin of its sign-in page, where servers say who they are at all.
 */
function refuseOtherIssuer(app: App, iss: string | undefined): void {
  const { issuer, authorize_url } = app.serverAuth
  const isSame =
    issuer === undefined
      ? iss === undefined || URL.parse(iss)?.origin === URL.parse(authorize_url ?? "")?.origin
      : iss === issuer
  if (isSame) return
  const said = iss === undefined ? "said nothing" : `said ${iss.slice(0, 200)}`
  throw refused(
    app,
    `its sign-in server has to name itself as ${issuer ?? "one at its own origin"} (iss) and ${said}; the app's server_auth.issuer says which it is`,
  )
}

const refusalOf = (error: string | undefined, description: string | undefined): string =>
  error === undefined
    ? "its sign-in page sent nothing to go on with (no code)"
    : error === "access_denied"
      ? "its sign-in page says that access was not given"
      : `its sign-in page refused: ${(description ?? error).replace(/\p{Cc}+/gu, " ").slice(0, 300)} (${error.slice(0, 60)})`

/** A channel that never was online says what kept it from being. One that is stays as it was. */
async function noteProblem(deps: ConnectDeps, { companyId, id }: Visit, reason: string): Promise<void> {
  await deps.ids.reserve(1)
  await deps.db.tx(async (tx) => {
    const rows = await tx.query({
      text: "update channel set status_reason = $3 where company_id = $1 and id = $2 and status = 'offline' and deleted_at is null returning id",
      values: [companyId, id, reason],
    })
    if (rows.length > 0)
      await appendEvents(tx, companyId, [
        { id: deps.ids.take(), type: "channel_status", isPublic: false, channelId: id },
      ])
  })
  deps.channels.forget(companyId, id)
}
