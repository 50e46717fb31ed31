import {
  type AppChange,
  type AppView,
  createApp,
  deleteApp,
  features,
  getApp,
  listApps,
  type NewApp,
  rotateAppSecret,
  switchAppSecret,
  updateApp,
} from "@causeway/contract/endpoints/apps"
import type { Database, Tx } from "../database/database.ts"
import { HttpError } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import { memberOf, requireBuilder, requireDeveloper } from "../teammates/roles.ts"
import { listSubscriptions, removeWebhooks } from "../webhooks/store.ts"
import { parseServerAuth, parseWebUrl } from "./server-auth.ts"
import type { App, Apps, AppValues } from "./store.ts"

const defaultFeatures = features.slice(0, 3)
const defaultOverlapHours = 24
const hourMs = 3_600_000

export interface AppDeps {
  db: Database
  apps: Apps
}

export const appRoutes = ({ db, apps }: AppDeps): Route[] => [
  route(createApp, async ({ body, principal }) => {
    requireBuilder(principal)
    const values = newValues(body)
    const created = await db.tx((tx) => apps.insert(tx, memberOf(principal).companyId, values))
    return { status: 201, body: created }
  }),

  route(listApps, async ({ principal }) => {
    requireDeveloper(principal)
    const list = await apps.list(memberOf(principal).companyId)
    return { status: 200, body: { apps: list.map(appView) } }
  }),

  route(getApp, async ({ params, principal }) => {
    requireDeveloper(principal)
    return { status: 200, body: appView(await apps.get(memberOf(principal).companyId, params.uid)) }
  }),

  route(updateApp, async ({ params, body, principal }) => {
    requireBuilder(principal)
    const app = await apps.get(memberOf(principal).companyId, params.uid)
    const values = changedValues(app, body)
    await db.tx(async (tx) => {
      if (values.contactType !== app.contactType)
        await refuseWithChannels(tx, app, "contact_type is fixed once a channel is connected")
      await apps.update(tx, app, values)
    })
    apps.forget(app.uid)
    return { status: 200, body: appView({ ...app, ...values }) }
  }),

  route(deleteApp, async ({ params, principal }) => {
    requireBuilder(principal)
    const app = await apps.get(memberOf(principal).companyId, params.uid)
    await db.tx(async (tx) => {
      await refuseWithChannels(tx, app, "Delete its channels first")
      const webhooks = await listSubscriptions(tx, app.companyId, app.uid)
      await removeWebhooks(
        tx,
        app.companyId,
        webhooks.map((webhook) => webhook.id),
      )
      await apps.remove(tx, app)
    })
    apps.forget(app.uid)
    return { status: 204 }
  }),

  route(rotateAppSecret, async ({ params, query, principal }) => {
    requireBuilder(principal)
    const app = await apps.get(memberOf(principal).companyId, params.uid)
    const overlapMs = (query.overlap_hours ?? defaultOverlapHours) * hourMs
    const { secret, oldUntil } = await db.tx((tx) => apps.rotate(tx, app, overlapMs, query.sign_with_old ?? true))
    apps.forget(app.uid)
    return { status: 200, body: { uid: app.uid, secret, old_secret_until: oldUntil.getTime() / 1000 } }
  }),

  route(switchAppSecret, async ({ params, principal }) => {
    requireBuilder(principal)
    const app = await apps.get(memberOf(principal).companyId, params.uid)
    await db.tx((tx) => apps.switchSecret(tx, app))
    apps.forget(app.uid)
    return { status: 200, body: appView({ ...app, signingSecret: app.secrets.current }) }
  }),
]

function newValues(body: NewApp): AppValues {
  return {
    name: body.name,
    webhookUrl: parseWebUrl(body.webhook_url, "body.webhook_url"),
    ...parseServerAuth(body.server_auth ?? { type: "none" }),
    contactType: body.contact_type ?? "custom",
    composer: body.composer ?? "basic",
    features: body.features ?? [...defaultFeatures],
    strict: body.strict ?? false,
  }
}

function changedValues(app: App, body: AppChange): AppValues {
  return {
    name: body.name ?? app.name,
    webhookUrl: body.webhook_url === undefined ? app.webhookUrl : parseWebUrl(body.webhook_url, "body.webhook_url"),
    ...(body.server_auth === undefined
      ? { serverAuth: app.serverAuth, serverSecrets: app.serverSecrets }
      : parseServerAuth(body.server_auth, app.serverSecrets)),
    contactType: body.contact_type ?? app.contactType,
    composer: body.composer ?? app.composer,
    features: body.features ?? app.features,
    strict: body.strict ?? app.strict,
  }
}

/** The app's row is locked, so a channel that is being connected either stands already or finds the app gone. */
async function refuseWithChannels(tx: Tx, app: App, advice: string): Promise<void> {
  await tx.query({ text: "select uid from app where uid = $1 for update", values: [app.uid] })
  const rows = await tx.query<{ count: number }>({
    text: "select count(*)::int as count from channel where company_id = $1 and app_uid = $2 and deleted_at is null",
    values: [app.companyId, app.uid],
  })
  const count = rows[0]?.count ?? 0
  if (count > 0) throw new HttpError(409, `${advice} (this app has ${count})`)
}

const appView = (app: App): AppView => ({
  uid: app.uid,
  name: app.name,
  webhook_url: app.webhookUrl,
  server_auth: app.serverAuth,
  contact_type: app.contactType,
  composer: app.composer,
  features: app.features,
  strict: app.strict,
  old_secret_until: app.secrets.oldUntil === null ? null : app.secrets.oldUntil.getTime() / 1000,
  signs_with_old: app.signingSecret !== app.secrets.current,
  created_at: app.createdAt.getTime() / 1000,
})
