import { Gauge, Registry } from "prom-client"
import type { Services } from "../services.ts"

export type GaugeDeps = Pick<Services, "db" | "clock" | "live">

/** How it stands at the moment of asking; the whole installation's, whichever process is asked, unless the help says otherwise. */
export function openGauges({ db, clock, live }: GaugeDeps): Registry {
  const registry = new Registry()
  const gauge = <L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    collect: (gauge: Gauge<L>) => unknown,
  ) =>
    new Gauge({
      registers: [registry],
      name,
      help,
      labelNames,
      async collect() {
        this.reset()
        await collect(this)
      },
    })

  gauge("causeway_database_connections", "Connections of this process's pool.", ["state"], (own) => {
    const { totalCount, idleCount, waitingCount } = db.pool
    own.set({ state: "busy" }, totalCount - idleCount)
    own.set({ state: "idle" }, idleCount)
    own.set({ state: "wanted" }, waitingCount)
  })
  gauge("causeway_live_browsers", "Open streams of browsers at this process.", [], (own) => own.set(live.browsers()))
  const lag = new Gauge({
    registers: [registry],
    name: "causeway_lane_oldest_due_seconds",
    help: "How long the most overdue lane has waited for a worker; 0 when none is overdue.",
  })
  gauge("causeway_lanes", "Channels' queues of deliveries.", ["state"], async (own) => {
    const { due, leased, paused, oldest } = await readLanes({ db, clock })
    own.set({ state: "due" }, due)
    own.set({ state: "leased" }, leased)
    own.set({ state: "paused" }, paused)
    lag.set(oldest)
  })
  gauge("causeway_channels", "Channels by status.", ["status"], async (own) => {
    const rows = await db.query<{ status: string; count: number }>({
      name: "metrics.channels",
      text: "select status, count(*)::int as count from channel where deleted_at is null group by status",
    })
    for (const status of ["ok", "offline"]) own.set({ status }, 0)
    for (const { status, count } of rows) own.set({ status }, count)
  })
  return registry
}

interface LaneCounts {
  due: number
  leased: number
  paused: number
  /** Seconds. */
  oldest: number
}

/** One row a channel: small beside what waits in them. */
async function readLanes({ db, clock }: Pick<GaugeDeps, "db" | "clock">): Promise<LaneCounts> {
  const rows = await db.query<LaneCounts>({
    name: "metrics.lanes",
    text: `select count(*) filter (where is_due)::int as due, count(*) filter (where leased_until >= now())::int as leased,
             count(*) filter (where greatest(sends_from, notices_from) > $1)::int as paused,
             coalesce(extract(epoch from max($1 - due_at) filter (where is_due and due_at > '-infinity')), 0)::float8 as oldest
           from (select *, due_at <= $1 and leased_until < now() as is_due from lane) lane`,
    values: [clock.now()],
  })
  return rows[0] ?? { due: 0, leased: 0, paused: 0, oldest: 0 }
}
