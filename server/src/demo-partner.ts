import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { Log } from "./log.ts"
import { StartError } from "./start-error.ts"

/**
 * The partner of `--demo`: examples/demo/channel.ts, a program of its own that we only start, tell where we are, and stop. It is no part of the
 * server and nothing of it is imported.
 */
export interface DemoPartner {
  /** Starts it for this app; resolves to its webhook URL when it listens. Throws `StartError`. */
  start(app: { uid: string; secret: string }): Promise<string>
  /** From now on customers may write: where our API is and which channel they come through. */
  begin(api: { url: string; channelId: string }): void
  /** Resolves when it has ended; also right where it never began. */
  stop(): Promise<void>
}

const program = fileURLToPath(new URL("../../examples/demo/channel.ts", import.meta.url))
const stopTimeoutMs = 3000

export function createDemoPartner(log: Log): DemoPartner {
  let child: ChildProcess | null = null
  let isStopping = false
  return {
    async start(app) {
      // Its own process group: Ctrl-C in a terminal must not end it before the server has drained. Its stdin ends with us, and it with its stdin.
      child = spawn(process.execPath, [program, "--port", "0", "--json"], {
        stdio: ["pipe", "pipe", 2],
        detached: true,
        env: { ...process.env, DEMO_APP_UID: app.uid, DEMO_APP_SECRET: app.secret },
      })
      child.stdin?.on("error", () => {})
      child.once("exit", (code, signal) => {
        if (!isStopping) log.error({ code, signal }, "demo_partner.ended")
      })
      return readUrl(child)
    },
    begin({ url, channelId }) {
      child?.stdin?.write(`${JSON.stringify({ api_url: url, channel_id: channelId })}\n`)
    },
    async stop() {
      isStopping = true
      if (child === null || child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, "exit")
      child.stdin?.end()
      const timer = setTimeout(() => child?.kill("SIGKILL"), stopTimeoutMs)
      await ended
      clearTimeout(timer)
    },
  }
}

/** The first line it prints is `{"url": …}`. */
async function readUrl(child: ChildProcess): Promise<string> {
  const failed = new StartError(
    "The demo's partner (examples/demo/channel.ts) did not start.",
    "What it printed above says why; without --demo it is not needed.",
  )
  if (child.stdout === null) throw failed
  child.once("error", () => {})
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = JSON.parse(line) as { url: string }
    child.stdout.resume()
    return url
  }
  throw failed
}
