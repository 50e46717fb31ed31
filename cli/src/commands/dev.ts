import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { Call, Command } from "../command.ts"
import { answerKeys, type Demo } from "../dev-keys.ts"
import { exit, Failure } from "../failure.ts"
import { writeProfile } from "../settings.ts"
import { fields } from "../text.ts"

/** Beside this package, in the repository. A package of its own has no server. */
const launcher = fileURLToPath(new URL("../../../scripts/launch.mjs", import.meta.url))

export const dev: Command = {
  options: {
    data: { value: "DIR", text: "where everything is kept; data-dev of this folder unless given" },
    port: { value: "PORT", text: "where to listen; 7400 unless given" },
    "held-clock": { text: "undo windows and retries wait for causeway clock advance" },
  },
  more: `Starts the server with a demo company and keeps its token, so that every other command finds it. Keys: o opens the inbox, s sends a test
message, l follows the log, q quits. Ctrl-C drains and stops it too. It runs in Causeway's own folder: npm run causeway -- dev.`,
  examples: ["causeway dev --port 0 --data data-dev", "causeway dev --port 0 --data data-dev --held-clock --json"],
  async run(call) {
    if (!existsSync(launcher))
      throw new Failure(
        exit.notFound,
        "the server is not part of this package",
        "run it in Causeway's folder: npm run causeway -- dev",
      )
    const server = start(call)
    const ended = once(server, "exit")
    const stop = () => void server.kill("SIGTERM")
    call.world.signal.addEventListener("abort", stop, { once: true })
    const ready = await readReady(server)
    if (ready === null) {
      await ended
      throw new Failure(exit.failed, "the server did not start", "what it printed above says why")
    }
    const { url, demo } = ready
    if (demo !== null) writeProfile(call.world.env, "default", { url: forPeople(url), token: demo.api_token })
    call.show(ready, banner(ready))
    const over = new AbortController()
    void ended.then(() => over.abort())
    if (demo !== null)
      await answerKeys(withKeys(call, ready, demo.api_token, over.signal), demoOf(ready, demo.channel_id), stop)
    await ended
    return exit.ok
  },
}

/** The same call with the demo's own credentials, until the server has ended. */
const withKeys = (call: Call, { url }: Ready, token: string, over: AbortSignal): Call => ({
  ...call,
  world: { ...call.world, signal: AbortSignal.any([call.world.signal, over]) },
  settings: { ...call.settings, url, token },
})

const demoOf = ({ url }: Ready, channelId: string): Demo => ({ url: `${forPeople(url)}/app/`, channelId })

interface Ready {
  url: string
  data_dir: string
  demo: null | {
    api_token: string
    channel_id: string
    inbox_id: string
    teammate: { email: string; password: string }
  }
}

const forPeople = (url: string): string => url.replace("//127.0.0.1:", "//localhost:")

function start(call: Call): ChildProcess {
  const args = [
    "--json",
    "--demo",
    "--data",
    call.option("data") ?? "data-dev",
    "--port",
    call.option("port") ?? "7400",
  ]
  if (call.flag("held-clock")) args.push("--held-clock")
  const { npm_lifecycle_event: _npm, ...env } = call.world.env
  // Its own process group: Ctrl-C in the terminal reaches us, and we tell it.
  const server = spawn(process.execPath, [launcher, "start", ...args], {
    cwd: call.world.cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  })
  if (!call.json)
    createInterface({ input: server.stderr as NodeJS.ReadableStream }).on("line", (line) => warn(call, line))
  else server.stderr?.resume()
  return server
}

/** Of the server's log, what a person should know. */
function warn(call: Call, line: string): void {
  if (/"level":(40|50|60)/.test(line) || !line.startsWith("{")) call.world.err(`${line}\n`)
}

async function readReady(server: ChildProcess): Promise<Ready | null> {
  for await (const line of createInterface({ input: server.stdout as NodeJS.ReadableStream })) {
    server.stdout?.resume()
    return JSON.parse(line) as Ready
  }
  return null
}

function banner({ url, data_dir, demo }: Ready): string {
  const people = forPeople(url)
  if (demo === null)
    return fields({
      Inbox: `${people}/app/`,
      Data: data_dir,
      Note: "this folder has a company of its own: causeway login",
    })
  const values = {
    Inbox: `${people}/app/`,
    "Sign in": `${demo.teammate.email}   password ${demo.teammate.password}`,
    Channel: demo.channel_id,
    Data: data_dir,
    Next: `causeway new my-channel, or causeway messages inbound "Hello" --channel ${demo.channel_id}`,
    Stop: "Ctrl-C",
  }
  return `\n${fields(values)}\n`
}
