import type { Database, Tx } from "../database/database.ts"
import type { ClaimedDelivery, DeliveryHooks } from "./engine.ts"
import { gateOf, type Health } from "./health.ts"
import { holdLane, type Lane, noteDue, offlineChannel } from "./lanes.ts"
import { lockConversations } from "./places.ts"

export interface ClaimRequest {
  lane: Lane
  health: Health
  /** Whether people are to hear that the lane pauses, or goes on. */
  announce: boolean
  /** Schedule clock. */
  now: Date
  /** How many may be claimed: what is free of the lane's cap and of the process. */
  free: number
  inFlight: number
  noticesInFlight: number
}

export interface Claim {
  claimed: ClaimedDelivery[]
  /** Nothing is left to do for now: the lease was given back. */
  rested: boolean
  /** What the lane's row says from now on; null: it was left as it is. */
  noted: Health | null
}

interface DueRow {
  id: number
  conversation_id: number | null
  sequence: ClaimedDelivery["sequence"]
}

interface ClaimedRow extends DueRow {
  message_id: number | null
  type: ClaimedDelivery["type"]
  attempts: number
  first_started_at: Date
}

/**
 * Takes what can be dialled at once from a leased lane, sends before notices. The statement that claims also starts the attempt, so a worker that dies
 * in between leaves a trace. Throws `LeaseLostError`, and claims nothing, when the lane is no longer ours.
 */
export async function claimDue(db: Database, hooks: DeliveryHooks, request: ClaimRequest): Promise<Claim> {
  return await db.tx(
    async (tx) => {
      const { lane, health, announce } = request
      const due = choose(await listDue(tx, request), request)
      const conversationIds = due.flatMap((row) =>
        row.sequence === "send" && row.conversation_id !== null ? [row.conversation_id] : [],
      )
      await lockConversations(tx, lane.companyId, conversationIds)
      // The lane is held after what was claimed is locked; whoever finds it lost undoes the claim.
      const [claimed] = await Promise.all([due.length === 0 ? [] : start(tx, request, due), holdLane(tx, lane)])
      const rested = claimed.length === 0 && request.inFlight === 0
      const notes = announce || claimed.length < request.free
      if (notes) {
        const room = roomOf(after(request, claimed))
        await noteDue(tx, lane, health, {
          rest: rested,
          withSends: rested || room.sends > 0 || gateOf(health.send, request.now) === "closed",
          withNotices: rested || room.notices > 0 || gateOf(health.notice, request.now) === "closed",
        })
      }
      const sends = claimed.filter(({ sequence }) => sequence === "send")
      if (sends.length > 0) await hooks.onLeaving(tx, lane.companyId, sends, { ends: !announce })
      if (announce) await hooks.onPause(tx, lane.companyId, lane.channelId)
      return { claimed, rested, noted: notes ? health : null }
    },
    { byKeys: true },
  )
}

/** How many of each kind may leave now. Nobody knows whether a partner that both kinds wait for can be reached at all: then one of either, to see. */
function roomOf({ health, now, free, inFlight, noticesInFlight }: ClaimRequest): { sends: number; notices: number } {
  const [send, notice] = [gateOf(health.send, now), gateOf(health.notice, now)]
  if (isProbing(health, now) && inFlight > 0) return { sends: 0, notices: 0 }
  const sends = { open: free, probe: inFlight === noticesInFlight ? 1 : 0, closed: 0 }
  const notices = {
    open: noticeRoom(health.cap, inFlight, noticesInFlight),
    probe: noticesInFlight === 0 ? 1 : 0,
    closed: 0,
  }
  return { sends: sends[send], notices: notices[notice] }
}

const isProbing = (health: Health, now: Date): boolean =>
  gateOf(health.send, now) === "probe" && gateOf(health.notice, now) === "probe"

/** Notices leave one slot to sends; a lane with a single slot takes one when nothing else wants it. */
const noticeRoom = (cap: number, inFlight: number, noticesInFlight: number): number =>
  cap === 1 ? (inFlight === 0 ? 1 : 0) : Math.max(0, cap - 1 - noticesInFlight)

const after = (request: ClaimRequest, claimed: readonly ClaimedDelivery[]): ClaimRequest => ({
  ...request,
  free: request.free - claimed.length,
  inFlight: request.inFlight + claimed.length,
  noticesInFlight: request.noticesInFlight + claimed.filter((delivery) => delivery.sequence !== "send").length,
})

/** Sends first; but it is a notice that tries whether the partner can be reached again, where there is one: repeating it does no harm. */
function choose(rows: readonly DueRow[], request: ClaimRequest): DueRow[] {
  const room = roomOf(request)
  const sends = rows.filter((row) => row.sequence === "send").slice(0, room.sends)
  const notices = rows.filter((row) => row.sequence !== "send").slice(0, room.notices)
  if (isProbing(request.health, request.now)) return [...notices, ...sends].slice(0, 1)
  return [...sends, ...notices].slice(0, request.free)
}

/** Walks delivery_ready. */
const listDue = (tx: Tx, { lane, now, free }: ClaimRequest) =>
  tx.query<DueRow>({
    name: "claim.list_due",
    text: `(select id, conversation_id, sequence from delivery where company_id = $1 and channel_id = $2 and ready and state in ('queued', 'waiting')
              and due_at <= $3 and sequence = 'send' and not exists (${offlineChannel("delivery")}) order by due_at, id limit $4)
           union all
           (select id, conversation_id, sequence from delivery where company_id = $1 and channel_id = $2 and ready and state in ('queued', 'waiting')
              and due_at <= $3 and sequence <> 'send' order by due_at, id limit $4)`,
    values: [lane.companyId, lane.channelId, now, free],
  })

async function start(tx: Tx, { lane, now }: ClaimRequest, due: readonly DueRow[]): Promise<ClaimedDelivery[]> {
  const rows = await tx.query<ClaimedRow>({
    name: "claim.start",
    text: `with started as (
             update delivery set state = 'sending', attempts = attempts + 1, first_started_at = coalesce(first_started_at, $3), lease_token = $4,
               waiting_reason = null
             where company_id = $1 and id = any($2::bigint[]) and ready and state in ('queued', 'waiting') and due_at <= $3
             returning company_id, id, conversation_id, message_id, sequence, type, attempts, first_started_at
           ), attempted as (
             insert into attempt (company_id, delivery_id, number) select company_id, id, attempts from started
           )
           select * from started order by sequence desc, id`,
    values: [lane.companyId, due.map((row) => row.id), now, lane.token],
  })
  return rows.map((row) => claimedOf(lane, row))
}

const claimedOf = (lane: Lane, row: ClaimedRow): ClaimedDelivery => ({
  companyId: lane.companyId,
  id: row.id,
  channelId: lane.channelId,
  conversationId: row.conversation_id,
  messageId: row.message_id,
  sequence: row.sequence,
  type: row.type,
  attempt: row.attempts,
  firstStartedAt: row.first_started_at,
})

/**
 * What a claim took of which nobody heard whether it was committed, because the connection broke: ours, and not dialled yet. `known` are those that are
 * in flight. The lane's lock waits for a claim that is still ending. Throws `LeaseLostError`. Walks delivery_sending.
 */
export async function findUnheard(db: Database, lane: Lane, known: readonly number[]): Promise<ClaimedDelivery[]> {
  return await db.tx(async (tx) => {
    await holdLane(tx, lane)
    const rows = await tx.query<ClaimedRow>({
      name: "claim.find_unheard",
      text: `select id, conversation_id, message_id, sequence, type, attempts, first_started_at from delivery
             where company_id = $1 and channel_id = $2 and state = 'sending' and lease_token = $3 and id <> all($4::bigint[]) order by id`,
      values: [lane.companyId, lane.channelId, lane.token, known],
    })
    return rows.map((row) => claimedOf(lane, row))
  })
}
