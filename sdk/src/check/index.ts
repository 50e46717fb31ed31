import { randomBytes } from "node:crypto"
import { allChecks } from "./checks.ts"
import type { Exchange } from "./exchange.ts"
import { createPlatform } from "./platform.ts"
import type { Check, Result } from "./verdict.ts"

export { byGroup, countsText } from "./groups.ts"
export { toJunit } from "./junit.ts"
export { toHtml } from "./report-page.ts"
export type { Exchange, Result }

export interface CheckOptions {
  /** The address webhooks go to. */
  url: string
  /** The secret of a throw-away app: checks send messages. */
  secret: string
  /** What the channel was connected with, sent as `Authorization: Bearer`. */
  credential?: string
  /** To whom the messages go. Default `+15550100`. */
  recipient?: string
  /** Allow a server that is not on this machine. Default false: checks send messages, and nobody checks a live channel by mistake. */
  allowRemote?: boolean
  /** Connect to this address instead of looking the host's name up. */
  address?: string
  /** Ids or beginnings of ids to run, `["MSG-07", "SIG"]`. Default: all. */
  only?: readonly string[]
  /** The text that makes the channel's provider take so many seconds. Without it checks of slow answers are skipped. */
  slowText?: (seconds: number) => string
  /** Multiplies the platform's 7 s, for channels whose own clock is scaled alike. Default 1. */
  timeScale?: number
  /** Called after every check. */
  onResult?(result: CheckResult): void
}

export interface CheckResult {
  id: string
  requirement: string
  source: string
  result: Result
  /** What was found; empty where it passed. */
  detail: string
  /** What to change, in one line. */
  fix: string
  evidence: Exchange[]
  tookMs: number
}

/** Plain data: `JSON.stringify` is its JSON form. */
export interface CheckReport {
  url: string
  /** ISO 8601. */
  startedAt: string
  counts: Record<Result, number>
  results: CheckResult[]
}

/** The ids of all checks, in the order in which they run. */
export const checkIds = (): string[] => allChecks("").map(({ id }) => id)

/**
 * Plays the platform against a channel's server and says what is wrong and how to mend it. Sends real messages through the channel: use a throw-away
 * app. Throws `TypeError` for an address that is not on this machine, unless `allowRemote`. Never rejects for what the channel does.
 */
export async function checkChannel(options: CheckOptions): Promise<CheckReport> {
  const { hostname } = new URL(options.url)
  if (options.allowRemote !== true && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)) {
    throw new TypeError(`${hostname} is not this machine; set allowRemote where the channel is a throw-away one`)
  }
  const chosen = allChecks(options.secret).filter(
    ({ id }) => options.only?.some((wanted) => id.startsWith(wanted)) ?? true,
  )
  const channelId = `cha_${randomBytes(4).readUInt32BE().toString(36)}`
  const results: CheckResult[] = []
  const startedAt = new Date().toISOString()
  for (const check of chosen) {
    const result = await runOne(check, options, channelId)
    results.push(result)
    options.onResult?.(result)
  }
  const counts: Record<Result, number> = { pass: 0, fail: 0, warn: 0, skipped: 0 }
  for (const { result } of results) counts[result]++
  return { url: options.url, startedAt, counts, results }
}

async function runOne(check: Check, options: CheckOptions, channelId: string): Promise<CheckResult> {
  const { url, secret, credential, address, recipient = "+15550100", slowText = null, timeScale = 1 } = options
  const platform = createPlatform({ url, secret, credential, address, channelId, recipient, slowText, timeScale })
  const startedAt = performance.now()
  const { result, detail } = await check.run(platform)
  const { id, requirement, source, fix } = check
  const tookMs = Math.round(performance.now() - startedAt)
  return { id, requirement, source, fix, result, detail, evidence: platform.evidence, tookMs }
}
