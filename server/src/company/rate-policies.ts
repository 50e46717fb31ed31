import { getRateLimits, type RateLimitView, updateRateLimits } from "@causeway/contract/endpoints/rate-limits"
import type { Database } from "../database/database.ts"
import type { RatePolicy } from "../http/rate-limits.ts"
import { type Route, route } from "../http/route.ts"
import type { Log } from "../log.ts"
import { memberOf, requireAdmin } from "../teammates/roles.ts"

export interface RatePolicies {
  /** The company's limits as last read: what its admin chose, the defaults for the rest. */
  of(companyId: number): RatePolicy
  change(companyId: number, chosen: Partial<Record<keyof RatePolicy, number | null>>): Promise<void>
  readonly isStrict: boolean
}

/** Another process's change is followed after this. */
const rereadMs = 10_000

interface Row {
  company_id: number
  per_minute: number | null
  partner_per_minute: number | null
  per_resource_per_second: number | null
}

/** All companies' own limits, kept in memory and read again in the background while requests come: the accepting of messages waits for no settings. */
export async function openRatePolicies(deps: {
  db: Database
  log: Log
  defaults: RatePolicy
  isStrict: boolean
}): Promise<RatePolicies> {
  const { db, log, defaults } = deps
  let chosen = new Map<number, RatePolicy>()
  let readAt = 0
  let reads = 0

  async function read(): Promise<void> {
    readAt = performance.now()
    const turn = ++reads
    const rows = await db.query<Row>({
      name: "rate_limits.all",
      text: "select company_id, per_minute, partner_per_minute, per_resource_per_second from rate_limit",
    })
    // One that was begun later knows more.
    if (turn !== reads) return
    chosen = new Map(
      rows.map((row) => [
        row.company_id,
        {
          perMinute: row.per_minute ?? defaults.perMinute,
          partnerPerMinute: row.partner_per_minute ?? defaults.partnerPerMinute,
          perResourcePerSecond: row.per_resource_per_second ?? defaults.perResourcePerSecond,
        },
      ]),
    )
  }

  await read()
  return {
    isStrict: deps.isStrict,
    of(companyId) {
      // A database that does not answer leaves the limits as they were; the request itself will say so.
      if (performance.now() - readAt > rereadMs) read().catch((err) => log.warn({ err }, "rate_limits.not_read"))
      return chosen.get(companyId) ?? defaults
    },
    async change(companyId, values) {
      // Each column: the new value where one was given (null included), else what stands there. By the primary key.
      await db.query({
        name: "rate_limits.change",
        text: `insert into rate_limit as own (company_id, per_minute, partner_per_minute, per_resource_per_second) values ($1, $2, $3, $4)
               on conflict (company_id) do update set
                 per_minute = case when $5 then $2 else own.per_minute end,
                 partner_per_minute = case when $6 then $3 else own.partner_per_minute end,
                 per_resource_per_second = case when $7 then $4 else own.per_resource_per_second end`,
        values: [
          companyId,
          values.perMinute ?? null,
          values.partnerPerMinute ?? null,
          values.perResourcePerSecond ?? null,
          values.perMinute !== undefined,
          values.partnerPerMinute !== undefined,
          values.perResourcePerSecond !== undefined,
        ],
      })
      await read()
    },
  }
}

export const ratePolicyRoutes = (policies: RatePolicies): Route[] => [
  route(getRateLimits, async ({ principal }) => {
    requireAdmin(principal)
    return { status: 200, body: view(policies, memberOf(principal).companyId) }
  }),
  route(updateRateLimits, async ({ principal, body }) => {
    requireAdmin(principal)
    const { companyId } = memberOf(principal)
    await policies.change(companyId, {
      ...(body.requests_per_minute !== undefined && { perMinute: body.requests_per_minute }),
      ...(body.partner_requests_per_minute !== undefined && { partnerPerMinute: body.partner_requests_per_minute }),
      ...(body.requests_per_resource_per_second !== undefined && {
        perResourcePerSecond: body.requests_per_resource_per_second,
      }),
    })
    return { status: 200, body: view(policies, companyId) }
  }),
]

function view(policies: RatePolicies, companyId: number): RateLimitView {
  const { perMinute, partnerPerMinute, perResourcePerSecond } = policies.of(companyId)
  return {
    requests_per_minute: perMinute,
    partner_requests_per_minute: partnerPerMinute,
    requests_per_resource_per_second: perResourcePerSecond,
    strict: policies.isStrict,
  }
}
