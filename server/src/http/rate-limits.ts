import type { Endpoint } from "@causeway/contract/endpoint"
import type { FastifyReply, FastifyRequest } from "fastify"
import type { Principal } from "./callers.ts"
import { HttpError } from "./errors.ts"

/**
 * How many requests a caller may make, counted in this process's memory: N processes let through up to N times as many, and a restart forgets.
 * Windows, burst pool, tiers, headers and words are the vendor's (its page on rate limits); the numbers are only so under --strict-limits.
 */
export interface RatePolicy {
  /** API and channel tokens of a company together. */
  perMinute: number
  /** Each OAuth client of a company, apart from the company's own requests. */
  partnerPerMinute: number
  /** One writing operation on one channel, conversation, message … */
  perResourcePerSecond: number
}

/** Above what one process can answer: a brake for a runaway client, which an admin may set lower. */
export const generousPolicy: RatePolicy = {
  perMinute: 1_000_000,
  partnerPerMinute: 100_000,
  perResourcePerSecond: 20_000,
}

/** The vendor's smallest plan, for integrations that are to meet its limits before they meet the vendor. */
export const strictPolicy: RatePolicy = { perMinute: 50, partnerPerMinute: 120, perResourcePerSecond: 5 }

/** People in the inbox and callers who are not known yet are no part of a company's budget; ours, against loops. */
const peoplePerMinute = 6_000
const strangersPerMinute = 600_000

const minuteMs = 60_000
/** Core API, POST /messages/{id}/seen: an end user does not look at a message more often. */
const seen = { count: 10, periodMs: 60 * minuteMs }
/** Core API, GET /conversations/search: this share of the company's limit. */
const searchShare = 0.4
/** Half the limit again may come at any time, and fills up over ten minutes. */
const burstShare = 0.5
const burstMs = 10 * minuteMs

/** Counters kept at once; beyond it the oldest goes, which at worst lets one caller begin anew. */
const countersMax = 50_000
const keyCharsMax = 80

/** One caller's requests: a window of a minute that begins with the first of them, and a pool for what comes above its limit. */
interface Budget {
  used: number
  until: number
  burst: number
  burstAt: number
}

/** A token bucket: it holds one period's worth and fills evenly. */
interface Bucket {
  tokens: number
  at: number
}

/** Counts one request of an operation, puts the headers on its answer, and throws 429 when there were too many. */
export type Meter = (request: FastifyRequest, reply: FastifyReply, principal: Principal | null) => void

export interface RateLimits {
  meter(endpoint: Endpoint): Meter
}

/** `policyOf` is asked at every request, so it answers from memory. */
export function createRateLimits(
  policyOf: (companyId: number) => RatePolicy,
  now: () => number = Date.now,
): RateLimits {
  const budgets = new Map<string | number, Budget>()
  const buckets = new Map<string, Bucket>()
  let metered = 0

  function meter(endpoint: Endpoint): Meter {
    if (isForMachines(endpoint.path)) return () => {}
    const prefix = `${++metered} `
    const bucketOf = bucketRule(endpoint)
    return (request, reply, principal) => {
      const at = now()
      const member = principal !== null && "companyId" in principal && principal.kind !== "session" ? principal : null
      const policy = member && policyOf(member.companyId)
      const rule = policy && bucketOf?.(policy, request)
      const bucketWaitMs = rule && member ? takeFrom(buckets, `${prefix}${member.companyId} ${rule.key}`, rule, at) : 0
      const { key, limit } = budgetOf(principal, policy, request.address)
      const waitMs = take(budgets, reply, { key, limit, at, isRefused: bucketWaitMs > 0 })
      if (rule?.tier) reply.header("x-front-tier", rule.tier)
      if (bucketWaitMs > 0) refuse(reply, bucketWaitMs, rule?.tier ? ` for tier-${rule.tier} route` : " for this route")
      if (waitMs > 0) refuse(reply, waitMs, "")
    }
  }

  return { meter }
}

/** Probes and scrapers come every few seconds for ever and are nobody's traffic. */
const isForMachines = (path: string): boolean => path === "/healthz" || path === "/readyz" || path === "/metrics"

interface BucketRule {
  key: string
  count: number
  periodMs: number
  /** The vendor's number for operations that are held to so many a second for each resource. */
  tier: string | null
}

/** What an operation is held to beside its caller's budget; null: nothing. The vendor's own paths only. */
function bucketRule({ method, path }: Endpoint): ((policy: RatePolicy, request: FastifyRequest) => BucketRule) | null {
  if (path.startsWith("/conversations/search/")) {
    return ({ perMinute }) => ({
      key: "",
      count: Math.max(1, Math.floor(perMinute * searchShare)),
      periodMs: minuteMs,
      tier: null,
    })
  }
  const parameter = /:(\w+)/.exec(path)?.[1]
  if (method === "GET" || parameter === undefined || path.startsWith("/causeway/")) return null
  const keyOf = ({ params }: FastifyRequest): string =>
    (params as Record<string, string>)[parameter]?.slice(0, keyCharsMax) ?? ""
  if (path === "/messages/:message_id/seen") return (_policy, request) => ({ key: keyOf(request), ...seen, tier: null })
  return ({ perResourcePerSecond }, request) => ({
    key: keyOf(request),
    count: perResourcePerSecond,
    periodMs: 1000,
    tier: "2",
  })
}

/** Whose budget a request uses: the company's, a partner's, a person's, or that of the address it comes from. */
function budgetOf(
  principal: Principal | null,
  policy: RatePolicy | null,
  address: string,
): { key: string | number; limit: number } {
  if (principal?.kind === "session") return { key: `teammate ${principal.teammateId}`, limit: peoplePerMinute }
  if (policy === null || principal === null || !("companyId" in principal))
    return { key: `address ${address}`, limit: strangersPerMinute }
  const { companyId } = principal
  if (principal.kind === "token" && principal.oauthClientId !== undefined)
    return { key: `client ${principal.oauthClientId}`, limit: policy.partnerPerMinute }
  return { key: companyId, limit: policy.perMinute }
}

/**
 * Takes one request out of a budget, unless it was refused already, and says on the answer what is left. Returns how many ms to wait, 0 for none.
 * Most of what counting costs is these five headers: about 1 µs each.
 */
function take(
  budgets: Map<string | number, Budget>,
  reply: FastifyReply,
  { key, limit, at, isRefused }: { key: string | number; limit: number; at: number; isRefused: boolean },
): number {
  const burstMax = Math.floor(limit * burstShare)
  let budget = budgets.get(key)
  if (budget === undefined) {
    budget = { used: 0, until: at + minuteMs, burst: burstMax, burstAt: at }
    keep(budgets, key, budget)
  }
  // A window that ends later than one that began now: the machine's clock was set back.
  if (at >= budget.until || budget.until - at > minuteMs) {
    budget.used = 0
    budget.until = at + minuteMs
  }
  // Also where the limit was lowered since.
  budget.burst = Math.min(burstMax, budget.burst + (passed(budget.burstAt, at) / burstMs) * burstMax)
  budget.burstAt = at
  let waitMs = 0
  if (!isRefused) {
    if (budget.used < limit) budget.used++
    else if (budget.burst >= 1) budget.burst--
    else waitMs = Math.min(budget.until - at, ((1 - budget.burst) / burstMax) * burstMs)
  }
  reply.header("x-ratelimit-limit", String(limit))
  reply.header("x-ratelimit-remaining", String(Math.max(0, limit - budget.used)))
  reply.header("x-ratelimit-reset", String(Math.ceil(budget.until / 1000)))
  reply.header("x-ratelimit-burst-limit", String(burstMax))
  reply.header("x-ratelimit-burst-remaining", String(Math.floor(budget.burst)))
  return waitMs
}

function takeFrom(buckets: Map<string, Bucket>, key: string, { count, periodMs }: BucketRule, at: number): number {
  let bucket = buckets.get(key)
  if (bucket === undefined) {
    bucket = { tokens: count, at }
    keep(buckets, key, bucket)
  }
  bucket.tokens = Math.min(count, bucket.tokens + (passed(bucket.at, at) / periodMs) * count)
  bucket.at = at
  if (bucket.tokens < 1) return ((1 - bucket.tokens) / count) * periodMs
  bucket.tokens--
  return 0
}

/** Nothing is taken back from a caller because the machine's clock was set back. */
const passed = (from: number, at: number): number => Math.max(0, at - from)

function keep<K, V>(counters: Map<K, V>, key: K, counter: V): void {
  if (counters.size >= countersMax) counters.delete(counters.keys().next().value as K)
  counters.set(key, counter)
}

/** The words that clients read the wait from: milliseconds in the sentence, whole seconds in the header. */
function refuse(reply: FastifyReply, waitMs: number, where: string): never {
  reply.header("retry-after", String(Math.ceil(waitMs / 1000)))
  throw new HttpError(429, `Rate limit exceeded${where}. Please retry in ${Math.ceil(waitMs)} milliseconds.`)
}
