import type { Tx } from "../database/database.ts"

/** Browsers hear of this many conversations when their contact changes; further down a list it shows when they load again. */
export const announcedMax = 100

/**
 * Renews the conversations of contacts that got another name, or gives them another contact (null: none), in the caller's transaction, which holds
 * the contacts. They are locked in id order. Returns the ids of the newest, to be announced. Walks conversation_contact.
 */
export async function renewConversations(
  tx: Tx,
  companyId: number,
  contactIds: readonly number[],
  contactId: number | null,
): Promise<number[]> {
  const rows = await tx.query<{ id: number }>({
    name: "conversations.renew",
    text: `with held as (
             select id from conversation where company_id = $1 and contact_id = any($2::bigint[]) order by id for no key update
           ), renewed as (
             update conversation set contact_id = $3, version = version + 1 from held
             where conversation.company_id = $1 and conversation.id = held.id returning conversation.id, activity_at, merged_into
           )
           select id from renewed where merged_into is null order by activity_at desc, id desc limit $4`,
    values: [companyId, contactIds, contactId, announcedMax],
  })
  return rows.map(({ id }) => id)
}
