import { api, reasonOf, seg } from "../api.ts"
import type { Call, Command } from "../command.ts"
import { exit, Failure } from "../failure.ts"
import { paint } from "../text.ts"

interface Finding {
  name: string
  ok: boolean
  said: string
  fix: string
}

const fine = (name: string, said: string): Finding => ({ name, ok: true, said, fix: "" })
const wrong = (name: string, said: string, fix: string): Finding => ({ name, ok: false, said, fix })

export const doctor: Command = {
  options: { app: { value: "UID", text: "also whether this app's address can be reached from here" } },
  more: "Exit code 1 where something is wrong.",
  examples: ["causeway doctor", "causeway doctor --json"],
  async run(call) {
    const findings = [runtime(), ...(await server(call)), ...(await credentials(call)), ...(await address(call))]
    const lines = findings.map(({ name, ok, said, fix }) => {
      const mark = paint(call.world, ok ? "green" : "red", ok ? "✓" : "✕")
      return `${mark} ${name.padEnd(9)} ${said}${ok ? "" : `\n  Fix: ${fix}`}\n`
    })
    call.show(findings, lines.join(""))
    const first = findings.find(({ ok }) => !ok)
    if (first !== undefined) throw new Failure(exit.failed, `${first.name}: ${first.said}`, first.fix)
    return exit.ok
  },
}

function runtime(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return fine("runtime", `Node ${process.versions.node}`)
  return wrong("runtime", `Node ${process.versions.node} does not run TypeScript`, "install Node 22.18 or newer")
}

const skewMaxMs = 60_000

async function server({ settings: { url }, world }: Call): Promise<Finding[]> {
  try {
    const signal = AbortSignal.any([world.signal, AbortSignal.timeout(5000)])
    const alive = await fetch(`${url}/healthz`, { signal })
    const { version } = (await alive.json()) as { version: string }
    const ready = await fetch(`${url}/readyz`, { signal })
    const date = Date.parse(ready.headers.get("date") ?? "")
    const skewMs = Number.isNaN(date) ? 0 : Math.abs(Date.now() - date)
    return [
      fine("server", `Causeway ${version} at ${url}`),
      ready.ok ? fine("database", "answers") : wrong("database", "does not answer", "look into the server's log"),
      skewMs < skewMaxMs
        ? fine("clock", "agrees with the server's to the minute")
        : wrong(
            "clock",
            `differs from the server's by ${Math.round(skewMs / 1000)} s`,
            "set both by NTP: signatures hold for 5 minutes",
          ),
    ]
  } catch (error) {
    return [
      wrong(
        "server",
        `${url} does not answer (${reasonOf(error)})`,
        "causeway dev starts one; another is named with --url or CAUSEWAY_URL",
      ),
    ]
  }
}

async function credentials(call: Call): Promise<Finding[]> {
  try {
    const { body } = await api(call, "GET", "/me")
    return [fine("token", `opens ${body.name}`)]
  } catch (error) {
    if (error instanceof Failure) return [wrong("token", error.message, error.fix)]
    throw error
  }
}

async function address(call: Call): Promise<Finding[]> {
  const uid = call.option("app") ?? call.settings.find("CAUSEWAY_APP_UID")
  if (uid === undefined) return []
  try {
    const { body } = await api(call, "GET", `/causeway/apps/${seg(uid)}`)
    const url = body.webhook_url
    try {
      const { status } = await fetch(url, { signal: AbortSignal.any([call.world.signal, AbortSignal.timeout(5000)]) })
      return [fine("channel", `${url} answers (${status} to an empty GET)`)]
    } catch (error) {
      return [
        wrong(
          "channel",
          `${url} does not answer (${reasonOf(error)})`,
          `start the channel's server, or causeway apps update ${uid} --webhook-url URL`,
        ),
      ]
    }
  } catch (error) {
    if (error instanceof Failure) return [wrong("channel", error.message, error.fix)]
    throw error
  }
}
