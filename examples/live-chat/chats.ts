import { randomBytes } from "node:crypto"
import type { Store } from "../shared/store.ts"

export const chatsSchema = `
create table if not exists session (
  external_id text primary key, visitor_id text not null, last_at integer not null
) strict;
create index if not exists session_visitor on session (visitor_id, last_at);
create table if not exists message (
  seq integer primary key autoincrement, visitor_id text not null, id text not null, external_conversation_id text not null,
  is_mine integer not null, text text not null, author text, files text not null, state text not null, at integer not null,
  unique (visitor_id, id)
) strict;
create table if not exists file (
  id text primary key, visitor_id text not null, name text not null, type text not null, size integer not null, content blob, url text,
  is_sent integer not null default 0, at integer not null
) strict;
create index if not exists file_visitor on file (visitor_id);`

export interface FileInfo {
  id: string
  name: string
  type: string
  /** Bytes. */
  size: number
}

export interface ChatMessage {
  /** Rises with every message of all visitors; what a page asks for more after or before. */
  seq: number
  /** The visitor's own id of it, or the platform's. */
  id: string
  /** Written by the visitor. */
  is_mine: boolean
  text: string
  /** First name of whoever answered. */
  author: string | null
  files: FileInfo[]
  /** `kept` here, `told` to the platform, or `refused` by it. */
  state: "kept" | "told" | "refused"
  /** ms since 1970. */
  at: number
}

interface Row extends Omit<ChatMessage, "is_mine" | "files"> {
  is_mine: number
  files: string
  visitor_id: string
  external_conversation_id: string
}

/** A message with where it belongs. */
export interface KeptMessage extends ChatMessage {
  visitorId: string
  thread: string
}

export interface NewMessage {
  id: string
  isMine: boolean
  text: string
  author: string | null
  files: FileInfo[]
  thread: string
  at: number
}

/** After a day of silence what a visitor writes begins a new conversation. */
export const sessionMs = 24 * 3_600_000

/** Conversations and messages of visitors. */
export interface Chats {
  /** The conversation that a message written now belongs to: the last one within 24 hours, else a new one. */
  sessionOf(visitorId: string, now: number): string
  /** The same, if there is one already. */
  openSession(visitorId: string, now: number): string | undefined
  /** Whose conversation it is. */
  visitorOf(threads: readonly string[]): { visitorId: string; thread: string } | undefined
  /** Joins a conversation that the platform named to a visitor. */
  adopt(thread: string, visitorId: string, now: number): void
  /** Keeps a message; one that is there is given back as it was kept. */
  keep(visitorId: string, message: NewMessage): { message: ChatMessage; isNew: boolean }
  get(seq: number): KeptMessage | undefined
  setState(seq: number, state: ChatMessage["state"]): void
  /** Oldest first: those after `after`, or the `limit` last ones before `before`. */
  list(visitorId: string, range: { after: number } | { before: number; limit: number }): ChatMessage[]
}

export function openChats(store: Store): Chats {
  const get = (seq: number) => store.one<Row>("select * from message where seq = ?", seq)
  const openSession = (visitorId: string, now: number): string | undefined => {
    const last = store.one<{ external_id: string; last_at: number }>(
      "select external_id, last_at from session where visitor_id = ? order by last_at desc limit 1",
      visitorId,
    )
    return last !== undefined && now - last.last_at < sessionMs ? last.external_id : undefined
  }
  return {
    openSession,
    sessionOf(visitorId, now) {
      const open = openSession(visitorId, now)
      if (open !== undefined) return open
      const thread = `chat:${randomBytes(12).toString("base64url")}`
      store.run("insert into session values (?, ?, ?)", thread, visitorId, now)
      return thread
    },
    visitorOf(threads) {
      for (const thread of threads) {
        const row = store.one<{ visitor_id: string }>("select visitor_id from session where external_id = ?", thread)
        if (row !== undefined) return { visitorId: row.visitor_id, thread }
      }
      return undefined
    },
    adopt(thread, visitorId, now) {
      store.run("insert into session values (?, ?, ?) on conflict do nothing", thread, visitorId, now)
    },
    keep(visitorId, { id, isMine, text, author, files, thread, at }) {
      const known = store.one<Row>("select * from message where visitor_id = ? and id = ?", visitorId, id)
      if (known !== undefined) return { message: toMessage(known), isNew: false }
      const row = store.one<Row>(
        `insert into message (visitor_id, id, external_conversation_id, is_mine, text, author, files, state, at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?) returning *`,
        ...[visitorId, id, thread, isMine ? 1 : 0, text, author, JSON.stringify(files), isMine ? "kept" : "told", at],
      )
      store.run("update session set last_at = max(last_at, ?) where external_id = ?", at, thread)
      return { message: toMessage(row as Row), isNew: true }
    },
    get(seq) {
      const row = get(seq)
      return row && { ...toMessage(row), visitorId: row.visitor_id, thread: row.external_conversation_id }
    },
    setState(seq, state) {
      store.run("update message set state = ? where seq = ?", state, seq)
    },
    list(visitorId, range) {
      const rows =
        "after" in range
          ? store.all<Row>(
              "select * from message where visitor_id = ? and seq > ? order by seq limit 500",
              visitorId,
              range.after,
            )
          : store
              .all<Row>(
                "select * from message where visitor_id = ? and seq < ? order by seq desc limit ?",
                visitorId,
                range.before,
                range.limit,
              )
              .reverse()
      return rows.map(toMessage)
    },
  }
}

const toMessage = ({ seq, id, is_mine, text, author, files, state, at }: Row): ChatMessage => ({
  ...{ seq, id, is_mine: is_mine === 1, text, author, state, at },
  files: JSON.parse(files) as FileInfo[],
})
