import type { Store } from "../shared/store.ts"
import type { PbxEvent } from "./pbx/pbx.ts"

export const sequenceSchema = `
create table if not exists call (
  id text primary key, root_id text not null, number text not null, next_seq integer not null default 1, at integer not null
) strict;
create index if not exists call_number on call (number, at);
create table if not exists event (call_id text not null, seq integer not null, body text not null, at integer not null,
  primary key (call_id, seq)) strict;`

/** How long an event waits for those before it, ms. After that the line has forgotten them. */
export const gapMsMax = 15_000

/** Puts the events of each call into the order in which they happened. */
export interface Sequence {
  /** Keeps an event. Returns those whose turn it is now, this one among them or not; none for a copy. */
  take(event: PbxEvent): PbxEvent[]
  /** Those that have waited too long for one that never came. */
  overdue(now: number): PbxEvent[]
  /** All legs of a call share its first one. */
  rootOf(callId: string): string
  /** The last call with a number. */
  lastWith(number: string): string | null
}

interface CallRow {
  id: string
  root_id: string
  next_seq: number
}

/** They say what became of a call that has its end: nothing has to come before or after them. */
const isPart = ({ type }: PbxEvent): boolean => type.endsWith("_ready")

export function openSequence(store: Store): Sequence {
  const find = (id: string) => store.one<CallRow>("select * from call where id = ?", id)
  const rootOf = (id: string): string => find(id)?.root_id ?? id

  function release(callId: string): PbxEvent[] {
    const ready: PbxEvent[] = []
    for (;;) {
      const row = store.one<{ seq: number; body: string }>(
        "delete from event where call_id = ? and seq = (select next_seq from call where id = ?) returning seq, body",
        callId,
        callId,
      )
      if (row === undefined) return ready
      store.run("update call set next_seq = ? where id = ?", row.seq + 1, callId)
      ready.push(JSON.parse(row.body) as PbxEvent)
    }
  }

  return {
    rootOf,
    lastWith: (number) =>
      store.one<{ id: string }>("select id from call where number = ? order by at desc limit 1", number)?.id ?? null,
    take(event) {
      const { call_id: id, seq, number, at, parent_call_id: parent } = event
      store.run(
        "insert into call (id, root_id, number, at) values (?, ?, ?, ?) on conflict do nothing",
        id,
        parent === null ? id : rootOf(parent),
        number,
        at,
      )
      const isPast = seq < (find(id)?.next_seq ?? 1)
      // What was given up as lost and comes after all is of use only where order does not matter.
      if (isPast) return isPart(event) && wasSkipped(store, id, seq) ? [event] : []
      store.run(
        "insert into event values (?, ?, ?, ?) on conflict do nothing",
        id,
        seq,
        JSON.stringify(event),
        Date.now(),
      )
      return release(id)
    },
    overdue(now) {
      const calls = store.all<{ call_id: string }>("select distinct call_id from event where at < ?", now - gapMsMax)
      return calls.flatMap(({ call_id: id }) => {
        const first = store.one<{ seq: number }>("select min(seq) as seq from event where call_id = ?", id)
        const from = find(id)?.next_seq ?? 1
        const to = first?.seq ?? from
        for (let seq = from; seq < to; seq++) skip(store, id, seq)
        store.run("update call set next_seq = ? where id = ?", to, id)
        return release(id)
      })
    },
  }
}

export const skippedSchema =
  "create table if not exists skipped (call_id text not null, seq integer not null, primary key (call_id, seq)) strict;"

const skip = (store: Store, id: string, seq: number): void => {
  store.run("insert into skipped values (?, ?) on conflict do nothing", id, seq)
}
const wasSkipped = (store: Store, id: string, seq: number): boolean =>
  store.run("delete from skipped where call_id = ? and seq = ?", id, seq) === 1
