import type { Store } from "../shared/store.ts"

export const textsSchema = `
create table if not exists thread (phone text primary key, external_conversation_id text not null) strict;
-- Seen before it is sent: a status may come before the answer that names the message's id.
create table if not exists message (
  id text primary key, phone text, external_conversation_id text, status text not null, failure text, at integer not null
) strict;
create table if not exists inbound (id text primary key, at integer not null) strict;`

/** What the channel remembers of its messages. */
export interface Texts {
  /** The conversation in which a number last wrote or was written to; one of its own where it never was. */
  threadOf(phone: string): string
  useThread(phone: string, thread: string): void
  /** Notes what was sent. Returns why it failed where that is known already. */
  sent(id: string, phone: string, thread: string): string | null
  /** Notes a status. Returns the message where this is the news that it failed, and it is known whose it was. */
  status(id: string, status: string, failure: string | null): { phone: string; thread: string; reason: string } | null
  /** False where it came before. */
  received(id: string): boolean
}

interface Row {
  phone: string | null
  external_conversation_id: string | null
  failure: string | null
}

export function openTexts(store: Store): Texts {
  return {
    threadOf: (phone) =>
      store.one<Row>("select external_conversation_id from thread where phone = ?", phone)?.external_conversation_id ??
      `sms:${phone}`,
    useThread(phone, thread) {
      store.run(
        "insert into thread values (?, ?) on conflict (phone) do update set external_conversation_id = excluded.external_conversation_id",
        phone,
        thread,
      )
    },
    sent(id, phone, thread) {
      const row = store.one<Row>(
        `insert into message (id, phone, external_conversation_id, status, at) values (?, ?, ?, 'queued', ?)
         on conflict (id) do update set phone = excluded.phone, external_conversation_id = excluded.external_conversation_id returning failure`,
        id,
        phone,
        thread,
        Date.now(),
      )
      return row?.failure ?? null
    },
    status(id, status, failure) {
      const before = store.one<Row>("select * from message where id = ?", id)
      store.run(
        // A failure is the end: nothing that comes late makes it good again.
        `insert into message (id, status, failure, at) values (?, ?, ?, ?)
         on conflict (id) do update set status = excluded.status, failure = excluded.failure where failure is null`,
        id,
        status,
        failure,
        Date.now(),
      )
      if (failure === null || before === undefined || before.failure !== null || before.phone === null) return null
      return { phone: before.phone, thread: before.external_conversation_id ?? "", reason: failure }
    },
    received: (id) => store.run("insert into inbound values (?, ?) on conflict do nothing", id, Date.now()) === 1,
  }
}
