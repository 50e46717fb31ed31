import assert from "node:assert/strict"
import { randomBytes, randomInt } from "node:crypto"
import type { Composer, ContactType } from "@causeway/contract/endpoints/apps"
import { createCache } from "../cache.ts"
import type { Database, Tx } from "../database/database.ts"
import { notFound } from "../http/errors.ts"
import type { Seal } from "../secrets/seal.ts"
import { type PublicServerAuth, type ServerSecrets, sealContext } from "./server-auth.ts"

/** A channel type. Its secret signs webhooks one way and tokens the other. */
export interface App {
  uid: string
  companyId: number
  name: string
  /** `old` holds for tokens until `oldUntil`; null when there is none or its time is over. */
  secrets: { current: string; old: string | null; oldUntil: Date | null }
  /** What webhooks are signed with now: the old secret while a rotation overlaps and the partner was not switched yet. */
  signingSecret: string
  webhookUrl: string
  serverAuth: PublicServerAuth
  serverSecrets: ServerSecrets
  contactType: ContactType
  composer: Composer
  features: string[]
  strict: boolean
  /** Who carries its webhooks instead of HTTP at this moment; null: nobody. */
  listenerId: number | null
  createdAt: Date
}

export interface AppValues {
  name: string
  webhookUrl: string
  serverAuth: PublicServerAuth
  serverSecrets: ServerSecrets
  contactType: ContactType
  composer: Composer
  features: string[]
  strict: boolean
}

interface AppRow {
  uid: string
  company_id: number
  name: string
  secret_sealed: Buffer
  old_secret_sealed: Buffer | null
  old_secret_until: Date | null
  signs_with_old: boolean
  webhook_url: string
  server_auth: PublicServerAuth
  server_auth_sealed: Buffer | null
  contact_type: ContactType
  composer: Composer
  features: string[]
  strict: boolean
  listener_id: number | null
  created_at: Date
}

const columns = `uid, company_id, name, secret_sealed, old_secret_sealed, old_secret_until, signs_with_old, webhook_url, server_auth, server_auth_sealed,
  contact_type, composer, features, strict, created_at,
  (select listener.id from listener where listener.company_id = app.company_id and listener.app_uid = app.uid and until > clock_timestamp()) as listener_id`

/** Apps of all companies: a token's `iss` finds its company through here. Deleted apps are not found. */
export interface Apps {
  find(uid: string): Promise<App | null>
  /** 404 when the company has no such app. */
  get(companyId: number, uid: string): Promise<App>
  list(companyId: number): Promise<App[]>
  insert(tx: Tx, companyId: number, values: AppValues): Promise<{ uid: string; secret: string }>
  update(tx: Tx, app: App, values: AppValues): Promise<void>
  /** Makes a new secret; the old one holds for tokens for `overlapMs` more, and signs webhooks meanwhile if asked to. */
  rotate(tx: Tx, app: App, overlapMs: number, signsWithOld: boolean): Promise<{ secret: string; oldUntil: Date }>
  /** From now on webhooks carry the new secret's signature. */
  switchSecret(tx: Tx, app: App): Promise<void>
  remove(tx: Tx, app: App): Promise<void>
  /** After a change of ours was committed. */
  forget(uid: string): void
}

const cacheTtlMs = 2_000
const appsCachedMax = 2_000

/** One store per database: other folders reach it through the database they hold anyway. */
const stores = new WeakMap<Database, Apps>()

/** The app with this uid, of whatever company; null when there is none. At most 2 s old. */
export function findApp(db: Database, uid: string): Promise<App | null> {
  const store = stores.get(db)
  assert(store, "openApps was not called for this database")
  return store.find(uid)
}

/** Opens the apps of `db`; called once at start. */
export function openApps(db: Database, seal: Seal): Apps {
  const cache = createCache<App | null>({ ttlMs: cacheTtlMs, entriesMax: appsCachedMax, load })

  async function load(uid: string): Promise<App | null> {
    const rows = await db.query<AppRow>({
      name: "apps.find",
      text: `select ${columns} from app where uid = $1 and deleted_at is null`,
      values: [uid],
    })
    return rows[0] ? appOf(rows[0], seal) : null
  }

  async function find(uid: string): Promise<App | null> {
    const app = await cache.get(uid)
    return app !== null && isOver(app)
      ? { ...app, secrets: { ...app.secrets, old: null, oldUntil: null }, signingSecret: app.secrets.current }
      : app
  }

  const store: Apps = {
    find,
    async get(companyId, uid) {
      const app = /^[1-9][0-9]{0,14}$/.test(uid) ? await find(uid) : null
      if (app === null || app.companyId !== companyId) throw notFound("app", uid)
      return app
    },
    async list(companyId) {
      const rows = await db.query<AppRow>({
        name: "apps.list", // walks app_company
        text: `select ${columns} from app where company_id = $1 and deleted_at is null order by created_at, uid`,
        values: [companyId],
      })
      return rows.map((row) => appOf(row, seal))
    },
    insert: (tx, companyId, values) => insertApp(tx, seal, companyId, values),
    update: (tx, app, values) => updateApp(tx, seal, app.uid, values),
    rotate: (tx, app, overlapMs, signsWithOld) => rotateSecret(tx, seal, app, overlapMs, signsWithOld),
    async switchSecret(tx, app) {
      await tx.query({ text: "update app set signs_with_old = false where uid = $1", values: [app.uid] })
    },
    async remove(tx, app) {
      await tx.query({ text: "update app set deleted_at = now() where uid = $1", values: [app.uid] })
    },
    forget: (uid) => cache.forget(uid),
  }
  stores.set(db, store)
  return store
}

const isOver = (app: App): boolean => app.secrets.oldUntil !== null && app.secrets.oldUntil.getTime() <= Date.now()

function appOf(row: AppRow, seal: Seal): App {
  const current = seal.open(row.secret_sealed, sealContext(row.uid, "secret"))
  const overlaps =
    row.old_secret_sealed !== null && row.old_secret_until !== null && row.old_secret_until.getTime() > Date.now()
  const old = overlaps ? seal.open(row.old_secret_sealed as Buffer, sealContext(row.uid, "secret")) : null
  return {
    uid: row.uid,
    companyId: row.company_id,
    name: row.name,
    secrets: { current, old, oldUntil: old === null ? null : row.old_secret_until },
    signingSecret: old !== null && row.signs_with_old ? old : current,
    webhookUrl: row.webhook_url,
    serverAuth: row.server_auth,
    serverSecrets:
      row.server_auth_sealed === null
        ? {}
        : JSON.parse(seal.open(row.server_auth_sealed, sealContext(row.uid, "server_auth"))),
    contactType: row.contact_type,
    composer: row.composer,
    features: row.features,
    strict: row.strict,
    listenerId: row.listener_id,
    createdAt: row.created_at,
  }
}

/** Digits only, no leading zero, at most 15: clients put it into a token as a JSON number or as a string, and both must read the same. */
const randomUid = (): string => String(randomInt(100_000_000_000, 200_000_000_000_000))

const newSecret = (): string => randomBytes(32).toString("hex")

async function insertApp(
  tx: Tx,
  seal: Seal,
  companyId: number,
  values: AppValues,
): Promise<{ uid: string; secret: string }> {
  for (let tries = 0; tries < 5; tries++) {
    const uid = randomUid()
    const secret = newSecret()
    const rows = await tx.query({
      text: `insert into app (uid, company_id, name, secret_sealed, webhook_url, server_auth, server_auth_sealed, contact_type, composer, features, strict)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (uid) do nothing returning uid`,
      values: [
        uid,
        companyId,
        values.name,
        seal.seal(secret, sealContext(uid, "secret")),
        values.webhookUrl,
        ...serverAuthValues(seal, uid, values),
        ...kindValues(values),
      ],
    })
    if (rows.length > 0) return { uid, secret }
  }
  throw new Error("no free app uid in five random tries")
}

async function updateApp(tx: Tx, seal: Seal, uid: string, values: AppValues): Promise<void> {
  await tx.query({
    text: `update app set name = $2, webhook_url = $3, server_auth = $4, server_auth_sealed = $5, contact_type = $6, composer = $7, features = $8, strict = $9
           where uid = $1`,
    values: [uid, values.name, values.webhookUrl, ...serverAuthValues(seal, uid, values), ...kindValues(values)],
  })
}

const serverAuthValues = (seal: Seal, uid: string, values: AppValues): unknown[] => [
  JSON.stringify(values.serverAuth),
  Object.keys(values.serverSecrets).length === 0
    ? null
    : seal.seal(JSON.stringify(values.serverSecrets), sealContext(uid, "server_auth")),
]

const kindValues = (values: AppValues): unknown[] => [
  values.contactType,
  values.composer,
  values.features,
  values.strict,
]

async function rotateSecret(
  tx: Tx,
  seal: Seal,
  app: App,
  overlapMs: number,
  signsWithOld: boolean,
): Promise<{ secret: string; oldUntil: Date }> {
  const secret = newSecret()
  const oldUntil = new Date(Date.now() + overlapMs)
  await tx.query({
    text: "update app set secret_sealed = $2, old_secret_sealed = secret_sealed, old_secret_until = $3, signs_with_old = $4 where uid = $1",
    values: [app.uid, seal.seal(secret, sealContext(app.uid, "secret")), oldUntil, signsWithOld],
  })
  return { secret, oldUntil }
}
