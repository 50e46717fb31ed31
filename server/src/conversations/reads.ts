import { appendEvents } from "../live/feed.ts"
import type { Services } from "../services.ts"
import { lockForChange } from "./change.ts"

/** Who has read how far: the number of a message, 0 for what is to be shown as new again. Never further than there are messages. */
export async function markRead(
  deps: Pick<Services, "db" | "ids" | "committed">,
  reader: { companyId: number; teammateId: number },
  conversationId: number,
  number: number,
): Promise<void> {
  const { companyId, teammateId } = reader
  await deps.ids.reserve(1)
  await deps.db.tx(async (tx) => {
    const { last_number: last } = await lockForChange(tx, companyId, conversationId)
    const rows = await tx.query({
      name: "conversations.mark_read",
      text: `insert into conversation_read as known (company_id, conversation_id, teammate_id, number) values ($1, $2, $3, $4)
             on conflict (company_id, conversation_id, teammate_id) do update set number = excluded.number where known.number <> excluded.number
             returning number`,
      values: [companyId, conversationId, teammateId, Math.min(number, last)],
    })
    if (rows.length === 0) return
    await appendEvents(tx, companyId, [
      { id: deps.ids.take(), type: "conversation_read", conversationId, target: { reader_id: teammateId } },
    ])
  })
  deps.committed([companyId])
}
