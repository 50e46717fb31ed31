import { updateMessageStatus } from "@causeway/contract/endpoints/message-status"
import { getChannelFor } from "../channels/access.ts"
import type { Channel } from "../channels/store.ts"
import type { Tx } from "../database/database.ts"
import { HttpError, invalid, notFound } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import type { Services } from "../services.ts"
import { lockConversation } from "./reply.ts"
import { recordReplyState } from "./status.ts"
import type { ReplyState } from "./store.ts"

/** What a partner tells of a message after it was sent. */
export const messageStatusRoutes = (deps: Services): Route[] => [
  route(updateMessageStatus, async ({ params, body, principal }) => {
    const channel = await getChannelFor(deps.db, principal, params.channel_id)
    await fail(deps, channel, {
      conversation: params.conv_ext_id,
      message: params.message_ext_id,
      reason: body.reason?.trim() || null,
    })
    deps.committed([channel.companyId])
    return { status: 204 }
  }),
]

/** On their way: whether they arrive is not known yet, and what failed was an earlier try. */
const underWay: ReadonlySet<ReplyState | null> = new Set(["held", "queued", "sending", "waiting"])

/**
 * An outbound message that the partner took has failed after all: it shows so, with the partner's reason, and its conversation is open again. Saying
 * it twice changes nothing. 404 unless both external ids belong together, 400 for an inbound message, 409 while a person's Retry is under way.
 */
async function fail(
  deps: Services,
  channel: Channel,
  told: { conversation: string; message: string; reason: string | null },
): Promise<void> {
  await deps.ids.reserve(4)
  await deps.db.tx(async (tx) => {
    const found = await findMessage(tx, channel, told)
    if (found === null) throw notFound("message", told.message)
    if (found.direction === "inbound")
      throw invalid("path.message_ext_id", "names an inbound message: only what was sent can fail")
    await lockConversation(tx, channel.companyId, found.conversation_id)
    const { state, error_reason } = await readState(tx, channel.companyId, found.id)
    if (underWay.has(state))
      throw new HttpError(409, `The message is being sent again (${state}): its fate is not known`)
    if (state === "undone") throw notFound("message", told.message)
    if (state === "failed" && error_reason === told.reason) return
    await recordReplyState(tx, deps.ids, {
      delivery: {
        companyId: channel.companyId,
        channelId: channel.id,
        conversationId: found.conversation_id,
        messageId: found.id,
      },
      state: "failed",
      code: "delivery_failed",
      ...(told.reason !== null && { reason: told.reason }),
    })
  })
}

interface Found {
  id: number
  conversation_id: number
  direction: "inbound" | "outbound"
}

/** By both external ids; the thread's is any that ever led to the conversation, or the one the message came with. Walks primary keys. */
async function findMessage(
  tx: Tx,
  channel: Channel,
  told: { conversation: string; message: string },
): Promise<Found | null> {
  const rows = await tx.query<Found>({
    name: "messages.find_external",
    text: `select message.id, message.conversation_id, message.direction from external_message_id known
           join message on message.company_id = known.company_id and message.id = known.message_id
           where known.company_id = $1 and known.channel_id = $2 and known.external_id = $4 collate "C"
             and (message.external_conversation_id = $3 or exists (select from thread_key thread where thread.company_id = $1 and thread.channel_id = $2
               and thread.kind = 'ref' and thread.key = $3 collate "C" and thread.conversation_id = message.conversation_id))`,
    values: [channel.companyId, channel.id, told.conversation, told.message],
  })
  return rows[0] ?? null
}

/** The caller holds the conversation's lock. */
async function readState(
  tx: Tx,
  companyId: number,
  id: number,
): Promise<{ state: ReplyState | null; error_reason: string | null }> {
  const rows = await tx.query<{ state: ReplyState | null; error_reason: string | null }>({
    name: "messages.state_and_reason",
    text: "select state, error_reason from message where company_id = $1 and id = $2",
    values: [companyId, id],
  })
  return rows[0] as { state: ReplyState | null; error_reason: string | null }
}
