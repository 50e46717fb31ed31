import assert from "node:assert/strict"
import type { ContactType } from "@causeway/contract/endpoints/apps"
import { parseId } from "@causeway/contract/ids"
import { createCache } from "../cache.ts"
import type { Database, Tx } from "../database/database.ts"
import { notFound } from "../http/errors.ts"
import type { Seal } from "../secrets/seal.ts"
import {
  authorizationOf,
  type ChannelKey,
  type Connection,
  type Credentials,
  type GivenTokens,
  openCredentials,
  openTokens,
  replaceTokens,
  sealCredentials,
  setConnection,
} from "./credentials.ts"

/** One connection of an app (or of no app: a custom channel) to an inbox. */
export interface Channel {
  companyId: number
  id: number
  inboxId: number
  appUid: string | null
  name: string
  /** The "from" handle of what we send. */
  address: string
  /** Null: webhooks go to the app's URL. */
  webhookUrl: string | null
  credentials: Credentials
  /** What the app's token endpoint gave; `until` null: nobody said when it ends; `sealed` tells them from later ones. */
  tokens: (GivenTokens & { sealed: Buffer }) | null
  /** The `Authorization` header of every webhook; null: none. */
  authorization: string | null
  /** Whose account at the partner it is, where that is known. */
  resourceOwnerId: string | null
  contactType: ContactType
  status: "ok" | "offline"
  statusReason: string | null
  statusAt: Date
  undoSendSeconds: number
  autoAssign: boolean
  replyMode: "same_channel" | "unsupported"
  composeMode: "normal" | "unsupported"
  allTeammatesCanReply: boolean
  isPrivate: boolean
  deletedAt: Date | null
  /** An inbox's own for what is imported into it; shown nowhere. */
  isImport: boolean
}

interface ChannelRow {
  company_id: number
  id: number
  inbox_id: number
  app_uid: string | null
  name: string
  address: string
  webhook_url: string | null
  credentials_sealed: Buffer | null
  tokens_sealed: Buffer | null
  tokens_until: Date | null
  tokens_renewable: boolean
  resource_owner_id: string | null
  contact_type: ContactType
  status: "ok" | "offline"
  status_reason: string | null
  status_at: Date
  undo_send_time: number
  auto_assign: boolean
  reply_mode: "same_channel" | "unsupported"
  compose_mode: "normal" | "unsupported"
  all_teammates_can_reply: boolean
  is_private: boolean
  deleted_at: Date | null
  kind: "channel" | "import"
}

const columns = `company_id, id, inbox_id, app_uid, name, address, webhook_url, credentials_sealed, tokens_sealed, tokens_until, tokens_renewable, resource_owner_id, contact_type, status, status_reason, status_at,
  undo_send_time, auto_assign, reply_mode, compose_mode, all_teammates_can_reply, is_private, deleted_at, kind`

export interface NewChannel {
  companyId: number
  id: number
  inboxId: number
  appUid: string | null
  name: string
  address: string
  webhookUrl: string | null
  credentials: Credentials
  contactType: ContactType
  status: "ok" | "offline"
  statusReason: string | null
  undoSendSeconds: number
  allTeammatesCanReply: boolean
  autoAssign: boolean
  replyMode: Channel["replyMode"]
  composeMode: Channel["composeMode"]
}

export interface ChannelValues {
  name: string
  inboxId: number
  webhookUrl: string | null
  undoSendSeconds: number
  allTeammatesCanReply: boolean
  autoAssign: boolean
  replyMode: Channel["replyMode"]
  composeMode: Channel["composeMode"]
}

export interface Channels {
  /** Null when there is none; a deleted one only when asked for (its partner is still to be told). */
  find(companyId: number, id: number, options?: { deleted?: boolean }): Promise<Channel | null>
  /** By `cha_…` or `alt:address:…`. */
  resolve(companyId: number, id: string): Promise<Channel | null>
  /** The same; throws 404 when the company has none. */
  get(companyId: number, id: string): Promise<Channel>
  list(companyId: number, inboxId?: number): Promise<Channel[]>
  /** False when the app has a channel with this address already. */
  insert(tx: Tx, channel: NewChannel): Promise<boolean>
  /** What connecting it brought. Breaks the index channel_address when the app has another channel with this address. */
  setConnection(tx: Tx, channel: ChannelKey, connection: Connection): Promise<void>
  /** After a renewal; see `replaceTokens`. */
  replaceTokens(tx: Tx, channel: ChannelKey, tokens: GivenTokens, before: Buffer | null): Promise<boolean>
  update(tx: Tx, channel: Channel, values: ChannelValues): Promise<void>
  /** Marks it deleted; false when it was already. */
  remove(tx: Tx, companyId: number, id: number): Promise<boolean>
  /** After a change of ours was committed. */
  forget(companyId: number, id: number): void
}

const cacheTtlMs = 2_000
const channelsCachedMax = 5_000
const addressPrefix = "alt:address:"

/** One store per database: other folders reach it through the database they hold anyway. */
const stores = new WeakMap<Database, Channels>()

function storeOf(db: Database): Channels {
  const store = stores.get(db)
  assert(store, "openChannels was not called for this database")
  return store
}

/** A live channel (or also a deleted one, where its partner is still to be told); null when there is none. At most 2 s old. */
export const findChannel = (
  db: Database,
  companyId: number,
  id: number,
  options?: { deleted?: boolean },
): Promise<Channel | null> => storeOf(db).find(companyId, id, options)

/** By `cha_…` or `alt:address:…`; null when the company has none. */
export const resolveChannel = (db: Database, companyId: number, id: string): Promise<Channel | null> =>
  storeOf(db).resolve(companyId, id)

/** Opens the channels of `db`; called once at start. */
export function openChannels(db: Database, seal: Seal): Channels {
  const cache = createCache<Channel | null>({ ttlMs: cacheTtlMs, entriesMax: channelsCachedMax, load })

  async function load(key: string): Promise<Channel | null> {
    const rows = await db.query<ChannelRow>({
      name: "channels.find",
      text: `select ${columns} from channel where company_id = $1 and id = $2`,
      values: key.split(":"),
    })
    return rows[0] ? channelOf(rows[0], seal) : null
  }

  async function find(companyId: number, id: number, options: { deleted?: boolean } = {}): Promise<Channel | null> {
    const channel = await cache.get(`${companyId}:${id}`)
    return channel?.deletedAt && !options.deleted ? null : channel
  }

  async function findByAddress(companyId: number, address: string): Promise<Channel | null> {
    const rows = await db.query<ChannelRow>({
      name: "channels.by_address",
      text: `select ${columns} from channel where company_id = $1 and address = $2 and deleted_at is null and kind = 'channel' order by id limit 1`,
      values: [companyId, address],
    })
    return rows[0] ? channelOf(rows[0], seal) : null
  }

  async function resolve(companyId: number, text: string): Promise<Channel | null> {
    if (text.startsWith(addressPrefix)) return findByAddress(companyId, text.slice(addressPrefix.length))
    const id = parseId("cha", text)
    const channel = id === null ? null : await find(companyId, id)
    return channel?.isImport ? null : channel
  }

  const store: Channels = {
    find,
    resolve,
    async get(companyId, text) {
      const channel = await resolve(companyId, text)
      if (channel === null) throw notFound("channel", text)
      return channel
    },
    async list(companyId, inboxId) {
      const rows = await db.query<ChannelRow>({
        name: "channels.list", // walks channel_inbox
        text: `select ${columns} from channel where company_id = $1 and ($2::bigint is null or inbox_id = $2) and deleted_at is null and kind = 'channel' order by id`,
        values: [companyId, inboxId ?? null],
      })
      return rows.map((row) => channelOf(row, seal))
    },
    insert: (tx, channel) => insertChannel(tx, seal, channel),
    setConnection: (tx, channel, connection) => setConnection(tx, seal, channel, connection),
    replaceTokens: (tx, channel, tokens, before) => replaceTokens(tx, seal, channel, tokens, before),
    async update(tx, channel, values) {
      await tx.query({
        text: `update channel set name = $3, inbox_id = $4, webhook_url = $5, undo_send_time = $6, all_teammates_can_reply = $7,
                 auto_assign = $8, reply_mode = $9, compose_mode = $10
               where company_id = $1 and id = $2 and deleted_at is null`,
        values: [
          channel.companyId,
          channel.id,
          values.name,
          values.inboxId,
          values.webhookUrl,
          values.undoSendSeconds,
          values.allTeammatesCanReply,
          values.autoAssign,
          values.replyMode,
          values.composeMode,
        ],
      })
    },
    async remove(tx, companyId, id) {
      const rows = await tx.query({
        text: "update channel set deleted_at = now() where company_id = $1 and id = $2 and deleted_at is null returning id",
        values: [companyId, id],
      })
      return rows.length > 0
    },
    forget: (companyId, id) => cache.forget(`${companyId}:${id}`),
  }
  stores.set(db, store)
  return store
}

async function insertChannel(tx: Tx, seal: Seal, channel: NewChannel): Promise<boolean> {
  const rows = await tx.query({
    text: `insert into channel (company_id, id, inbox_id, app_uid, name, address, webhook_url, credentials_sealed, contact_type, status, status_reason,
             undo_send_time, all_teammates_can_reply, auto_assign, reply_mode, compose_mode)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
           on conflict (company_id, app_uid, address) where deleted_at is null and app_uid is not null do nothing returning id`,
    values: [
      channel.companyId,
      channel.id,
      channel.inboxId,
      channel.appUid,
      channel.name,
      channel.address,
      channel.webhookUrl,
      sealCredentials(seal, channel, channel.credentials),
      channel.contactType,
      channel.status,
      channel.statusReason,
      channel.undoSendSeconds,
      channel.allTeammatesCanReply,
      channel.autoAssign,
      channel.replyMode,
      channel.composeMode,
    ],
  })
  return rows.length > 0
}

function channelOf(row: ChannelRow, seal: Seal): Channel {
  const key = { companyId: row.company_id, id: row.id }
  const credentials = openCredentials(seal, key, row.credentials_sealed)
  const tokens = openTokens(seal, key, row.tokens_sealed)
  return {
    companyId: row.company_id,
    id: row.id,
    inboxId: row.inbox_id,
    appUid: row.app_uid,
    name: row.name,
    address: row.address,
    webhookUrl: row.webhook_url,
    credentials,
    tokens: tokens && {
      ...tokens,
      until: row.tokens_until,
      isRenewable: row.tokens_renewable,
      sealed: row.tokens_sealed as Buffer,
    },
    authorization: authorizationOf(credentials, tokens),
    resourceOwnerId: row.resource_owner_id,
    contactType: row.contact_type,
    status: row.status,
    statusReason: row.status_reason,
    statusAt: row.status_at,
    undoSendSeconds: row.undo_send_time,
    autoAssign: row.auto_assign,
    replyMode: row.reply_mode,
    composeMode: row.compose_mode,
    allTeammatesCanReply: row.all_teammates_can_reply,
    isPrivate: row.is_private,
    deletedAt: row.deleted_at,
    isImport: row.kind === "import",
  }
}
