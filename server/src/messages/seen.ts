import { listSeenReceipts, markMessageSeen } from "@causeway/contract/endpoints/seen"
import { formatId } from "@causeway/contract/ids"
import type { SeenReceipt } from "@causeway/contract/resources/seen-receipt"
import { findChannel } from "../channels/store.ts"
import type { Database } from "../database/database.ts"
import { HttpError } from "../http/errors.ts"
import { wholeList } from "../http/lists.ts"
import { type Route, route } from "../http/route.ts"
import { appendEvents } from "../live/feed.ts"
import type { Services } from "../services.ts"
import { getMessageFor } from "./access.ts"
import type { MessageRow } from "./read.ts"

export const seenRoutes = (deps: Services): Route[] => [
  route(listSeenReceipts, async ({ params, principal, request, origin }) => {
    const message = await getMessageFor(deps.db, principal, params.message_id)
    const receipts = message.seen_at === null ? [] : [await receiptOf(deps.db, message, message.seen_at, origin)]
    return { status: 200, body: wholeList(request, origin, receipts) }
  }),

  route(markMessageSeen, async ({ params, principal }) => {
    const message = await getMessageFor(deps.db, principal, params.message_id)
    if (message.direction === "inbound")
      throw new HttpError(400, "Only a message that was sent from here is seen by an end user; this one is inbound")
    if (message.seen_at === null) await markSeen(deps, message)
    return { status: 204 }
  }),
]

/** Keeps the first time only; of many who tell at once, one does. */
async function markSeen(deps: Services, message: MessageRow): Promise<void> {
  const { company_id: companyId, id: messageId, conversation_id: conversationId } = message
  await deps.ids.reserve(1)
  await deps.db.tx(async (tx) => {
    const first = await tx.query({
      name: "messages.seen",
      text: "insert into message_seen (company_id, message_id) values ($1, $2) on conflict do nothing returning message_id",
      values: [companyId, messageId],
    })
    if (first.length === 0) return
    await tx.query({
      name: "messages.seen_version",
      text: "update message set version = version + 1 where company_id = $1 and id = $2",
      values: [companyId, messageId],
    })
    await appendEvents(tx, companyId, [
      { id: deps.ids.take(), type: "message_seen", isPublic: false, conversationId, messageId },
    ])
  })
  deps.committed([companyId])
}

/** A channel does not say who saw it: where the message went to one person, it was that one. */
async function receiptOf(db: Database, message: MessageRow, seenAt: Date, origin: string): Promise<SeenReceipt> {
  const self = `${origin}/messages/${formatId("msg", message.id)}`
  const channel = await findChannel(db, message.company_id, message.channel_id, { deleted: true })
  const readers = message.recipients.filter(({ role }) => role !== "from" && role !== "reply-to")
  return {
    _links: { self: `${self}/seen`, related: { message: self } },
    first_seen_at: seenAt.getTime(),
    seen_by:
      readers.length === 1 ? { handle: readers[0]?.handle ?? "", source: channel?.contactType ?? "custom" } : null,
  }
}
