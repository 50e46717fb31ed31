import { readdirSync, readFileSync } from "node:fs"
import { findRunning } from "@causeway/server/database/embedded"
import { clientOptions } from "@causeway/server/database/pool"
import { createLog } from "@causeway/server/log"
import pg from "pg"
import { closedLoop, median } from "../load.ts"
import { inboundShot, withScene } from "../scene.ts"
import type { Benchmark, Finding, RunOptions } from "./benchmark.ts"
import { inRounds } from "./rounds.ts"

const runs = [
  { name: "accepted, 64 connections", flags: [], connections: 64 },
  { name: "accepted, 1 connection", flags: [], connections: 1 },
  { name: "accepted and told to the partner, 64 connections", flags: ["--deliver"], connections: 64 },
] as const

/** Of one message. */
interface Cost {
  nodeMs: number
  postgresMs: number
  walBytes: number
  diskBytes: number
  commits: number
}

type Round = Map<string, Cost>

export const costBenchmark: Benchmark = {
  name: "cost",
  title: "What one message costs",
  method:
    "Processor time of the server's process and of all of PostgreSQL's (/proc), bytes of its log (pg_current_wal_lsn), growth of all tables with their indexes, and " +
    "commits, each divided by the messages kept meanwhile. The log holds whole pages after each checkpoint, so it is longer on small databases than between two checkpoints of a " +
    "large one. No limit: docs/scaling.md reckons with these figures.",
  run: async (options) => finding(await inRounds(options, measureRound)),
}

async function measureRound(options: RunOptions, round: number): Promise<Round> {
  const result: Round = new Map()
  for (const { name, flags, connections } of runs) {
    options.say(name)
    const cost = await withScene([...flags], async (scene, partner, served) => {
      const next = (n: number) => inboundShot(scene, `cost${round}`, n)
      // What a start and the first messages of a conversation cost is not counted.
      const loop = { url: scene.url, connections, status: 202, seconds: options.seconds }
      const warm = await closedLoop({ ...loop, seconds: 1, next })
      const settled = async (sent: number) => {
        while (flags.length > 0 && partner.count() < sent) await partner.moved()
      }
      await settled(warm.sent)
      return await spent(served.dataDir, served.pid, async () => {
        const { sent } = await closedLoop({ ...loop, next: (n) => next(warm.sent + n) })
        await settled(warm.sent + sent)
        return sent
      })
    })
    result.set(name, cost)
  }
  return result
}

/** What `work` costs for each of the messages that it answers for. */
async function spent(dataDir: string, pid: number, work: () => Promise<number>): Promise<Cost> {
  const connection = await findRunning(dataDir, createLog("silent"))
  if (connection === null) throw new Error("the server under measurement has no database of its own")
  const client = new pg.Client(clientOptions(connection))
  await client.connect()
  const { rows: own } = await client.query<{ pid: number }>(
    "select pid from pg_stat_activity where backend_type = 'checkpointer'",
  )
  const postmaster = statOf(own[0]?.pid as number).parent
  const look = async () => {
    const { rows } = await client.query<{ wal: number; disk: number; commits: number }>(
      `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint as wal, sum(pg_total_relation_size(oid))::bigint as disk,
         (select xact_commit from pg_stat_database where datname = current_database()) as commits
       from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
    )
    return {
      ...(rows[0] as { wal: number; disk: number; commits: number }),
      node: statOf(pid).ms,
      postgres: familyMs(postmaster),
    }
  }
  try {
    const before = await look()
    const messages = await work()
    const after = await look()
    const each = (key: keyof typeof before): number => (after[key] - before[key]) / messages
    return {
      nodeMs: each("node"),
      postgresMs: each("postgres"),
      walBytes: each("wal"),
      diskBytes: each("disk"),
      commits: each("commits"),
    }
  } finally {
    await client.end()
  }
}

const tickMs = 10 // of /proc on every Linux that Node runs on

/** A process's own processor time, with `children` also that of its children that have ended. */
function statOf(pid: number): { parent: number; ms: number; endedMs: number } {
  // The name, in brackets, may hold anything.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ")
    .map(Number)
  const [, parent = 0] = fields
  const ticks = (from: number): number => ((fields[from] ?? 0) + (fields[from + 1] ?? 0)) * tickMs
  return { parent, ms: ticks(11), endedMs: ticks(13) }
}

function familyMs(postmaster: number): number {
  let ms = statOf(postmaster).ms + statOf(postmaster).endedMs
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = statOf(Number(name))
      if (stat.parent === postmaster) ms += stat.ms
    } catch {
      // it ended meanwhile: the postmaster has its time
    }
  }
  return ms
}

function finding(rounds: readonly Round[]): Finding {
  const of = (name: string, key: keyof Cost): number => median(rounds.flatMap((round) => round.get(name)?.[key] ?? []))
  return {
    tables: [
      {
        columns: [
          { name: "each message" },
          { name: "Node, ms of a core", digits: 3 },
          { name: "PostgreSQL, ms of a core", digits: 3 },
          { name: "its log, bytes" },
          { name: "tables and indexes, bytes" },
          { name: "commits", digits: 3 },
        ],
        rows: runs.map(({ name }) => [
          name,
          of(name, "nodeMs"),
          of(name, "postgresMs"),
          of(name, "walBytes"),
          of(name, "diskBytes"),
          of(name, "commits"),
        ]),
      },
    ],
    aims: [],
    plots: [],
  }
}
