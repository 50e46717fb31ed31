import { spawn } from "node:child_process"
import { api, seg } from "./api.ts"
import type { Call } from "./command.ts"
import { Failure } from "./failure.ts"

/** What the keys act on. */
export interface Demo {
  /** The inbox, for people. */
  url: string
  channelId: string
}

const said = "Press  o open · s send a test message · l follow the log · q quit\n"
const handle = "+15550100"

/** Does what is pressed until the signal ends; q calls `quit`. Nothing where there is no keyboard. `call` holds the demo's own token. */
export async function answerKeys(call: Call, demo: Demo, quit: () => void): Promise<void> {
  const { signal } = call.world
  const keys = call.world.keys(signal)
  if (keys === null || call.json) return
  call.say(said)
  const log = createFollower(call)
  let sent = 0
  for await (const key of keys) {
    if (key === "q") {
      log.stop()
      return quit()
    }
    if (key === "o") openInBrowser(call, demo.url)
    else if (key === "l") log.toggle()
    else if (key === "s") await told(call, () => write(call, demo.channelId, ++sent))
    else call.say(said)
  }
}

async function write(call: Call, channelId: string, number: number): Promise<void> {
  const text = `Test message ${number}`
  await api(call, "POST", `/channels/${seg(channelId)}/inbound_messages`, {
    body: {
      sender: { handle, name: "Test customer" },
      body: text,
      metadata: { external_id: `dev-${process.pid}-${Date.now()}-${number}`, external_conversation_id: handle },
    },
  })
  call.say(`sent "${text}" as ${handle}\n`)
}

/** A key that fails says why; the server goes on. */
async function told(call: Call, act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    call.say(`error: ${error.message}\nFix: ${error.fix}\n`)
  }
}

/** The log as `causeway log tail` shows it, on and off. */
function createFollower(call: Call): { toggle(): void; stop(): void } {
  let following: AbortController | null = null
  return {
    stop: () => following?.abort(),
    toggle() {
      if (following !== null) {
        following.abort()
        following = null
        call.say("the log is not followed any more\n")
        return
      }
      const own = new AbortController()
      following = own
      call.say("following the log; l ends it\n")
      const signal = AbortSignal.any([call.world.signal, own.signal])
      const follow = async () => {
        const { tail } = await import("./commands/log.ts")
        await tail.run({ ...call, world: { ...call.world, signal } })
      }
      follow().catch((error: unknown) => {
        if (signal.aborted) return
        following = null
        call.say(`error: ${(error as Error).message}\n`)
      })
    },
  }
}

const openers: Partial<Record<NodeJS.Platform, string>> = { darwin: "open", win32: "explorer" }

/** BROWSER says which; without one that works, the address is said. */
function openInBrowser(call: Call, url: string): void {
  const browser = call.world.env.BROWSER || (openers[process.platform] ?? "xdg-open")
  const child = spawn(browser, [url], { stdio: "ignore", detached: true })
  child.on("error", () => call.say(`no browser could be started: open ${url}\n`))
  child.on("spawn", () => call.say(`opening ${url}\n`))
  child.unref()
}
