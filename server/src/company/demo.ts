import { randomBytes } from "node:crypto"
import { join } from "node:path"
import { formatId, parseId } from "@causeway/contract/ids"
import type { App, Apps } from "../apps/store.ts"
import { type ConnectDeps, connectChannel, reconnectChannel } from "../channels/connect.ts"
import { getInbox } from "../inboxes/store.ts"
import { readPrivate, writePrivate } from "../secrets/private-file.ts"
import { StartError } from "../start-error.ts"
import type { Identity } from "../teammates/identity.ts"
import { createCompany } from "./create.ts"
import { hasCompany } from "./setup.ts"

/** What `--json` prints under "demo": ids and credentials that stay the same over restarts. */
export interface DemoResult {
  company_id: string
  api_token: string
  inbox_id: string
  teammate: { id: string; email: string; password: string }
  app: { uid: string; secret: string }
  channel_id: string
  channels: { id: string; name: string }[]
}

export interface DemoDeps extends ConnectDeps {
  identity: Identity
  config: { dataDir: string }
  /**
   * The demo partner's webhook URL. Called once the app exists, because the partner needs its uid and secret to check what it is sent; what it
   * resolves to must answer `authorization`.
   */
  startPartner(app: { uid: string; secret: string }): Promise<string>
}

const person = { company: "Causeway Demo", name: "Dana Demo", email: "demo@causeway.test" }
const channelName = "Demo SMS"

/**
 * The demo company with a connected channel, made on an empty data directory and found again later. What it printed is kept in `demo.json` (0600),
 * step by step: a start that was cut short goes on where it stopped. Null where somebody else's company lives here already.
 */
export async function ensureDemo(deps: DemoDeps): Promise<DemoResult | null> {
  const path = join(deps.config.dataDir, "demo.json")
  const kept = await readPrivate(path)
  if (!(await hasCompany(deps.db))) return connectDemo(deps, path, await makeDemoCompany(deps, path))
  return kept === null ? null : connectDemo(deps, path, JSON.parse(kept))
}

async function connectDemo(deps: DemoDeps, path: string, demo: Partial<DemoResult>): Promise<DemoResult> {
  const { companyId, inboxId } = await idsOf(deps, demo)
  demo.app ??= await makeApp(deps.apps, deps.db, companyId)
  await writePrivate(path, JSON.stringify(demo))

  const app = await moveTo(deps, companyId, demo.app.uid, await deps.startPartner(demo.app))
  const channelId = demo.channel_id === undefined ? null : parseId("cha", demo.channel_id)
  const channel = channelId === null ? null : await deps.channels.find(companyId, channelId)
  if (channel !== null) await reconnectChannel(deps, app, channel)
  const id =
    channel?.id ??
    (await connectChannel(deps, {
      companyId,
      inboxId,
      body: { type: "custom", name: channelName, application_uid: app.uid },
    }))
  demo.channel_id = formatId("cha", id)
  demo.channels = [{ id: demo.channel_id, name: channel?.name ?? channelName }]
  await writePrivate(path, JSON.stringify(demo))
  return demo as DemoResult
}

/** The company and the file that names it: the file first, so that a crash between the two leaves an unused file and no company without a password. */
async function makeDemoCompany(deps: DemoDeps, path: string): Promise<Partial<DemoResult>> {
  const password = randomBytes(9).toString("base64url")
  return deps.db.tx(async (tx) => {
    const created = await createCompany(tx, deps, { ...person, password })
    const result: Partial<DemoResult> = {
      company_id: formatId("cmp", created.companyId),
      api_token: created.apiToken,
      inbox_id: formatId("inb", created.inboxId),
      teammate: { id: formatId("tea", created.teammateId), email: person.email, password },
    }
    await writePrivate(path, JSON.stringify(result))
    return result
  })
}

async function idsOf(deps: DemoDeps, demo: Partial<DemoResult>): Promise<{ companyId: number; inboxId: number }> {
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

/** The app's address is a placeholder until its server runs. */
const makeApp = (apps: Apps, db: DemoDeps["db"], companyId: number): Promise<{ uid: string; secret: string }> =>
  db.tx((tx) =>
    apps.insert(tx, companyId, {
      name: channelName,
      webhookUrl: "http://localhost/",
      serverAuth: { type: "none" },
      serverSecrets: {},
      contactType: "custom",
      composer: "basic",
      features: ["compose", "reply", "attachments"],
      strict: false,
    }),
  )

/** The partner may listen on another port at every start. */
async function moveTo(deps: DemoDeps, companyId: number, uid: string, webhookUrl: string): Promise<App> {
  const app = await deps.apps.get(companyId, uid)
  if (app.webhookUrl === webhookUrl) return app
  await deps.apps.update(deps.db, app, { ...app, webhookUrl })
  deps.apps.forget(uid)
  return { ...app, webhookUrl }
}
