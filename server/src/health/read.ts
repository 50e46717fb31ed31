import { statfs } from "node:fs/promises"
import type { Health } from "@causeway/contract/endpoints/health"
import { lastBackup, listBackups } from "../backup/kept.ts"
import type { ScheduleClock } from "../clock.ts"
import type { Config } from "../config.ts"
import type { Database } from "../database/database.ts"
import type { LiveHub } from "../live/hub.ts"
import { version } from "../version.ts"
import type { Stalls } from "./stalls.ts"

export interface HealthDeps {
  db: Database
  config: Pick<Config, "dataDir" | "databaseUrl">
  clock: ScheduleClock
  live: LiveHub
  stalls: Pick<Stalls, "longestMs">
}

type State = Health["database"]["state"]

const startedAt = Date.now() / 1000
const daySeconds = 86_400
const gibibyte = 1024 ** 3
const waitingMax = 10_000

/** `fail` where people are kept from working, `warn` where somebody should look. */
const grade = (isBad: boolean, isOdd: boolean): State => (isBad ? "fail" : isOdd ? "warn" : "ok")

/** One company's view of the installation. A few statements, each by an index or bounded. */
export async function readHealth(deps: HealthDeps, companyId: number): Promise<Health> {
  const { db, config } = deps
  const [database, deliveries, channels, disk, last, kept] = await Promise.all([
    readDatabase(db, config),
    readDeliveries(deps, companyId),
    readChannels(db, companyId),
    readDisk(config.dataDir),
    lastBackup(db),
    listBackups(config.dataDir),
  ])
  const clock = await readClock(deps)
  const running = readProcess(deps)
  const audit = await readAudit(db, companyId)
  const age = last === null ? null : Date.now() / 1000 - last.at
  return {
    version,
    started_at: startedAt,
    state: worst([
      database.state,
      deliveries.state,
      channels.state,
      disk.state,
      running.state,
      clock.state,
      audit.state,
    ]),
    database,
    deliveries,
    channels,
    live: { state: "ok", browsers: deps.live.browsers() },
    disk,
    process: running,
    clock,
    audit,
    backup: { state: grade(age !== null && age > 30 * daySeconds, age === null || age > 7 * daySeconds), last, kept },
  }
}

const worst = (states: readonly State[]): State =>
  states.includes("fail") ? "fail" : states.includes("warn") ? "warn" : "ok"

async function readDatabase(db: Database, config: HealthDeps["config"]): Promise<Health["database"]> {
  const rows = await db.query<{ version: string; bytes: number }>({
    name: "health.database",
    text: "select current_setting('server_version') as version, pg_database_size(current_database())::float8 as bytes",
  })
  const { version = "?", bytes = 0 } = rows[0] ?? {}
  return { state: "ok", kind: config.databaseUrl === null ? "embedded" : "external", version, bytes }
}

async function readDeliveries({ db, clock }: HealthDeps, companyId: number): Promise<Health["deliveries"]> {
  const now = clock.now()
  const rows = await db.query<{ waiting: number; oldest: Date | null }>({
    name: "health.deliveries", // delivery_ready_send and delivery_ready_notice
    text: `select count(*)::int as waiting, min(due_at) filter (where due_at > '-infinity') as oldest from (
             select due_at from delivery where company_id = $1 and ready and state in ('queued', 'waiting') and due_at <= $2 limit ${waitingMax}) due`,
    values: [companyId, now],
  })
  const answers = await db.query<{ p95: number | null; failed: number }>({
    name: "health.answers", // delivery_finished
    text: `select percentile_cont(0.95) within group (order by (timing ->> 'total')::float8) as p95, count(*) filter (where delivery.state = 'failed')::int as failed
           from (select company_id, id, state, attempts from delivery where company_id = $1 and finished_at > now() - interval '1 hour' order by finished_at desc limit 5000) delivery
           left join attempt on attempt.company_id = delivery.company_id and attempt.delivery_id = delivery.id and attempt.number = delivery.attempts`,
    values: [companyId],
  })
  const { waiting = 0, oldest = null } = rows[0] ?? {}
  const { p95 = null, failed = 0 } = answers[0] ?? {}
  const age = oldest === null ? null : Math.max(0, (now.getTime() - oldest.getTime()) / 1000)
  const late = age ?? 0
  return {
    state: grade(late > 300, late > 30 || failed > 0),
    waiting,
    oldest_due_seconds: age,
    p95_ms: p95,
    failed_last_hour: failed,
  }
}

async function readChannels(db: Database, companyId: number): Promise<Health["channels"]> {
  const rows = await db.query<{ offline: number; pausing: number }>({
    name: "health.channels", // channel and lane by their primary keys
    text: `select count(*) filter (where status = 'offline')::int as offline,
             count(*) filter (where greatest(lane.sends_from, lane.notices_from) > now())::int as pausing
           from channel left join lane on lane.company_id = channel.company_id and lane.channel_id = channel.id
           where channel.company_id = $1 and channel.deleted_at is null`,
    values: [companyId],
  })
  const { offline = 0, pausing = 0 } = rows[0] ?? {}
  return { state: grade(false, offline + pausing > 0), offline, pausing }
}

async function readDisk(dataDir: string): Promise<Health["disk"]> {
  const { bavail, bsize } = await statfs(dataDir)
  const free = bavail * bsize
  return { state: grade(free < gibibyte / 2, free < 5 * gibibyte), free_bytes: free }
}

/** Somebody waited, and lanes that were held meanwhile may be lost. */
function readProcess({ stalls }: HealthDeps): Health["process"] {
  const longest = stalls.longestMs()
  return { state: grade(false, longest > 1_000), longest_stall_ms: longest }
}

/** Leases and signatures go by clocks: two that differ by seconds make both odd. */
async function readClock({ db, clock }: HealthDeps): Promise<Health["clock"]> {
  const before = Date.now()
  const rows = await db.query<{ now: Date }>({ name: "health.clock", text: "select clock_timestamp() as now" })
  const middle = (before + Date.now()) / 2
  const skew = Math.abs((rows[0]?.now.getTime() ?? middle) - middle)
  return { state: grade(skew > 5_000, skew > 1_000 || clock.held), skew_ms: Math.round(skew), is_held: clock.held }
}

async function readAudit(db: Database, companyId: number): Promise<Health["audit"]> {
  const rows = await db.query<{ count: number }>({
    name: "health.audit", // audit_unchained
    text: "select count(*)::int as count from (select from audit where company_id = $1 and position is null limit 1000) unchained",
    values: [companyId],
  })
  const unchained = rows[0]?.count ?? 0
  return { state: grade(false, unchained >= 1_000), unchained }
}
