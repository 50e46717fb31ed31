import type { Tx } from "../database/database.ts"

/** Takes a channel's conversations to another inbox with it (Core API, UpdateChannel: "Will also move corresponding conversations"). Locked in id order. */
export async function moveConversations(tx: Tx, companyId: number, channelId: number, inboxId: number): Promise<void> {
  await tx.query({
    text: `with moved as (
             select id from conversation where company_id = $1 and channel_id = $2 and inbox_id <> $3 order by id for no key update)
           update conversation set inbox_id = $3, version = version + 1, updated_at = now()
           from moved where conversation.company_id = $1 and conversation.id = moved.id`,
    values: [companyId, channelId, inboxId],
  })
}
