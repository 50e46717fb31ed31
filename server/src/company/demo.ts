import { randomBytes } from "node:crypto"
import { join } from "node:path"
import { formatId, parseId } from "@causeway/contract/ids"
import type { App } from "../apps/store.ts"
import { type ConnectDeps, connectChannel, reconnectChannel } from "../channels/connect.ts"
import { getInbox } from "../inboxes/store.ts"
import { readPrivate, writePrivate } from "../secrets/private-file.ts"
import { StartError } from "../start-error.ts"
import type { Identity } from "../teammates/identity.ts"
import { createCompany } from "./create.ts"
import { hasCompany } from "./setup.ts"

/** What the demo connects: channel types, each with a server of its own. The first is the one that `app` and `channel_id` name. */
const kinds = {
  customers: { name: "Demo SMS", contactType: "custom", features: ["compose", "reply", "attachments"] },
  chat: { name: "Website chat", contactType: "custom", features: ["reply", "attachments"] },
  sms: { name: "Text messages", contactType: "phone", features: ["compose", "reply", "attachments"] },
  phone: { name: "Telephone", contactType: "phone", features: ["reply", "calls"] },
} as const
export type DemoKind = keyof typeof kinds
export const demoKinds = Object.keys(kinds) as DemoKind[]

interface DemoApp {
  uid: string
  secret: string
}
export type DemoApps = Record<DemoKind, DemoApp>

/** Where one of the demo's partners is. */
export interface DemoPlace {
  /** Must answer `authorization`. */
  webhookUrl: string
  /** A page on which to be a customer; null where they are imaginary. */
  pageUrl: string | null
}

/** What `--json` prints under "demo": ids and credentials that stay the same over restarts. */
export interface DemoResult {
  company_id: string
  api_token: string
  inbox_id: string
  teammate: { id: string; email: string; password: string }
  app: DemoApp
  channel_id: string
  /** `page`: where to be a customer of it, another address at every start. */
  channels: { id: string; name: string; page?: string }[]
}

/** What `demo.json` keeps beside what is printed. */
interface Kept extends Partial<DemoResult> {
  apps?: Partial<DemoApps>
  channel_ids?: Partial<Record<DemoKind, string>>
}

export interface DemoDeps extends ConnectDeps {
  identity: Identity
  config: { dataDir: string }
  /** Starts the demo's partners. Called once the apps exist, because partners need uid and secret to check what they are sent. */
  startPartner(apps: DemoApps): Promise<Record<DemoKind, DemoPlace>>
}

export const demoPerson = { company: "Causeway Demo", name: "Dana Demo", email: "demo@causeway.test" }

/**
 * The demo company with its connected channels, made on an empty data directory and found again later. What it printed is kept in `demo.json` (0600),
 * step by step: a start that was cut short goes on where it stopped. Null where somebody else's company lives here already.
 */
export async function ensureDemo(deps: DemoDeps): Promise<DemoResult | null> {
  const path = join(deps.config.dataDir, "demo.json")
  const kept = await readPrivate(path)
  if (!(await hasCompany(deps.db))) return connectDemo(deps, path, await makeDemoCompany(deps, path))
  return kept === null ? null : connectDemo(deps, path, JSON.parse(kept))
}

async function connectDemo(deps: DemoDeps, path: string, kept: Kept): Promise<DemoResult> {
  const owner = await idsOf(deps, kept)
  const apps = { ...kept.apps, ...(kept.app && { customers: kept.app }) }
  for (const kind of demoKinds) apps[kind] = await ensureApp(deps, owner.companyId, kind, apps[kind])
  kept = { ...kept, apps, app: apps.customers as DemoApp }
  await writePrivate(path, JSON.stringify(kept))

  const places = await deps.startPartner(apps as DemoApps)
  const channelIds = { ...kept.channel_ids, ...(kept.channel_id !== undefined && { customers: kept.channel_id }) }
  const channels: DemoResult["channels"] = []
  for (const kind of demoKinds) {
    const { webhookUrl, pageUrl } = places[kind]
    const app = await moveTo(deps, owner.companyId, (apps[kind] as DemoApp).uid, webhookUrl)
    const channel = await ensureChannel(deps, owner, app, channelIds[kind])
    channelIds[kind] = channel.id
    channels.push({ ...channel, ...(pageUrl !== null && { page: pageUrl }) })
  }
  const { company_id, api_token, inbox_id, teammate } = kept as DemoResult
  const app = apps.customers as DemoApp
  const demo = { company_id, api_token, inbox_id, teammate, app, channel_id: channelIds.customers as string, channels }
  await writePrivate(path, JSON.stringify({ ...demo, apps, channel_ids: channelIds }))
  return demo
}

/** Found again, asked whether it still works, or made. */
async function ensureChannel(
  deps: DemoDeps,
  owner: { companyId: number; inboxId: number },
  app: App,
  kept: string | undefined,
): Promise<{ id: string; name: string }> {
  const id = kept === undefined ? null : parseId("cha", kept)
  const channel = id === null ? null : await deps.channels.find(owner.companyId, id)
  if (channel !== null) {
    await reconnectChannel(deps, app, channel)
    return { id: formatId("cha", channel.id), name: channel.name }
  }
  const body = { type: "custom", name: app.name, application_uid: app.uid }
  return { id: formatId("cha", await connectChannel(deps, { ...owner, body })), name: app.name }
}

/** The company and the file that names it: the file first, so that a crash between the two leaves an unused file and no company without a password. */
async function makeDemoCompany(deps: DemoDeps, path: string): Promise<Kept> {
  const password = randomBytes(9).toString("base64url")
  return deps.db.tx(async (tx) => {
    const created = await createCompany(tx, deps, { ...demoPerson, password })
    const result: Kept = {
      company_id: formatId("cmp", created.companyId),
      api_token: created.apiToken,
      inbox_id: formatId("inb", created.inboxId),
      teammate: { id: formatId("tea", created.teammateId), email: demoPerson.email, password },
    }
    await writePrivate(path, JSON.stringify(result))
    return result
  })
}

async function idsOf(deps: DemoDeps, demo: Kept): Promise<{ companyId: number; inboxId: number }> {
  const companyId = parseId("cmp", demo.company_id ?? "")
  const rows =
    companyId === null ? [] : await deps.db.query({ text: "select 1 from company where id = $1", values: [companyId] })
  if (companyId === null || rows.length === 0) {
    throw new StartError(
      "demo.json in the data directory names a company that the database does not have.",
      "Delete the file, or start with another --data directory.",
    )
  }
  return { companyId, inboxId: (await getInbox(deps.db, companyId, demo.inbox_id ?? "")).id }
}

/** The one that is kept, unless somebody has deleted it. Its address is a placeholder until its server runs. */
async function ensureApp(
  deps: DemoDeps,
  companyId: number,
  kind: DemoKind,
  kept: DemoApp | undefined,
): Promise<DemoApp> {
  if (kept !== undefined && (await deps.apps.find(kept.uid)) !== null) return kept
  const { name, contactType, features } = kinds[kind]
  return deps.db.tx((tx) =>
    deps.apps.insert(tx, companyId, {
      name,
      webhookUrl: "http://localhost/",
      serverAuth: { type: "none" },
      serverSecrets: {},
      contactType,
      composer: "basic",
      features: [...features],
      strict: false,
    }),
  )
}

/** A partner may listen on another port at every start. */
async function moveTo(deps: DemoDeps, companyId: number, uid: string, webhookUrl: string): Promise<App> {
  const app = await deps.apps.get(companyId, uid)
  if (app.webhookUrl === webhookUrl) return app
  await deps.apps.update(deps.db, app, { ...app, webhookUrl })
  deps.apps.forget(uid)
  return { ...app, webhookUrl }
}
