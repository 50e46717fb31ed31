import { resolve } from "node:path"
import { parseArgs } from "node:util"
import { readMail, readProvider, readTls, type TlsFiles } from "./config-people.ts"
import { type ClamdPlace, readClamd } from "./config-scanner.ts"
import { trustOf } from "./http/proxies.ts"
import type { MailConfig } from "./mail/mailer.ts"
import type { ProviderConfig } from "./sign-in/provider.ts"

/** Everything that can be said at start, read once and checked. */
export interface Config {
  /** TCP port; 0 means any free one. */
  port: number
  host: string
  /** Absolute. */
  dataDir: string
  /** `DATABASE_URL`; null means the embedded database in the data directory. */
  databaseUrl: string | null
  /** `DATABASE_OWNER_URL`: who makes and changes the tables of the same database; null: the role of `DATABASE_URL` does. See `database/rights.ts`. */
  databaseOwnerUrl: string | null
  /** `CAUSEWAY_PUBLIC_URL` without a trailing slash; null means http://localhost:<port>. */
  publicUrl: string | null
  /** `CAUSEWAY_TRUSTED_PROXIES`: whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed; see `http/proxies.ts`. */
  trustedProxies: readonly string[]
  /** `CAUSEWAY_TLS_CERT` and `CAUSEWAY_TLS_KEY`; null: plain HTTP. */
  tls: TlsFiles | null
  /** `CAUSEWAY_SECRET_KEY`: 32 bytes in base64 or hex, checked where the seal is opened; null means `secret.key` in the data directory. */
  secretKey: string | null
  /** `CAUSEWAY_ALLOW_HOSTS`: `host` or `host:port` of partners in private networks. */
  allowHosts: readonly string[]
  /** `CAUSEWAY_CLAMD`: who looks through files before anybody gets them; null: nobody does. */
  clamd: ClamdPlace | null
  demo: boolean
  json: boolean
  heldClock: boolean
  /** `CAUSEWAY_KEEP_DELIVERIES_DAYS`: how long the delivery log keeps what is finished. */
  keepDeliveriesDays: number
  /** Request limits as on the vendor's smallest plan instead of generous ones. */
  strictLimits: boolean
  /** `CAUSEWAY_SMTP_URL` and `CAUSEWAY_SMTP_FROM`; null: nothing is mailed. */
  mail: MailConfig | null
  /** `CAUSEWAY_OIDC_ISSUER`, `…_CLIENT_ID`, `…_CLIENT_SECRET`, `…_NAME`; null: people sign in here alone. */
  provider: ProviderConfig | null
  /** `CAUSEWAY_KEEP_ON_DEVICES`: whether browsers keep the newest conversations to be read without a network, and what is being written. */
  keepsOnDevices: boolean
  /** Whether channels may be simulated: `CAUSEWAY_SIMULATOR`, else while only this machine can reach the server. */
  simulator: boolean
}

/** A value given at start that cannot be used: the process says the sentence and exits 2. */
export class ConfigError extends Error {}

export const usage = `Usage: npm start -- [options]

  --port PORT      where to listen (CAUSEWAY_PORT, default 7400; 0 = any free port)
  --host HOST      on which address (CAUSEWAY_HOST, default 127.0.0.1)
  --data DIR       where everything is kept (CAUSEWAY_DATA, default ./data)
  --demo           begin with a demo company, channel and conversations
  --json           print one line of JSON on stdout when ready, everything else on stderr
  --held-clock     undo windows and retries wait until the clock is moved (loopback only)
  --strict-limits  request limits as on the vendor's smallest plan (CAUSEWAY_STRICT_LIMITS=1)
  --help           show this

  DATABASE_URL=postgres://user:password@host/name   a PostgreSQL 16 or newer of your own instead of the embedded one
  DATABASE_OWNER_URL=postgres://owner:…@host/name   the role that owns its tables, if DATABASE_URL is to be one that only reads and writes rows
  CAUSEWAY_PUBLIC_URL=https://inbox.example.com     the address people and partners reach this server at
  CAUSEWAY_TLS_CERT=inbox.pem CAUSEWAY_TLS_KEY=inbox.key   speaks HTTPS itself, with these files
  CAUSEWAY_TRUSTED_PROXIES=loopback,10.0.0.0/8      proxies in front whose X-Forwarded-For and -Proto are believed
  CAUSEWAY_ALLOW_HOSTS=sms.internal,10.0.0.7:8080   partners in private networks that webhooks may be sent to
  CAUSEWAY_KEEP_DELIVERIES_DAYS=30                  how long the delivery log keeps what is finished
  CAUSEWAY_KEEP_ON_DEVICES=0                        leaves no conversation and nothing unsent in browsers
  CAUSEWAY_SIMULATOR=1                              simulated channels also where others reach the server; 0: nowhere
  CAUSEWAY_SMTP_URL=smtps://user:password@host:465  mails invitations and password resets, from CAUSEWAY_SMTP_FROM
  CAUSEWAY_OIDC_ISSUER=https://login.example.com    lets teammates sign in there; with CAUSEWAY_OIDC_CLIENT_ID, _CLIENT_SECRET, _NAME
  CAUSEWAY_CLAMD=127.0.0.1:3310                     a virus scanner (ClamAV's clamd, or its socket's path) that sees files before anybody gets them
  CAUSEWAY_SECRET_KEY=…                             32 bytes (base64 or hex) that seal secrets, instead of secret.key in the data directory
`

/**
 * Reads arguments (they win) and environment. Throws `ConfigError` naming the value, what was given and an example;
 * returns "help" when only the usage is wanted.
 */
export function readConfig(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Config | "help" {
  const given = parseOptions(args)
  if (given.help) return "help"
  const pick = (option: "port" | "host" | "data", variable: string): { name: string; value: string } | null => {
    if (given[option] !== undefined) return { name: `--${option}`, value: given[option] }
    const value = env[variable]
    return value === undefined || value === "" ? null : { name: variable, value }
  }
  const host = readHost(pick("host", "CAUSEWAY_HOST"))
  const heldClock = given["held-clock"] ?? false
  if (heldClock && !isLoopback(host)) {
    throw new ConfigError(
      `--held-clock needs a loopback --host (was ${host}): everyone who reaches the server could move the clock. Example: --host 127.0.0.1`,
    )
  }
  return {
    port: readPort(pick("port", "CAUSEWAY_PORT")),
    host,
    dataDir: readDataDir(pick("data", "CAUSEWAY_DATA")),
    databaseUrl: readDatabaseUrl("DATABASE_URL", env.DATABASE_URL),
    databaseOwnerUrl: readOwnerUrl(env),
    publicUrl: readPublicUrl(env.CAUSEWAY_PUBLIC_URL),
    trustedProxies: readTrustedProxies(env.CAUSEWAY_TRUSTED_PROXIES),
    tls: readTls(env),
    secretKey: env.CAUSEWAY_SECRET_KEY || null,
    allowHosts: readAllowHosts(env.CAUSEWAY_ALLOW_HOSTS),
    clamd: readClamd(env.CAUSEWAY_CLAMD),
    demo: given.demo ?? false,
    json: given.json ?? false,
    heldClock,
    keepDeliveriesDays: readDays(env.CAUSEWAY_KEEP_DELIVERIES_DAYS),
    keepsOnDevices: env.CAUSEWAY_KEEP_ON_DEVICES
      ? readSwitch("CAUSEWAY_KEEP_ON_DEVICES", env.CAUSEWAY_KEEP_ON_DEVICES)
      : true,
    mail: readMail(env),
    provider: readProvider(env),
    strictLimits: given["strict-limits"] ?? readSwitch("CAUSEWAY_STRICT_LIMITS", env.CAUSEWAY_STRICT_LIMITS),
    simulator: env.CAUSEWAY_SIMULATOR ? readSwitch("CAUSEWAY_SIMULATOR", env.CAUSEWAY_SIMULATOR) : isLoopback(host),
  }
}

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: "string" },
        host: { type: "string" },
        data: { type: "string" },
        demo: { type: "boolean" },
        json: { type: "boolean" },
        "held-clock": { type: "boolean" },
        "strict-limits": { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values
  } catch (error) {
    throw new ConfigError(`${(error as Error).message} Example: npm start -- --port 7400 --demo`)
  }
}

interface Given {
  name: string
  value: string
}

function readPort(given: Given | null): number {
  if (given === null) return 7400
  const port = Number(given.value)
  if (!/^\d{1,5}$/.test(given.value) || port > 65_535) {
    throw new ConfigError(
      `${given.name} must be a port from 0 to 65535 (was "${given.value}"). Example: ${example(given, "7400")}`,
    )
  }
  return port
}

function readHost(given: Given | null): string {
  if (given === null) return "127.0.0.1"
  if (!/^[a-z0-9.:-]{1,253}$/i.test(given.value)) {
    throw new ConfigError(
      `${given.name} must be an address or a name without a port (was "${given.value}"). Example: ${example(given, "0.0.0.0")}`,
    )
  }
  return given.value
}

function readDataDir(given: Given | null): string {
  if (given === null) return resolve("data")
  if (given.value.trim() === "" || given.value.includes("\0")) {
    throw new ConfigError(
      `${given.name} must be a directory (was "${given.value}"). Example: ${example(given, "/srv/causeway")}`,
    )
  }
  return resolve(given.value)
}

function readOwnerUrl(env: Readonly<Record<string, string | undefined>>): string | null {
  const url = readDatabaseUrl("DATABASE_OWNER_URL", env.DATABASE_OWNER_URL)
  if (url !== null && !env.DATABASE_URL)
    throw new ConfigError(
      "DATABASE_OWNER_URL needs DATABASE_URL beside it: the role that the server works with. The embedded database has both roles by itself. Example: DATABASE_URL=postgres://causeway_server:secret@db.example.com/causeway",
    )
  return url
}

function readDatabaseUrl(name: string, value: string | undefined): string | null {
  if (value === undefined || value === "") return null
  // A server on this machine may be given by its socket, which is no URL of the usual kind: postgres://user@/name?host=/var/run/postgresql
  if (!/^postgres(ql)?:\/\/./.test(value)) {
    // Not repeated in full: it may hold a password.
    throw new ConfigError(
      `${name} must begin with postgres:// (was "${value.slice(0, 12)}…"). Example: ${name}=postgres://causeway:secret@db.example.com/causeway`,
    )
  }
  return value
}

function readPublicUrl(value: string | undefined): string | null {
  if (value === undefined || value === "") return null
  const url = URL.canParse(value) ? new URL(value) : null
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    url.pathname !== "/" ||
    url.search !== "" ||
    url.hash !== "" ||
    url.username !== ""
  ) {
    throw new ConfigError(
      `CAUSEWAY_PUBLIC_URL must be http:// or https:// and a host, without a path (was "${value}"). Example: CAUSEWAY_PUBLIC_URL=https://inbox.example.com`,
    )
  }
  return url.origin
}

function readTrustedProxies(value: string | undefined): string[] {
  const entries = (value ?? "")
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
  try {
    trustOf(entries)
  } catch (error) {
    throw new ConfigError(
      `CAUSEWAY_TRUSTED_PROXIES must list addresses, ranges or "loopback" (${(error as Error).message}). Example: CAUSEWAY_TRUSTED_PROXIES=loopback,10.0.0.0/8`,
    )
  }
  return entries
}

function readSwitch(name: string, value: string | undefined): boolean {
  if (value === undefined || value === "" || value === "0" || value === "false") return false
  if (value === "1" || value === "true") return true
  throw new ConfigError(`${name} must be 1 or 0 (was "${value}"). Example: ${name}=1`)
}

function readDays(value: string | undefined): number {
  if (value === undefined || value === "") return 30
  const days = Number(value)
  if (!/^\d{1,5}$/.test(value) || days < 1) {
    throw new ConfigError(
      `CAUSEWAY_KEEP_DELIVERIES_DAYS must be a number of days from 1 to 99999 (was "${value}"). Example: CAUSEWAY_KEEP_DELIVERIES_DAYS=30`,
    )
  }
  return days
}

function readAllowHosts(value: string | undefined): string[] {
  const hosts = (value ?? "")
    .split(",")
    .map((host) => host.trim().toLowerCase())
    .filter((host) => host !== "")
  for (const host of hosts) {
    // Parsed as a URL parses it, so that what is compared later has one spelling.
    if (!URL.canParse(`http://${host}`) || new URL(`http://${host}`).host !== host) {
      throw new ConfigError(
        `CAUSEWAY_ALLOW_HOSTS must be host or host:port, separated by commas (was "${host}"). Example: CAUSEWAY_ALLOW_HOSTS=sms.internal,10.0.0.7:8080`,
      )
    }
  }
  return hosts
}

const example = (given: Given, value: string): string =>
  given.name.startsWith("--") ? `${given.name} ${value}` : `${given.name}=${value}`

/** Whether others reach the server and nothing says that what passes is encrypted. */
export const isExposed = ({ host, tls, publicUrl, trustedProxies }: Config): boolean =>
  !isLoopback(host) && tls === null && !publicUrl?.startsWith("https:") && trustedProxies.length === 0

/** Whether only this machine can reach a server that listens on `host`. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host)
