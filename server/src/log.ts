import { formatId, type IdPrefix } from "@causeway/contract/ids"
import { type DestinationStream, type LogFn, pino } from "pino"
import { LostDatabaseError } from "./database/outage.ts"

/**
 * One wide line per thing that happened, on stderr: `log.info({ delivery_id, status }, "delivery.attempted")`. JSON, for whoever collects it; on a
 * terminal, where a person reads, short lines and nothing below a warning, unless `CAUSEWAY_LOG` asks for more.
 */
export type Log = ReturnType<typeof createLog>

/** Values under these names never reach a line, whatever object they come in. */
const secretPaths = ["authorization", "secret", "token", "password", "api_key", "credentials"].flatMap((name) => [
  name,
  `*.${name}`,
])

/** What a fact of this name is the number of: a line names it as the API, the command line and the screens do, so that it can be looked up. */
const kinds: Readonly<Record<string, IdPrefix>> = {
  company_id: "cmp",
  channel_id: "cha",
  delivery_id: "dlv",
  message_id: "msg",
  webhook_id: "whk",
}

function withIds(facts: Record<string, unknown>): Record<string, unknown> {
  const named = Object.entries(kinds).flatMap(([name, prefix]) => {
    const id = facts[name]
    return typeof id === "number" ? [[name, formatId(prefix, id)]] : []
  })
  return named.length === 0 ? facts : { ...facts, ...Object.fromEntries(named) }
}

export function createLog(
  level = process.env.CAUSEWAY_LOG ?? (process.stderr.isTTY ? "warn" : "info"),
  to: DestinationStream = standardError(),
) {
  const redact = { paths: secretPaths, censor: "[hidden]" }
  return pino({ level, redact, formatters: { log: withIds }, hooks: { logMethod: saidOnce } }, to)
}

function standardError(): DestinationStream {
  const to = pino.destination({ fd: 2, sync: true })
  return process.stderr.isTTY ? forPeople(to) : to
}

/** The database itself says that it is lost and that it is back; what everybody says who looks for work meanwhile, each second, is for `debug`. */
function saidOnce(this: pino.Logger, args: Parameters<LogFn>, method: LogFn, level: number): void {
  const isEcho = level === pino.levels.values.warn && (args[0] as { err?: unknown }).err instanceof LostDatabaseError
  if (isEcho) this.debug(...args)
  else method.apply(this, args)
}

/** Of each line what a person wants to read: `14:03:59 warn delivery.lane_paused channel_id="cha_lflx"`. */
export const forPeople = (to: DestinationStream): DestinationStream => ({
  write(line) {
    const { level, time, pid: _, hostname: __, msg, err, ...facts } = JSON.parse(line) as Line
    const at = new Date(time).toLocaleTimeString("en-GB")
    const words = Object.entries(facts).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    const isError = ["error", "fatal"].includes(pino.levels.labels[level] ?? "")
    const trouble = err === undefined ? [] : [isError ? err.stack : err.message]
    to.write(`${[at, pino.levels.labels[level], msg, ...words, ...trouble].join(" ")}\n`)
  },
})

interface Line {
  level: number
  /** Unix milliseconds. */
  time: number
  pid?: number
  hostname?: string
  msg?: string
  err?: { message: string; stack: string }
  [fact: string]: unknown
}
