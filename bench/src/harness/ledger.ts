import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, writeSync } from "node:fs"

/** What the driver was promised: written before it goes on, so that a promise outlives whoever was killed. */
export type Promised =
  | { kind: "inbound"; externalId: string; uid: string; channel: number; thread: string; askedAt: number; at: number }
  | { kind: "reply"; key: string; conversation: string; askedAt: number; at: number }
  /** An answer that no client should get: not 2xx, and not one of the statuses that say "come back". */
  | { kind: "odd"; what: string; status: number; text: string; at: number }

/** What a partner saw. `answered` is there once the status has left it. */
export type Seen =
  | { kind: "arrived"; call: number; partner: number; type: string; key: string; conversation: string; at: number }
  | { kind: "answered"; call: number; status: number; at: number }

/** Appends one JSON object a line, each on disk before `write` returns. One process writes one file. */
export interface Ledger<Entry> {
  write(entry: Entry): void
  close(): void
}

export function openLedger<Entry>(path: string): Ledger<Entry> {
  const file = openSync(path, "a", 0o600)
  return {
    write(entry) {
      writeSync(file, `${JSON.stringify(entry)}\n`)
      fdatasyncSync(file)
    },
    close: () => closeSync(file),
  }
}

/** All entries; the last line may be half written by a process that was killed, and counts for nothing then. */
export function readLedger<Entry>(path: string): Entry[] {
  if (!existsSync(path)) return []
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1)
  return lines.map((line) => JSON.parse(line) as Entry)
}
