import type { Principal } from "../http/callers.ts"
import { invalid } from "../http/errors.ts"
import { appendEvents, type FeedEvent } from "../live/feed.ts"
import { lockConversation } from "../messages/reply.ts"
import type { Services } from "../services.ts"
import { resolveTeammate } from "../teammates/store.ts"
import type { ConversationRow } from "./read.ts"

export interface ConversationChange {
  status?: "archived" | "open" | "deleted" | "spam" | undefined
  assignee_id?: string | null | undefined
}

const statusEvents = { archived: "archive", open: "reopen", deleted: "trash", spam: "trash" } as const

/** Changes status and assignee; what is as asked already makes no event. Source: Core API UpdateConversation. */
export async function changeConversation(
  deps: Services,
  principal: Principal,
  row: ConversationRow,
  change: ConversationChange,
): Promise<void> {
  const assignee = change.assignee_id ? await resolveTeammate(deps.db, row.company_id, change.assignee_id) : null
  if (change.assignee_id && assignee === null) throw invalid("body.assignee_id", "names no teammate")
  await deps.ids.reserve(4)
  await deps.db.tx(async (tx) => {
    const before = await lockConversation(tx, row.company_id, row.id)
    const source =
      principal.kind === "session" ? { type: "teammate", teammate_id: principal.teammateId } : { type: "api" }
    const events: FeedEvent[] = []
    const status = change.status ?? before.status
    if (change.status !== undefined && change.status !== before.status) {
      events.push({ id: deps.ids.take(), type: statusEvents[change.status], conversationId: row.id, source })
    }
    const assigneeId = change.assignee_id === undefined ? before.assignee_id : (assignee?.id ?? null)
    if (assigneeId !== before.assignee_id) {
      const target = { type: "teammate", teammate_id: assigneeId ?? before.assignee_id }
      events.push({
        id: deps.ids.take(),
        type: assigneeId === null ? "unassign" : "assign",
        conversationId: row.id,
        source,
        target,
      })
    }
    if (events.length === 0) return
    await tx.query({
      name: "conversations.change",
      text: "update conversation set status = $3, assignee_id = $4, version = version + 1, updated_at = now() where company_id = $1 and id = $2",
      values: [row.company_id, row.id, status, assigneeId],
    })
    await appendEvents(tx, row.company_id, events)
  })
}
