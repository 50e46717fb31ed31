import { leaseMs } from "@causeway/server/delivery/lanes"
import { type DeliveryRow, isOpen, type LaneRow, type Store } from "../store.ts"
import { byDue, dateOf, firstOf, msOf, type Statements, wake } from "./statement.ts"

function lease(store: Store, owner: string, max: number, isFree: (lane: LaneRow) => boolean): object[] {
  const free: LaneRow[] = []
  for (const lane of store.lanes.values()) if (lane.leased_until < store.nowMs && isFree(lane)) free.push(lane)
  if (free.length > 1) free.sort((one, other) => (one.due_at < other.due_at ? -1 : one.due_at > other.due_at ? 1 : 0))
  return free.slice(0, max).map((lane) => {
    const abandoned = lane.leased_by !== null
    store.update("lane", lane, {
      lease_token: lane.lease_token + 1,
      leased_by: owner,
      leased_until: store.nowMs + leaseMs,
    })
    const { company_id, channel_id, lease_token, cap, health } = lane
    return { company_id, channel_id, lease_token, cap, health: JSON.parse(health), abandoned }
  })
}

function* held(store: Store, companies: number[], channels: number[], tokens: number[]) {
  for (let i = 0; i < companies.length; i++) {
    const lane = store.lane(companies[i] as number, channels[i] as number)
    if (lane?.lease_token === tokens[i]) yield { lane: lane as LaneRow, i }
  }
}

const keyOf = ({ company_id, channel_id }: LaneRow) => ({ company_id, channel_id })

const claimed = ({ id, conversation_id, message_id, sequence, type, attempts, first_started_at }: DeliveryRow) => ({
  id,
  conversation_id,
  message_id,
  sequence,
  type,
  attempts,
  first_started_at: dateOf(first_started_at as number),
})

export const laneStatements: Statements = {
  "lanes.lease_due": (store, [owner, max, now]) => {
    const nowMs = msOf(now, 0)
    return lease(store, owner, max, (lane) => lane.due_at <= nowMs)
  },

  "lanes.lease_abandoned": (store, [owner, max]) => lease(store, owner, max, (lane) => lane.leased_by !== null),

  "lanes.renew": (store, [companies, channels, tokens]) =>
    [...held(store, companies, channels, tokens)].flatMap(({ lane }) => {
      if (lane.leased_by === null) return []
      store.update("lane", lane, { leased_until: store.nowMs + leaseMs })
      return keyOf(lane)
    }),

  "lanes.due_among": (store, [companies, channels, tokens, now]) => {
    const nowMs = msOf(now, 0)
    return [...held(store, companies, channels, tokens)].flatMap(({ lane }) =>
      lane.due_at <= nowMs ? keyOf(lane) : [],
    )
  },

  "lanes.give_back": (store, [companies, channels, tokens, unfinished, caps, healths, sendsFrom, noticesFrom]) => {
    for (const { lane, i } of held(store, companies, channels, tokens))
      store.update("lane", lane, {
        due_at: Number.NEGATIVE_INFINITY,
        leased_until: Number.NEGATIVE_INFINITY,
        leased_by: unfinished ? lane.leased_by : null,
        cap: caps[i],
        health: healths[i],
        sends_from: msOf(sendsFrom[i], Number.NEGATIVE_INFINITY),
        notices_from: msOf(noticesFrom[i], Number.NEGATIVE_INFINITY),
      })
    return []
  },

  "lanes.hold": (store, [company, channel, token]) => {
    const lane = store.lane(company, channel)
    return lane?.lease_token === token && lane?.leased_by !== null ? [{}] : []
  },

  "lanes.note_due": (store, [company, channel, rest, withNotices, withSends, cap, health, sendsFrom, noticesFrom]) => {
    const lane = store.lane(company, channel)
    if (lane === undefined) return []
    const from = (date: Date | null) => msOf(date, Number.NEGATIVE_INFINITY)
    const { readySends, readyNotices } = store.ofChannel(company, channel)
    let due = Number.POSITIVE_INFINITY
    const first = (rows: Set<{ due_at: number }>, earliest: number) => {
      for (const row of rows) due = Math.min(due, Math.max(row.due_at, earliest))
    }
    if (withNotices) first(readyNotices, from(noticesFrom))
    if (withSends && !store.isOffline(company, channel)) first(readySends, from(sendsFrom))
    store.update("lane", lane, {
      leased_by: rest ? null : lane.leased_by,
      leased_until: rest ? Number.NEGATIVE_INFINITY : lane.leased_until,
      cap,
      health,
      sends_from: from(sendsFrom),
      notices_from: from(noticesFrom),
      due_at: due,
    })
    return []
  },

  "lanes.wake": (store, [company, channel, due]) => {
    wake(store, company, channel, msOf(due, 0))
    return []
  },

  "lanes.end_pause": (store, [company, channel, now, iso]) => {
    const lane = store.lane(company, channel)
    if (lane === undefined) return []
    const nowMs = msOf(now, 0)
    const health = JSON.parse(lane.health)
    const why = health.send?.pause?.why
    if (why !== "unreachable" && why !== "failing") return []
    if (lane.sends_from > nowMs) health.send.pause.until = iso
    store.update("lane", lane, {
      due_at: Math.min(lane.due_at, nowMs),
      sends_from: Math.min(lane.sends_from, nowMs),
      health: JSON.stringify(health),
    })
    return [{}]
  },

  "claim.list_due": (store, [company, channel, now, free]) => {
    const nowMs = msOf(now, 0)
    const { readySends, readyNotices } = store.ofChannel(company, channel)
    const due = (rows: ReturnType<Store["ofChannel"]>["readySends"]) => {
      const found: DeliveryRow[] = []
      for (const row of rows) if (row.due_at <= nowMs) found.push(row)
      return found.length > 1 ? firstOf(found, free, byDue) : found
    }
    return [...(store.isOffline(company, channel) ? [] : due(readySends)), ...due(readyNotices)]
  },

  "claim.start": (store, [company, ids, now, token]) => {
    const nowMs = msOf(now, 0)
    const started: DeliveryRow[] = []
    for (const id of ids as number[]) {
      const row = store.delivery(company, id)
      if (row?.ready && isOpen(row) && row.due_at <= nowMs) started.push(row)
    }
    for (const row of started)
      store.updateDelivery(row, {
        state: "sending",
        attempts: row.attempts + 1,
        first_started_at: row.first_started_at ?? nowMs,
        lease_token: token,
        waiting_reason: null,
      })
    return started
      .sort((one, other) =>
        one.sequence === other.sequence ? one.id - other.id : one.sequence > other.sequence ? -1 : 1,
      )
      .map(claimed)
  },

  "claim.find_unheard": (store, [company, channel, token, known]) =>
    [...store.ofChannel(company, channel).sending]
      .filter((row) => row.lease_token === token && !known.includes(row.id))
      .sort((one, other) => one.id - other.id)
      .map(claimed),
}
