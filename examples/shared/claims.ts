import type { Claim, MessageStore } from "@causeway/sdk"
import type { Store } from "./store.ts"

export const claimsSchema = `create table if not exists claim (
  key text primary key, external_id text, external_conversation_id text, at integer not null
) strict;`

const keptDays = 30

/**
 * Which messages were sent, in a file. What was being sent when the process died is free again after a restart: give the provider the message's
 * id as its idempotency key, so that it is not sent twice.
 */
export function sqliteClaims(store: Store): MessageStore {
  store.run("delete from claim where external_id is null")
  store.run("delete from claim where at < ?", Date.now() - keptDays * 86_400_000)
  return {
    async claim(key): Promise<Claim> {
      const isNew = store.run("insert into claim (key, at) values (?, ?) on conflict do nothing", key, Date.now()) === 1
      if (isNew) return { state: "claimed" }
      const row = store.one<{ external_id: string | null; external_conversation_id: string }>(
        "select external_id, external_conversation_id from claim where key = ?",
        key,
      )
      if (row === undefined || row.external_id === null) return { state: "running" }
      return { state: "done", externalId: row.external_id, externalConversationId: row.external_conversation_id }
    },
    async finish(key, { externalId, externalConversationId }) {
      store.run(
        "update claim set external_id = ?, external_conversation_id = ? where key = ?",
        externalId,
        externalConversationId,
        key,
      )
    },
    async release(key) {
      store.run("delete from claim where key = ?", key)
    },
  }
}
