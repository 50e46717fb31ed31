import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { type DemoApps, type DemoKind, type DemoPlace, demoKinds, demoPerson } from "./company/demo.ts"
import type { Log } from "./log.ts"
import { StartError } from "./start-error.ts"

/** Where the partners find us, and where they may keep what they know. */
export interface DemoPlatform {
  /** Origin of our API on this machine. */
  apiUrl: string
  /** Origin of the links that we write. */
  linkOrigin: string
  dataDir: string
}

/**
 * The partners of `--demo`: examples/demo/channel.ts, a program of its own that we only start, tell where we are, and stop. It is no part of the
 * server and nothing of it is imported.
 */
export interface DemoPartner {
  /** Starts it for these apps; resolves to where they are when all of them listen. Throws `StartError`. */
  start(apps: DemoApps, platform: DemoPlatform): Promise<Record<DemoKind, DemoPlace>>
  /** From now on customers may write: where our API is and which channel the imaginary ones come through. */
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
    async start(apps, { apiUrl, linkOrigin, dataDir }) {
      const setup = {
        apps,
        api_url: apiUrl,
        link_origin: linkOrigin,
        data_dir: join(dataDir, "demo"),
        agent_email: demoPerson.email,
      }
      // Its own process group: Ctrl-C in a terminal must not end it before the server has drained. Its stdin ends with us, and it with its stdin.
      child = spawn(process.execPath, [program, "--port", "0", "--json"], {
        stdio: ["pipe", "pipe", 2],
        detached: true,
        env: { ...process.env, DEMO_SETUP: JSON.stringify(setup) },
      })
      child.stdin?.on("error", () => {})
      child.once("exit", (code, signal) => {
        if (!isStopping) log.error({ code, signal }, "demo_partner.ended")
      })
      return readPlaces(child)
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

type Places = Record<DemoKind, { webhook_url: string; page_url: string | null }>

/** The first line it prints is `{"places": {…}}`. */
async function readPlaces(child: ChildProcess): Promise<Record<DemoKind, DemoPlace>> {
  const failed = new StartError(
    "The demo's partners (examples/demo/channel.ts) did not start.",
    "What they printed above says why; without --demo they are not needed.",
  )
  if (child.stdout === null) throw failed
  child.once("error", () => {})
  for await (const line of createInterface({ input: child.stdout })) {
    const { places } = JSON.parse(line) as { places: Places }
    child.stdout.resume()
    const read = (kind: DemoKind): DemoPlace => ({
      webhookUrl: places[kind].webhook_url,
      pageUrl: places[kind].page_url,
    })
    return Object.fromEntries(demoKinds.map((kind) => [kind, read(kind)])) as Record<DemoKind, DemoPlace>
  }
  throw failed
}
