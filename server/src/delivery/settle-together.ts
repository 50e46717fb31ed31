import type { Database, Tx } from "../database/database.ts"
import type { DeliveryHooks } from "./engine.ts"
import { laneKey } from "./lanes.ts"
import { lockConversations, readyHeads } from "./places.ts"
import { attemptColumns, attemptValues, changeOf, type Settlement, settleAttempt } from "./settle.ts"
import type { Turn } from "./turns.ts"

/** Results in one transaction, at most; ours. */
const settledAtOnce = 64

interface Waiting {
  settlement: Settlement
  resolve(written: boolean): void
  reject(error: unknown): void
}

interface SettleDeps {
  db: Database
  hooks: Pick<DeliveryHooks, "onState" | "onSettled">
  turn: Turn
}

/** What is written together: the statements differ. */
type Kind = "notice" | "send"

/**
 * Writes results as `settleAttempt` does, those of a company's notices together, and those of its replies: while one transaction of a kind is under way, what
 * comes meanwhile waits for the next. When a group fails, its results are written one by one, so that none fails for another.
 */
export function createSettling(deps: SettleDeps): (settlement: Settlement) => Promise<boolean> {
  const groups = new Map<string, Waiting[]>()

  const alone = (settlement: Settlement) =>
    deps.turn(() => settleAttempt(deps.db, deps.hooks, settlement), laneKey(settlement.lane))

  async function run(key: string, kind: Kind, waiting: Waiting[]): Promise<void> {
    for (let group = waiting.splice(0, settledAtOnce); group.length > 0; group = waiting.splice(0, settledAtOnce))
      await settleGroup(key, kind, group)
    groups.delete(key)
  }

  async function settleGroup(key: string, kind: Kind, group: Waiting[]): Promise<void> {
    const settlements = group.map(({ settlement }) => settlement)
    try {
      const lanes = settlements.map(({ lane }) => laneKey(lane))
      const written = await deps.turn(() => settleTogether(deps, kind, settlements), key, lanes)
      for (const { settlement, resolve } of group) resolve(written.has(settlement.delivery.id))
    } catch {
      // Whatever is wrong with one of them is said when it is written alone.
      await Promise.all(group.map(({ settlement, resolve, reject }) => alone(settlement).then(resolve, reject)))
    }
  }

  return (settlement) => {
    const kind = kindOf(settlement)
    if (kind === null) return alone(settlement)
    const key = `${kind}s of ${settlement.delivery.companyId}`
    return new Promise((resolve, reject) => {
      const waiting = groups.get(key)
      if (waiting !== undefined) waiting.push({ settlement, resolve, reject })
      else {
        const first = [{ settlement, resolve, reject }]
        groups.set(key, first)
        void run(key, kind, first)
      }
    })
  }
}

/** Null: it is written alone, because more follows from it than that the next one of its conversation may leave and, for a reply, what its message shows. */
function kindOf({ delivery, step, row }: Settlement): Kind | null {
  if (step.state === "retry" || row === null) return null
  if (delivery.sequence === "notice") return "notice"
  return delivery.sequence === "send" && delivery.type === "message" && delivery.conversationId !== null ? "send" : null
}

/** One statement for the deliveries and their attempts, one for who comes next. Returns the deliveries whose lease was still ours; nothing is written of others. */
async function settleTogether(
  { db, hooks }: SettleDeps,
  kind: Kind,
  settlements: readonly Settlement[],
): Promise<Set<number>> {
  const { companyId } = (settlements[0] as Settlement).delivery
  const conversationIds = new Set(settlements.flatMap(({ delivery }) => delivery.conversationId ?? []))
  return await db.tx(
    async (tx) => {
      const locked = await lockConversations(tx, companyId, [...conversationIds])
      if (kind === "send") refuseMoved(settlements, locked)
      const [rows] = await Promise.all([
        writeTogether(tx, companyId, settlements),
        readyHeads(tx, companyId, locked, kind),
      ])
      const written = new Set(rows.map((row) => row.id))
      const settled = settlements.filter(({ delivery }) => written.has(delivery.id))
      if (kind === "send" && settled.length > 0)
        await hooks.onSettled(
          tx,
          companyId,
          settled.map(({ delivery, step }) => changeOf(delivery, step, false)),
        )
      return written
    },
    { byKeys: true },
  )
}

/** Each alone asks where its reply is by now; and what is told of replies counts on one for each conversation. */
function refuseMoved(settlements: readonly Settlement[], locked: readonly number[]): void {
  const isLocked = new Set(locked)
  const distinct = new Set(settlements.map(({ delivery }) => delivery.conversationId))
  if (
    distinct.size < settlements.length ||
    settlements.some(({ delivery: { conversationId } }) => !isLocked.has(conversationId ?? 0))
  )
    throw new Error("two replies of one conversation, or one that was merged or deleted meanwhile")
}

const writeTogether = (tx: Tx, companyId: number, settlements: readonly Settlement[]): Promise<{ id: number }[]> =>
  tx.query({
    name: "settle.together",
    text: `with new as (
             select * from json_to_recordset($2::json) as new (id bigint, channel_id bigint, token bigint, number int, state text, error_code text, error_reason text,
               ${attemptColumns})
           ), done as (
             update delivery set state = new.state, waiting_reason = null, error_code = new.error_code, error_reason = new.error_reason, finished_at = clock_timestamp()
             from new
             where delivery.company_id = $1 and delivery.id = new.id and delivery.state = 'sending' and delivery.attempts = new.number
               and delivery.lease_token = new.token
               and exists (select from lane where lane.company_id = $1 and lane.channel_id = new.channel_id and lane.lease_token = new.token)
             returning delivery.id
           ), kept as (
             update attempt set ${attemptValues} from new join done on done.id = new.id
             where attempt.company_id = $1 and attempt.delivery_id = new.id and attempt.number = new.number
           )
           select id from done`,
    values: [companyId, JSON.stringify(settlements.map(rowOf))],
  })

const rowOf = ({ lane, delivery, step, row }: Settlement) => ({
  ...row,
  id: delivery.id,
  channel_id: lane.channelId,
  token: lane.token,
  number: delivery.attempt,
  state: step.state,
  error_code: "code" in step ? step.code : null,
  error_reason: "reason" in step ? step.reason : null,
})
