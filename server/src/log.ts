import { type DestinationStream, pino } from "pino"

/** One wide line per thing that happened, as JSON on stderr: `log.info({ delivery_id, status }, "delivery.attempted")`. */
export type Log = ReturnType<typeof createLog>

/** Values under these names never reach a line, whatever object they come in. */
const secretPaths = ["authorization", "secret", "token", "password", "api_key", "credentials"].flatMap((name) => [
  name,
  `*.${name}`,
])

export function createLog(
  level = process.env.CAUSEWAY_LOG ?? "info",
  to: DestinationStream = pino.destination({ fd: 2, sync: true }),
) {
  return pino({ level, redact: { paths: secretPaths, censor: "[hidden]" } }, to)
}
