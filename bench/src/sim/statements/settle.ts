import { type DeliveryRow, isOpen, isUnderWay, type Store } from "../store.ts"
import { msOf, type Statements, wakeAll } from "./statement.ts"

function readyHeads(
  store: Store,
  company: number,
  conversations: readonly number[],
  sequence: "send" | "notice",
): void {
  const freed: DeliveryRow[] = []
  for (const id of conversations) {
    const head = store.sequence(id, sequence).find((row) => row.company_id === company && !row.stepped_aside)
    if (head === undefined || head.ready) continue
    store.updateDelivery(head, { ready: true })
    if (head.due_at < Number.POSITIVE_INFINITY) freed.push(head)
  }
  if (freed.length > 0) wakeAll(store, freed)
}

/** As `settle-together.ts` passes it. */
type Settled = Pick<DeliveryRow, "id" | "channel_id" | "state" | "error_code" | "error_reason"> & {
  token: number
  number: number
}

const copiesOf = (store: Store, company: number, message: number): readonly DeliveryRow[] =>
  (store.byMessage.get(message) ?? []).filter((row) => row.company_id === company && row.sequence === "send")

export const settleStatements: Statements = {
  "places.lock_conversations": (store, [company, ids]) => {
    const different = ids.length > 1 ? [...new Set<number>(ids)].sort((one, other) => one - other) : (ids as number[])
    return different.flatMap((id) => (store.conversation(company, id) === undefined ? [] : { id, merged_into: null }))
  },

  "places.ready_heads": (store, [company, conversations, sequence]) => {
    readyHeads(store, company, conversations, sequence)
    return []
  },

  "places.take": (store, [company, conversation, id, keepsPlace, state, due, reason]) => {
    const row = store.delivery(company, id)
    const place = store.conversation(company, conversation)
    if (row === undefined || place === undefined) return []
    if (!keepsPlace) store.update("conversation", place, { last_send: place.last_send + 1 })
    const number = keepsPlace ? row.number : place.last_send
    const isFirst = !store
      .sequence(conversation, "send")
      .some(
        (one) => isUnderWay(one) && !one.stepped_aside && one.id !== id && (one.number as number) < (number as number),
      )
    const dueMs = msOf(due, Number.POSITIVE_INFINITY)
    store.updateDelivery(row, {
      state,
      due_at: dueMs,
      waiting_reason: reason,
      stepped_aside: false,
      number,
      ready: isFirst,
    })
    if (isFirst && dueMs < Number.POSITIVE_INFINITY) wakeAll(store, [row])
    return []
  },

  "settle.delivery": (store, values) => {
    const [company, id, attempt, token, channel, state, retry, at, code, reason, stepsAside, forgotten, neverTried] =
      values
    const row = store.delivery(company, id)
    if (row?.state !== "sending" || row.attempts !== attempt || row.lease_token !== token) return []
    if (store.lane(company, channel)?.lease_token !== token) return []
    const parked = row.sequence === "send" && store.isOffline(row.company_id, row.channel_id)
    store.updateDelivery(row, {
      state,
      due_at: retry ? (parked ? Number.POSITIVE_INFINITY : msOf(at, 0)) : row.due_at,
      waiting_reason: retry ? reason : null,
      error_code: code,
      error_reason: retry ? null : reason,
      stepped_aside: row.stepped_aside || stepsAside,
      finished_at: retry ? null : store.nowMs,
      attempts: row.attempts - (forgotten ? 1 : 0),
      first_started_at: neverTried ? null : row.first_started_at,
    })
    return [
      {
        stepped_aside: row.stepped_aside,
        parked: (row.state as string) === "waiting" && row.due_at === Number.POSITIVE_INFINITY,
      },
    ]
  },

  "settle.together": (store, [company, json]) =>
    (JSON.parse(json) as Settled[]).flatMap(({ id, channel_id, token, number, state, error_code, error_reason }) => {
      const row = store.delivery(company, id)
      if (row?.state !== "sending" || row.attempts !== number || row.lease_token !== token) return []
      if (store.lane(company, channel_id)?.lease_token !== token) return []
      const finished = { state, waiting_reason: null, error_code, error_reason, finished_at: store.nowMs }
      store.updateDelivery(row, finished)
      return { id }
    }),

  "settle.attempt": () => [],
  "settle.forget_attempt": () => [],

  "settle.late": (store, [company, id, attempt, token, state, code, reason]) => {
    const row = store.delivery(company, id)
    if (row?.state !== "unknown" || row.attempts !== attempt || row.lease_token !== token) return []
    store.updateDelivery(row, { state, error_code: code, error_reason: reason, finished_at: store.nowMs })
    return [{ id }]
  },

  "settle.cancel_repeats": (store, [company, message, id]) => {
    for (const row of copiesOf(store, company, message))
      if (row.id > id && isOpen(row)) store.updateDelivery(row, { state: "cancelled", finished_at: store.nowMs })
    return []
  },

  "settle.has_repeat": (store, [company, message, id]) =>
    copiesOf(store, company, message).some((row) => row.id > id && row.state !== "cancelled") ? [{}] : [],

  "settle.imported": (store, [company, message]) => {
    const row = copiesOf(store, company, message).findLast((copy) => copy.state === "unknown")
    if (row === undefined) return []
    store.updateDelivery(row, { state: "sent", error_code: null, error_reason: null, finished_at: store.nowMs })
    return [{ id: row.id, channel_id: row.channel_id, type: row.type }]
  },

  "orphans.list": (store, [company, channel, token]) =>
    [...store.ofChannel(company, channel).sending]
      .filter((row) => (row.lease_token as number) < token)
      .sort((one, other) => one.id - other.id)
      .map((row) => ({ ...row })),

  "orphans.settle": (store, [company, id, attempts, token, isSend, now, reason]) => {
    const row = store.delivery(company, id)
    if (row?.state !== "sending" || row.attempts !== attempts || row.lease_token !== token) return []
    store.updateDelivery(row, {
      state: isSend ? "unknown" : "waiting",
      ...(isSend
        ? { error_code: "no_answer", error_reason: reason, finished_at: store.nowMs }
        : { due_at: msOf(now, 0), waiting_reason: reason }),
    })
    return [{ id }]
  },
}
