import { formatId } from "@causeway/contract/ids"
import { recordAudit } from "../audit/store.ts"
import type { Database, Tx } from "../database/database.ts"
import { HttpError } from "../http/errors.ts"
import type { Ids } from "../ids.ts"
import type { DeliveryHooks } from "./engine.ts"
import { enqueueEvents } from "./events.ts"
import { enqueue, type NewDelivery } from "./outbox.ts"
import { lockConversations } from "./places.ts"
import { type ChannelDeliveryRow, type DeliveryRow, listDeliveryRows } from "./read.ts"

export interface ReplayDeps {
  db: Database
  ids: Ids
  clock: { now(): Date }
  hooks: Pick<DeliveryHooks, "onState">
}

const idsNeeded = 16

/**
 * Tells the partner once more what a finished delivery told it: a new delivery at the end of its conversation's sequence. Returns its number; throws
 * 409 while the first one, or another copy of a reply, is still on its way: the partner would get both.
 */
export async function replay(deps: ReplayDeps, companyId: number, found: DeliveryRow): Promise<number> {
  await deps.ids.reserve(idsNeeded)
  return await deps.db.tx(async (tx) => {
    if (found.conversation_id !== null) await lockConversations(tx, companyId, [found.conversation_id])
    const [row] = await listDeliveryRows(tx, { companyId, id: found.id, max: 1 })
    if (row === undefined || row.finished_at === null)
      throw new HttpError(409, "This delivery is not finished yet: it can be replayed when it is")
    if (row.webhook_id !== null) return await replayEvent(tx, deps, companyId, row)
    const { type } = row
    if (type === "authorization" || type === "list_addresses")
      throw new HttpError(409, `The question ${type} is asked again by connecting the channel again`)
    if (row.sequence === "send" && row.state === "cancelled")
      throw new HttpError(409, "This message was taken back: there is nothing to send again")
    if (row.sequence === "send") await refuseSecondCopy(tx, companyId, row)
    const offline = await isOffline(tx, companyId, row.channel_id)
    const delivery: NewDelivery = {
      companyId,
      id: deps.ids.take(),
      channelId: row.channel_id,
      conversationId: row.conversation_id,
      messageId: row.message_id,
      sequence: row.sequence,
      type,
      number: await takeNumber(tx, companyId, row),
      state: "queued",
      dueAt: deps.clock.now(),
      channelOffline: offline,
      replayOf: row.id,
    }
    await enqueue(tx, [delivery])
    await recordAudit(tx, { companyId, noun: "delivery", verb: "replayed", target: String(row.id) })
    const parked = row.sequence === "send" && offline
    if (row.sequence === "send")
      await deps.hooks.onState(tx, { delivery: { ...delivery }, state: parked ? "waiting" : "queued", dueAt: null })
    return delivery.id
  })
}

/** To the end of the webhook's queue. */
async function replayEvent(
  tx: Tx,
  deps: ReplayDeps,
  companyId: number,
  row: Exclude<DeliveryRow, ChannelDeliveryRow>,
): Promise<number> {
  const { type, webhook_id: webhookId, event_position: eventPosition } = row
  if (type !== "application_webhook" && type !== "rule_webhook")
    throw new HttpError(409, "A challenge is asked again by subscribing again")
  const now = deps.clock.now()
  const active = await tx.query({
    name: "replay.wake_webhook",
    text: `update webhook set due_at = least(due_at, $3) where company_id = $1 and id = $2 and state = 'active' and deleted_at is null returning id`,
    values: [companyId, webhookId, now],
  })
  if (active.length === 0 || eventPosition === null) throw new HttpError(409, "The webhook is paused or was deleted")
  const id = deps.ids.take()
  await enqueueEvents(tx, [
    {
      companyId,
      id,
      webhookId,
      type,
      conversationId: row.conversation_id,
      messageId: row.message_id,
      eventPosition,
      dueAt: now,
      replayOf: row.id,
    },
  ])
  return id
}

async function refuseSecondCopy(tx: Tx, companyId: number, row: ChannelDeliveryRow): Promise<void> {
  const copies = await listDeliveryRows(tx, { companyId, messageId: row.message_id as number, max: 100 })
  const open = copies.find((copy) => copy.sequence === "send" && copy.finished_at === null)
  if (open !== undefined) throw new HttpError(409, `This message is on its way already, as ${formatId("dlv", open.id)}`)
}

async function isOffline(tx: Tx, companyId: number, channelId: number): Promise<boolean> {
  const rows = await tx.query<{ status: string }>({
    name: "replay.channel_status",
    text: "select status from channel where company_id = $1 and id = $2 and deleted_at is null",
    values: [companyId, channelId],
  })
  return rows[0]?.status === "offline"
}

async function takeNumber(tx: Tx, companyId: number, row: ChannelDeliveryRow): Promise<number | null> {
  if (row.conversation_id === null || row.sequence === "control") return null
  const rows = await tx.query<{ last_send: number; last_notice: number }>({
    name: "replay.take_number",
    text: `update conversation set last_send = last_send + case when $3 then 1 else 0 end, last_notice = last_notice + case when $3 then 0 else 1 end
           where company_id = $1 and id = $2 returning last_send, last_notice`,
    values: [companyId, row.conversation_id, row.sequence === "send"],
  })
  const numbers = rows[0] as { last_send: number; last_notice: number }
  return row.sequence === "send" ? numbers.last_send : numbers.last_notice
}
