import { formatId } from "@causeway/contract/ids"
import type { App, Apps } from "../apps/store.ts"
import type { Channel, Channels } from "../channels/store.ts"
import type { Database, Tx } from "../database/database.ts"

/** The simulator's app of a company; null when nothing was simulated yet. */
export async function findSimulatedUid(tx: Tx, companyId: number): Promise<string | null> {
  const rows = await tx.query<{ app_uid: string }>({
    name: "simulator.find_app",
    text: "select app_uid from simulated_app where company_id = $1",
    values: [companyId],
  })
  return rows[0]?.app_uid ?? null
}

interface StoreDeps {
  db: Database
  apps: Apps
  channels: Channels
}

/** The same, made where there is none: an ordinary app, whose server listens at `base`. */
export async function ensureSimulatedApp(deps: StoreDeps, companyId: number, base: string): Promise<App> {
  const { db, apps } = deps
  const kept = await findSimulatedUid(db, companyId)
  const known = kept === null ? null : await apps.find(kept)
  if (known !== null) return known
  const uid = await db.tx(async (tx) => {
    await tx.query({ text: "select id from company where id = $1 for update", values: [companyId] })
    const other = await findSimulatedUid(tx, companyId)
    if (other !== null && other !== kept) return other
    const made = await apps.insert(tx, companyId, {
      name: "Simulator",
      webhookUrl: base,
      serverAuth: { type: "none" },
      serverSecrets: {},
      contactType: "phone",
      composer: "basic",
      features: ["compose", "reply", "attachments", "templates", "calls"],
      strict: false,
    })
    await tx.query({
      text: `insert into simulated_app (company_id, app_uid) values ($1, $2) on conflict (company_id) do update set app_uid = excluded.app_uid`,
      values: [companyId, made.uid],
    })
    return made.uid
  })
  apps.forget(uid)
  await moveSimulated(deps, base)
  return await apps.get(companyId, uid)
}

/** Simulated channels may be called at another port after every start of the server. */
export async function moveSimulated({ db, apps, channels: store }: StoreDeps, base: string): Promise<void> {
  const rows = await db.query<{ app_uid: string }>({
    text: "update app set webhook_url = $1 || app.uid from simulated_app where app.uid = simulated_app.app_uid and app.deleted_at is null returning app_uid",
    values: [base],
  })
  for (const { app_uid } of rows) apps.forget(app_uid)
  const channels = await db.query<{ company_id: number; id: number; app_uid: string }>({
    text: `select channel.company_id, channel.id, channel.app_uid from channel join simulated_app using (company_id, app_uid) where channel.deleted_at is null`,
  })
  await db.query({
    text: `update channel set webhook_url = moved.url from unnest($1::bigint[], $2::bigint[], $3::text[]) as moved (company_id, id, url)
           where channel.company_id = moved.company_id and channel.id = moved.id`,
    values: [
      channels.map((channel) => channel.company_id),
      channels.map((channel) => channel.id),
      channels.map((channel) => `${base}${channel.app_uid}/${formatId("cha", channel.id)}`),
    ],
  })
  for (const { company_id, id } of channels) store.forget(company_id, id)
}

export async function listSimulatedChannels(tx: Tx, channels: Channels, companyId: number): Promise<Channel[]> {
  const uid = await findSimulatedUid(tx, companyId)
  return uid === null ? [] : (await channels.list(companyId)).filter(({ appUid }) => appUid === uid)
}
