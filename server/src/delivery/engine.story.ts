import { tmpdir } from "node:os"
import { freshDatabase } from "../../../test/database.ts"
import { heldClock, type ScheduleClock } from "../clock.ts"
import { type Database, openDatabase } from "../database/database.ts"
import { createIds } from "../ids.ts"
import { createLog } from "../log.ts"
import { createDialer } from "./dialer.ts"
import { type Delivery, type DeliveryChange, type DeliveryHooks, startDelivery } from "./engine.ts"
import { enqueue } from "./outbox.ts"

const companyId = 1
const log = createLog(process.env.CAUSEWAY_LOG ?? "silent")

/** A company whose channels deliver to the URLs given; what would become of its messages is kept in `changes`. */
export interface Story {
  db: Database
  clock: ScheduleClock
  changes: DeliveryChange[]
  /** A channel for every time its lane began to pause or went on. */
  pauses: number[]
  engine: Delivery
  /** Another process on the same database. */
  startAnother(hooks?: Partial<DeliveryHooks>): Delivery
  channel(url: string, options?: { cap?: number }): Promise<number>
  conversation(channelId: number): Promise<number>
  /** Puts deliveries of one conversation into the outbox, in order; returns their numbers. */
  put(
    conversationId: number,
    sequence: "send" | "notice",
    options?: { count?: number; heldMs?: number },
  ): Promise<number[]>
  setStatus(channelId: number, status: "ok" | "offline"): Promise<void>
  states(ids: number[]): Promise<string[]>
  end(): Promise<void>
}

export async function tellStory(): Promise<Story> {
  const { db, stop } = await openDatabase({ databaseUrl: await freshDatabase(), dataDir: tmpdir() }, log)
  const clock = heldClock()
  const ids = createIds(db)
  const dialer = createDialer({ allowLoopback: true })
  const changes: DeliveryChange[] = []
  const pauses: number[] = []
  const urls = new Map<number, string>()
  const engines: Delivery[] = []

  const hooks: DeliveryHooks = {
    compose: async (delivery) => ({
      url: urls.get(delivery.channelId) as string,
      method: "POST",
      authorization: null,
      secret: "s3cret",
      body: JSON.stringify({ type: delivery.type, conversation: delivery.conversationId, delivery: delivery.id }),
      strict: false,
    }),
    async onState(tx, change) {
      await tx.query({
        text: "update conversation set version = version + 1 where company_id = $1 and id = $2",
        values: [companyId, change.delivery.conversationId],
      })
      await tx.query({
        text: "insert into company_feed as feed (company_id, position) values ($1, 1) on conflict (company_id) do update set position = feed.position + 1",
        values: [companyId],
      })
      changes.push(change)
    },
    async onSettled(tx, _company, settled) {
      for (const change of settled) await hooks.onState(tx, change)
    },
    async onLeaving(tx, _company, sends) {
      for (const delivery of sends) await hooks.onState(tx, { delivery, state: "sending" })
    },
    async onPause(_tx, _company, channelId) {
      pauses.push(channelId)
    },
    onAuthenticationFailed: (tx, _company, channelId) => setStatusIn(tx, channelId, "offline"),
  }

  const start = (own: Partial<DeliveryHooks> = {}): Delivery => {
    const engine = startDelivery({ db, clock, log, hooks: { ...hooks, ...own }, dialer, ids, keptDays: 30 })
    engines.push(engine)
    return engine
  }
  const engine = start()

  async function insertChannel(url: string, { cap = 2 }: { cap?: number } = {}): Promise<number> {
    await ids.reserve(1)
    const id = ids.take()
    urls.set(id, url)
    await db.query({
      text: "insert into channel (company_id, id, inbox_id, name, address) values ($1, $2, 1, 'Acme SMS', $3)",
      values: [companyId, id, `acme-${id}`],
    })
    await db.query({
      text: "insert into lane (company_id, channel_id, cap) values ($1, $2, $3)",
      values: [companyId, id, cap],
    })
    return id
  }

  return {
    db,
    clock,
    changes,
    pauses,
    engine,
    startAnother: start,
    channel: insertChannel,
    async conversation(channelId) {
      await ids.reserve(1)
      const id = ids.take()
      await db.query({
        text: "insert into conversation (company_id, id, inbox_id, channel_id) values ($1, $2, 1, $3)",
        values: [companyId, id, channelId],
      })
      return id
    },
    async put(conversationId, sequence, { count = 1, heldMs } = {}) {
      await ids.reserve(2 * count)
      const put = await db.tx(async (tx) => {
        const column = sequence === "send" ? "last_send" : "last_notice"
        const [row] = await tx.query<{ last: number; channel_id: number; status: string }>({
          text: `update conversation set ${column} = ${column} + $2 from channel where conversation.company_id = ${companyId} and conversation.id = $1
                   and channel.company_id = ${companyId} and channel.id = conversation.channel_id returning ${column} as last, channel_id, channel.status`,
          values: [conversationId, heldMs === undefined ? count : 0],
        })
        if (row === undefined) throw new Error("no such conversation")
        const deliveries = Array.from({ length: count }, (_, i) => ({
          companyId,
          id: ids.take(),
          channelId: row.channel_id,
          conversationId,
          messageId: ids.take(),
          sequence,
          type: sequence === "send" ? ("message" as const) : ("message_imported" as const),
          number: heldMs === undefined ? row.last - count + 1 + i : null,
          state: heldMs === undefined ? ("queued" as const) : ("held" as const),
          dueAt: new Date(clock.now().getTime() + (heldMs ?? 0)),
          channelOffline: row.status === "offline",
        }))
        await enqueue(tx, deliveries)
        return deliveries.map((delivery) => delivery.id)
      })
      engine.wake()
      return put
    },
    setStatus: (channelId, status) => db.tx((tx) => setStatusIn(tx, channelId, status)),
    async states(wanted) {
      const rows = await db.query<{ id: number; state: string }>({
        text: "select id, state from delivery where company_id = 1 and id = any($1::bigint[])",
        values: [wanted],
      })
      const byId = new Map(rows.map((row) => [row.id, row.state]))
      return wanted.map((id) => byId.get(id) ?? "none")
    },
    async end() {
      await Promise.all(engines.map((one) => one.stop(0)))
      await dialer.close()
      await stop()
    },
  }
}

async function setStatusIn(
  tx: { query: Database["query"] },
  channelId: number,
  status: "ok" | "offline",
): Promise<void> {
  await tx.query({
    text: "update channel set status = $2 where company_id = 1 and id = $1",
    values: [channelId, status],
  })
}
