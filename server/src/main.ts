import { setFlagsFromString } from "node:v8"
import type { RunningServer } from "./app.ts"
import { type Config, ConfigError, isExposed, readConfig, usage } from "./config.ts"
import { OutageError } from "./http/errors.ts"
import type { Log } from "./log.ts"
import { StartError } from "./start-error.ts"

/** Longer than any webhook under way (7 s) and any request; what is not done by then is taken up again at the next start. */
const drainTimeoutMs = 20_000

/**
 * One process: options → server → the line or the banner that says it is ready → drained at the first SIGINT, SIGTERM or SIGHUP.
 * Exit codes: 0 stopped when told to · 1 could not start, or a bug · 2 an option that cannot be used.
 */
async function main(): Promise<void> {
  const config = configOrExit()
  const signalled = new Promise<void>((resolve) => {
    // npm and the terminal both send it (SIGHUP when it closes); the second one finds us draining.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve())
  })
  keepsNewSpaceSmall(true)
  // Loaded only now: a signal that comes meanwhile must end us as any other does.
  const [{ startServer }, { createDemoPartner }, { armFailPoint }, { createLog }] = await Promise.all([
    import("./app.ts"),
    import("./demo-partner.ts"),
    import("./failpoint.ts"),
    import("./log.ts"),
  ])
  const log = createLog()
  armFailPoint(process.env.CAUSEWAY_FAIL_POINT ?? null)

  const partner = createDemoPartner(log)
  let server: RunningServer | null = null
  const stop = once(async (code: number) => {
    const timer = setTimeout(() => {
      log.error({ timeout_ms: drainTimeoutMs }, "server.drain_timed_out")
      process.exit(1)
    }, drainTimeoutMs)
    await server?.close()
    await partner.stop()
    clearTimeout(timer)
    process.exit(code)
  })
  onBug(log, () => stop(1))

  try {
    server = await startServer(config, { log, startPartner: partner.start })
  } catch (error) {
    process.stderr.write(`${sentenceOf(error, config)}\n`)
    await partner.stop()
    process.exit(1)
  }
  keepsNewSpaceSmall(false)
  if (server.demo !== null) partner.begin({ url: server.url, channelId: server.demo.channel_id })
  say(config, server)
  await signalled
  log.info("server.draining")
  await stop(0)
}

/**
 * What starting makes it mostly keeps, and V8 would answer it with 60 MB of room for what is short-lived, which an idle server never gives back. That room
 * is for load.
 */
const keepsNewSpaceSmall = (isSmall: boolean): void =>
  setFlagsFromString(`--semi-space-growth-factor=${isSmall ? 1 : 2}`)

function configOrExit(): Config {
  try {
    const config = readConfig(process.argv.slice(2), process.env)
    if (config !== "help") return config
    process.stdout.write(usage)
    return process.exit(0)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${error.message}\n`)
    return process.exit(2)
  }
}

/** With --json one line, the only one on stdout, which scripts wait for; else what a person needs next. */
function say(config: Config, server: RunningServer): void {
  // Who stops reading (`| head -1`) does not stop the server.
  process.stdout.on("error", () => {})
  process.stdout.write(config.json ? `${JSON.stringify(readyLine(config, server))}\n` : banner(config, server))
}

const readyLine = (config: Config, server: RunningServer) => ({
  url: server.url,
  pid: process.pid,
  data_dir: config.dataDir,
  database: server.database,
  setup_code: server.setupCode,
  demo: server.demo,
})

function banner(config: Config, server: RunningServer): string {
  const lines = [`Causeway is ready: ${addressForPeople(config, server.url)}/app/`]
  if (server.setupCode !== null) lines.push(`Setup code:        ${server.setupCode}   (asked for once, by the page)`)
  if (server.demo !== null) {
    lines.push(`Sign in as:        ${server.demo.teammate.email}   password ${server.demo.teammate.password}`)
    lines.push(`API token:         ${server.demo.api_token}`)
    const pages = server.demo.channels.filter(({ page }) => page !== undefined)
    for (const [i, { name, page }] of pages.entries()) {
      lines.push(`${(i === 0 ? "Be a customer:" : "").padEnd(19)}${page}   ${name}`)
    }
  } else if (config.demo)
    lines.push("No demo here:      this data directory has a company already. Use another one: --data DIR")
  lines.push(`Data:              ${config.dataDir}${server.database === "external" ? " and DATABASE_URL" : ""}`)
  if (isExposed(config))
    lines.push(
      "Not private:       others reach this by plain HTTP. Name a certificate (CAUSEWAY_TLS_CERT) or a proxy: docs/operations.md",
    )
  if (process.stderr.isTTY && process.env.CAUSEWAY_LOG === undefined)
    lines.push("Log:               warnings only; CAUSEWAY_LOG=info shows every event")
  lines.push("Stop:              Ctrl-C")
  return `\n  ${lines.join("\n  ")}\n\n`
}

/** A name rather than a number: passkeys and cookies want one. */
function addressForPeople(config: Config, url: string): string {
  if (config.publicUrl !== null) return config.publicUrl
  const { hostname, port, protocol } = new URL(url)
  return /^(127\.0\.0\.1|0\.0\.0\.0|\[::1?\])$/.test(hostname) ? `${protocol}//localhost:${port}` : url
}

function sentenceOf(error: unknown, config: Config): string {
  if (error instanceof StartError) return `${error.message} ${error.fix}`
  if (error instanceof OutageError)
    return `${error.message[0]?.toUpperCase()}${error.message.slice(1)}: Causeway could not start. See that ${config.databaseUrl === null ? "the machine has room and time for it" : "DATABASE_URL is reached from here"}, then start again.`
  const code = (error as NodeJS.ErrnoException).code
  const where = `${config.host}:${config.port}`
  if (code === "EADDRINUSE")
    return `${where} is in use by another program. Stop it, or choose another port: npm start -- --port 0`
  if (code === "EACCES" && config.port < 1024)
    return `${where} is for root only. Choose another port: npm start -- --port 7400`
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return `${config.host} is no address of this machine. Example: npm start -- --host 127.0.0.1`
  return `Causeway could not start: ${(error as Error).stack ?? error}`
}

/** A bug may have left anything half done in memory; nothing in the database. So: said once, and the process ends. */
function onBug(log: Log, stop: () => void): void {
  const end = (error: unknown): void => {
    log.fatal({ err: error }, "server.bug")
    process.exitCode = 1
    stop()
  }
  process.on("uncaughtException", end)
  process.on("unhandledRejection", end)
}

function once<A extends unknown[], R>(work: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  let done: Promise<R> | null = null
  return (...args) => {
    done ??= work(...args)
    return done
  }
}

await main()
