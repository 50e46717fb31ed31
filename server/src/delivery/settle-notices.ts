import type { Database } from "../database/database.ts"
import type { DeliveryHooks } from "./engine.ts"
import { laneKey } from "./lanes.ts"
import { lockConversations, readyHeads } from "./places.ts"
import { attemptColumns, attemptValues, type Settlement, settleAttempt } from "./settle.ts"
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
  hooks: Pick<DeliveryHooks, "onState">
  turn: Turn
}

/**
 * Writes results as `settleAttempt` does, those of notices together: while one transaction of a company's is under way, what comes meanwhile waits for the
 * next. When a group fails, its results are written one by one, so that none fails for another.
 */
export function createSettling(deps: SettleDeps): (settlement: Settlement) => Promise<boolean> {
  const companies = new Map<number, Waiting[]>()

  const alone = (settlement: Settlement) =>
    deps.turn(() => settleAttempt(deps.db, deps.hooks, settlement), laneKey(settlement.lane))

  async function run(companyId: number, waiting: Waiting[]): Promise<void> {
    for (let group = waiting.splice(0, settledAtOnce); group.length > 0; group = waiting.splice(0, settledAtOnce))
      await settleGroup(companyId, group)
    companies.delete(companyId)
  }

  async function settleGroup(companyId: number, group: Waiting[]): Promise<void> {
    const settlements = group.map(({ settlement }) => settlement)
    try {
      const work = () => settleNotices(deps.db, companyId, settlements)
      const lanes = settlements.map(({ lane }) => laneKey(lane))
      const written = await deps.turn(work, `notices of ${companyId}`, lanes)
      for (const { settlement, resolve } of group) resolve(written.has(settlement.delivery.id))
    } catch {
      // Whatever is wrong with one of them is said when it is written alone.
      await Promise.all(group.map(({ settlement, resolve, reject }) => alone(settlement).then(resolve, reject)))
    }
  }

  return (settlement) => {
    if (!isDoneNotice(settlement)) return alone(settlement)
    const { companyId } = settlement.delivery
    return new Promise((resolve, reject) => {
      const waiting = companies.get(companyId)
      if (waiting !== undefined) waiting.push({ settlement, resolve, reject })
      else {
        const first = [{ settlement, resolve, reject }]
        companies.set(companyId, first)
        void run(companyId, first)
      }
    })
  }
}

/** Nothing follows from it but that the next one of its conversation may leave. */
const isDoneNotice = ({ delivery, step, row }: Settlement): boolean =>
  delivery.sequence === "notice" && step.state !== "retry" && row !== null

/** One statement for the deliveries and their attempts, one for who comes next. Returns the deliveries whose lease was still ours; nothing is written of others. */
async function settleNotices(
  db: Database,
  companyId: number,
  settlements: readonly Settlement[],
): Promise<Set<number>> {
  const conversationIds = new Set(settlements.flatMap(({ delivery }) => delivery.conversationId ?? []))
  const rows = await db.tx(async (tx) => {
    const locked = await lockConversations(tx, companyId, [...conversationIds])
    const [written] = await Promise.all([
      tx.query<{ id: number }>({
        name: "settle.notices",
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
      }),
      readyHeads(tx, companyId, locked, "notice"),
    ])
    return written
  })
  return new Set(rows.map((row) => row.id))
}

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
