import assert from "node:assert/strict"
import type { Tx } from "../database/database.ts"
import type { Ids } from "../ids.ts"
import type { Channel, Channels } from "./store.ts"

/** The channel of an inbox that imported messages come over, made when it is first needed; safe under parallel copies. Walks channel_import. */
export async function ensureImportChannel(
  deps: { db: Tx; ids: Ids; channels: Channels },
  companyId: number,
  inboxId: number,
): Promise<Channel> {
  await deps.ids.reserve(1)
  await deps.db.query({
    name: "channels.ensure_import",
    text: `insert into channel (company_id, id, inbox_id, name, address, reply_mode, compose_mode, kind)
           values ($1, $2, $3, 'Imported', 'imported', 'unsupported', 'unsupported', 'import')
           on conflict (company_id, inbox_id) where kind = 'import' do nothing`,
    values: [companyId, deps.ids.take(), inboxId],
  })
  const rows = await deps.db.query<{ id: number }>({
    name: "channels.find_import",
    text: "select id from channel where company_id = $1 and inbox_id = $2 and kind = 'import'",
    values: [companyId, inboxId],
  })
  const channel = await deps.channels.find(companyId, rows[0]?.id ?? 0)
  assert(channel, "the import channel was just made")
  return channel
}
