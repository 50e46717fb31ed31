import { createHash } from "node:crypto"
import { formatId } from "@causeway/contract/ids"
import type { Database, Tx } from "../database/database.ts"
import type { Log } from "../log.ts"
import { actorId, outsideId } from "./store.ts"

/** Any constant, as long as nothing else of ours uses it. */
const chainLock = 7_400_019
const batchMax = 1_000
const chainEveryMs = 5_000

interface Unchained {
  company_id: number
  id: number
  at: Date
  actor: { kind: string; id: string | null } | null
  noun: string
  verb: string
  target: string
  /** What the hash covers, as the database writes it: jsonb and timestamps have one text each. */
  text: string
}

const text = `concat_ws(e'\\x1f', audit.company_id, audit.id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), coalesce(actor::text, ''), noun, verb, target, coalesce(before::text, ''), coalesce(after::text, ''))`

const link = (before: Buffer | null, position: number, entry: string): Buffer =>
  createHash("sha256")
    .update(before ?? Buffer.alloc(32))
    .update(`${position}\u001f${entry}`)
    .digest()

/**
 * Puts what is not chained yet at the end of each company's chain; answers how many entries. One process at a time; the changes themselves never wait for it.
 * Whoever alters or removes an entry afterwards would have to make every later hash anew, and the head that somebody noted down would no longer be there.
 */
export async function chainEntries({ db, log }: ChainDeps): Promise<number> {
  const chained = await chainIn(db)
  // Whoever collects the log has the chain elsewhere too: what was changed stays here, that it was and by whom is told.
  for (const entry of chained) log.info(lineOf(entry), "audit.entry")
  return chained.length
}

/** With the ids that everybody else uses. */
const lineOf = ({ company_id, id, at, actor, noun, verb, target, position, hash }: Chained) => ({
  company_id: formatId("cmp", company_id),
  id: formatId("adt", id),
  at,
  actor: actor === null ? null : { ...actor, id: actorId(actor) },
  noun,
  verb,
  target: outsideId(noun, target),
  position,
  hash: hash.toString("hex"),
})

interface ChainDeps {
  db: Database
  log: Log
}

type Chained = Unchained & { position: number; hash: Buffer }

function chainIn(db: Database): Promise<Chained[]> {
  return db.tx(async (tx) => {
    await tx.query({ text: "select pg_advisory_xact_lock($1)", values: [chainLock] })
    const entries = await tx.query<Unchained>({
      name: "audit.unchained", // audit_unchained
      text: `select company_id, id, at, actor, noun, verb, target, ${text} as text from audit where position is null order by company_id, id limit ${batchMax}`,
    })
    const heads = new Map<number, { position: number; hash: Buffer | null }>()
    for (const companyId of new Set(entries.map((entry) => entry.company_id)))
      heads.set(companyId, await headOf(tx, companyId))
    const chained: Chained[] = entries.map((entry) => {
      const head = heads.get(entry.company_id) as { position: number; hash: Buffer | null }
      head.position += 1
      head.hash = link(head.hash, head.position, entry.text)
      return { ...entry, position: head.position, hash: head.hash }
    })
    await tx.query({
      name: "audit.chain",
      text: `update audit set position = given.position, hash = given.hash
             from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[]) as given (company_id, id, position, hash)
             where audit.company_id = given.company_id and audit.id = given.id`,
      values: [
        chained.map((entry) => entry.company_id),
        chained.map((entry) => entry.id),
        chained.map((entry) => entry.position),
        chained.map((entry) => entry.hash),
      ],
    })
    return chained
  })
}

/** By audit_chain. */
async function headOf(tx: Tx, companyId: number): Promise<{ position: number; hash: Buffer | null }> {
  const rows = await tx.query<{ position: number; hash: Buffer }>({
    name: "audit.head",
    text: "select position, hash from audit where company_id = $1 and position is not null order by position desc limit 1",
    values: [companyId],
  })
  return rows[0] ?? { position: 0, hash: null }
}

export interface ChainReport {
  entries: number
  /** Hexadecimal; null for an empty chain. Noted down elsewhere, it proves later that nothing before it was touched. */
  head: string | null
  /** The first entry whose hash does not follow from the one before it, or that is missing. */
  broken: { position: number; id: number | null } | null
}

/** Reads the whole chain of a company again, oldest first. */
export async function verifyChain(deps: ChainDeps, companyId: number): Promise<ChainReport> {
  const { db } = deps
  while ((await chainEntries(deps)) === batchMax);
  let head: Buffer | null = null
  let position = 0
  for (;;) {
    const rows = await db.query<{ id: number; position: number; hash: Buffer; text: string }>({
      name: "audit.verify", // audit_chain
      text: `select id, position, hash, ${text} as text from audit where company_id = $1 and position > $2 order by position limit ${batchMax}`,
      values: [companyId, position],
    })
    for (const row of rows) {
      if (row.position !== position + 1)
        return { entries: position, head: hex(head), broken: { position: position + 1, id: null } }
      const expected = link(head, row.position, row.text)
      if (!expected.equals(row.hash))
        return { entries: position, head: hex(head), broken: { position: row.position, id: row.id } }
      head = row.hash
      position = row.position
    }
    if (rows.length < batchMax) return { entries: position, head: hex(head), broken: null }
  }
}

const hex = (hash: Buffer | null): string | null => hash?.toString("hex") ?? null

/** Chains by itself every few seconds. */
export function startChaining(deps: ChainDeps): { stop(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    running = chainEntries(deps).catch((error: unknown) => deps.log.warn({ err: error }, "audit.not_chained"))
  }, chainEveryMs)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
