import { setChannelStatus } from "@causeway/server/channels/status"
import type { Database, Tx } from "@causeway/server/database/database"
import type { DeliveryChange, DeliveryHooks } from "@causeway/server/delivery/engine"
import { cancelHeld, enqueue, hasten, type NewDelivery, releaseSends } from "@causeway/server/delivery/outbox"
import { lockConversations } from "@causeway/server/delivery/places"
import { redrive } from "@causeway/server/delivery/redrive"
import { settleImported } from "@causeway/server/delivery/settle"
import type { Ids } from "@causeway/server/ids"

/** Of the replies of a channel that goes offline or comes back, so many are moved in one transaction: mostly some are left. */
export const portion = 3

/** Where people write. */
export interface Thread {
  companyId: number
  conversationId: number
  channelId: number
}

export interface PeopleDeps {
  db: Database
  ids: Ids
  now(): Date
  /** Whether somebody takes a channel for online that is offline. */
  isMistaken(): boolean
  /** Every message that is written, for later. */
  wrote(message: Written): void
}

export interface Written extends Thread {
  messageId: number
}

/** A message shows the state of its newest delivery. The texts of these statements only say what the store does: none is run by PostgreSQL. */
const tellMessage = (tx: Tx, companyId: number, messageId: number | null, state: string) =>
  tx.query({
    name: "sim.tell_message",
    text: "update message set state = $3 where company_id = $1 and id = $2",
    values: [companyId, messageId, state],
  })

/** What delivery tells the rest of the product, as far as the simulator goes. */
export const peopleHooks = (
  ids: Ids,
): Pick<DeliveryHooks, "onState" | "onSettled" | "onLeaving" | "onPause" | "onAuthenticationFailed"> => ({
  onState: async (tx, { delivery, state }: DeliveryChange) => {
    await tellMessage(tx, delivery.companyId, delivery.messageId, state)
  },
  onSettled: async (tx, companyId, changes) => {
    for (const { delivery, state } of changes) await tellMessage(tx, companyId, delivery.messageId, state)
  },
  onLeaving: async (tx, companyId, sends) => {
    for (const { messageId } of sends) await tellMessage(tx, companyId, messageId, "sending")
  },
  onPause: async () => {},
  onAuthenticationFailed: async (tx, companyId, channelId, reason) => {
    await setChannelStatus(tx, { companyId, channelId, status: "offline", reason, eventId: ids.take(), portion })
  },
})

/** What teammates, customers and partners do to deliveries, in the server's own transactions. */
export class People {
  readonly #deps: PeopleDeps

  constructor(deps: PeopleDeps) {
    this.#deps = deps
  }

  /** Replies and imported messages, in one transaction. `heldMs`: the replies can be undone for so long. */
  async write(thread: Thread, { sends, notices, heldMs }: { sends: number; notices: number; heldMs?: number }) {
    const { db, ids, now } = this.#deps
    await ids.reserve(2 * (sends + notices))
    const written = await db.tx(async (tx) => {
      const isHeld = heldMs !== undefined
      const found = await takeNumbers(tx, thread, isHeld ? 0 : sends, notices)
      if (found === null) return []
      // Whoever writes may remember the channel as it was a moment ago.
      const place = { ...found, offline: found.offline && !this.#deps.isMistaken() }
      const nowMs = now().getTime()
      const deliveries = Array.from({ length: sends + notices }, (_, i): NewDelivery => {
        const isSend = i < sends
        const base = { ...thread, id: ids.take(), messageId: ids.take() }
        return isSend
          ? {
              ...base,
              sequence: "send",
              type: "message",
              number: isHeld ? null : place.last_send - sends + 1 + i,
              state: isHeld ? "held" : "queued",
              dueAt: new Date(nowMs + (heldMs ?? 0)),
              channelOffline: place.offline,
            }
          : {
              ...base,
              sequence: "notice",
              type: "message_imported",
              number: place.last_notice - notices + 1 + i - sends,
              state: "queued",
              dueAt: new Date(nowMs),
            }
      })
      const replies = deliveries.slice(0, sends).map((delivery) => delivery.messageId as number)
      const state = isHeld ? "held" : place.offline ? "waiting" : "queued"
      await newMessages(tx, thread, replies, state)
      await enqueue(tx, deliveries)
      return replies
    })
    for (const messageId of written) this.#deps.wrote({ ...thread, messageId })
  }

  /** A goodbye keeps to no order and belongs to no sequence. */
  async sayGoodbye(thread: Thread) {
    const { db, ids, now } = this.#deps
    await ids.reserve(2)
    await db.tx((tx) =>
      enqueue(tx, [
        {
          ...thread,
          id: ids.take(),
          messageId: ids.take(),
          sequence: "control",
          type: "delete",
          number: null,
          state: "queued",
          dueAt: now(),
        },
      ]),
    )
  }

  async undo({ companyId, conversationId, messageId }: Written) {
    await this.#deps.db.tx(async (tx) => {
      await lockConversations(tx, companyId, [conversationId])
      if (await cancelHeld(tx, companyId, messageId)) await tellMessage(tx, companyId, messageId, "undone")
    })
  }

  async hurry({ companyId, conversationId, messageId }: Written) {
    await this.#deps.db.tx(async (tx) => {
      await lockConversations(tx, companyId, [conversationId])
      if (await hasten(tx, companyId, messageId, this.#deps.now()))
        await tellMessage(tx, companyId, messageId, "queued")
    })
  }

  /** As steer.ts does it: a new delivery of the same message, when the last one failed or is unknown. */
  async retry({ companyId, conversationId, channelId, messageId }: Written) {
    const { db, ids, now } = this.#deps
    await ids.reserve(2)
    await db.tx(async (tx) => {
      await lockConversations(tx, companyId, [conversationId])
      const [message] = await tx.query<{ state: string }>({
        name: "sim.message_state",
        text: "select state from message where company_id = $1 and id = $2",
        values: [companyId, messageId],
      })
      if (message?.state !== "failed" && message?.state !== "unknown") return
      const thread = { companyId, conversationId, channelId }
      const place = await takeNumbers(tx, thread, 1, 0)
      if (place === null) return
      await tellMessage(tx, companyId, messageId, place.offline ? "waiting" : "queued")
      await enqueue(tx, [
        {
          ...thread,
          id: ids.take(),
          messageId,
          sequence: "send",
          type: "message",
          number: place.last_send,
          state: "queued",
          dueAt: now(),
          channelOffline: place.offline,
        },
      ])
    })
  }

  async setStatus(companyId: number, channelId: number, status: "ok" | "offline") {
    const { db, ids } = this.#deps
    await ids.reserve(2)
    const reason = status === "offline" ? "a person said so" : null
    await db.tx((tx) => setChannelStatus(tx, { companyId, channelId, status, reason, eventId: ids.take(), portion }))
  }

  /** "Send 3 waiting replies". */
  async release(companyId: number, channelId: number) {
    await this.#deps.db.tx((tx) => releaseSends(tx, companyId, channelId, { portion }))
  }

  async tellAgain(companyId: number, channelId: number, states: readonly ("failed" | "unknown")[]) {
    const { db, ids, now } = this.#deps
    const hooks = peopleHooks(ids)
    const filter = { companyId, channelId, states, since: new Date(0), until: null }
    await redrive({ db, ids, clock: { now }, hooks }, filter)
  }

  async importSent({ companyId, conversationId, messageId }: Written) {
    await settleImported(this.#deps.db, peopleHooks(this.#deps.ids), { companyId, conversationId, messageId })
  }
}

async function takeNumbers(tx: Tx, thread: Thread, sends: number, notices: number) {
  const { companyId, conversationId } = thread
  const rows = await tx.query<{ last_send: number; last_notice: number; offline: boolean }>({
    name: "sim.take_numbers",
    text: `update conversation set last_send = last_send + $3, last_notice = last_notice + $4 from channel
           where conversation.company_id = $1 and conversation.id = $2 and channel.company_id = $1 and channel.id = conversation.channel_id
           returning conversation.channel_id, last_send, last_notice, channel.status = 'offline' as offline`,
    values: [companyId, conversationId, sends, notices],
  })
  return rows[0] ?? null
}

const newMessages = (tx: Tx, { companyId, conversationId, channelId }: Thread, ids: number[], state: string) =>
  tx.query({
    name: "sim.new_messages",
    text: "select $1::bigint, $2::bigint[], $3::bigint, $4::bigint, $5::text",
    values: [companyId, ids, conversationId, channelId, state],
  })
