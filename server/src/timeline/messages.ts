import type { MessageView } from "@causeway/contract/inbox"
import { listCallViews } from "../calls/views.ts"
import type { Tx } from "../database/database.ts"
import type { MessageRow } from "../messages/read.ts"
import { messageView } from "../messages/resource.ts"

/** Messages as the inbox shows them, in their order; those that stand for calls with their calls. One statement more for each conversation that has calls. */
export async function messageViews(tx: Tx, companyId: number, rows: readonly MessageRow[]): Promise<MessageView[]> {
  const withCalls = new Set(rows.filter((row) => row.type === "call").map((row) => row.conversation_id))
  const calls = await Promise.all([...withCalls].map((id) => listCallViews(tx, companyId, id)))
  const callOf = new Map(calls.flat().map((call) => [call.message_id, call]))
  return rows.map((row) => {
    const view = messageView(row)
    const call = callOf.get(view.id)
    return call === undefined ? view : { ...view, call }
  })
}
