import { ConfigError } from "./config.ts"

/** Where ClamAV's daemon listens: the path of its socket, or host and port. */
export type ClamdPlace = { path: string } | { host: string; port: number }

/** Null: files are not scanned. Throws `ConfigError`. */
export function readClamd(value: string | undefined): ClamdPlace | null {
  if (value === undefined || value === "") return null
  if (value.startsWith("/")) return { path: value }
  const [, v6, name, port] = /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9.-]{1,253})):(\d{1,5})$/i.exec(value) ?? []
  const host = v6 ?? name
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535)
    throw new ConfigError(
      `CAUSEWAY_CLAMD must be host:port, or the path of clamd's socket (was "${value}"). Example: CAUSEWAY_CLAMD=127.0.0.1:3310`,
    )
  return { host, port: Number(port) }
}
