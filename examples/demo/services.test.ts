import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { expect, onTestFinished, test } from "vitest"
import { temporaryDir } from "../../test/database.ts"

const main = fileURLToPath(new URL("../../server/src/main.ts", import.meta.url))

interface Ready {
  url: string
  demo: { api_token: string; channel_id: string; app: object; channels: { id: string; name: string; page?: string }[] }
}

/** The whole demo as `npm start -- --demo` starts it. */
async function startDemo(dataDir: string): Promise<{ child: ChildProcess; ready: Ready }> {
  const child = spawn(process.execPath, [main, "--demo", "--json", "--port", "0", "--data", dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, DATABASE_URL: "", CAUSEWAY_LOG: "silent" },
  })
  onTestFinished(() => void child.kill("SIGKILL"))
  const [line] = await Promise.race([
    once(child.stdout as NodeJS.EventEmitter, "data"),
    once(child, "exit").then(([code]) => Promise.reject(new Error(`it ended with ${code}`))),
  ])
  return { child, ready: JSON.parse(String(line)) as Ready }
}

async function stop(child: ChildProcess): Promise<number | null> {
  const exit = once(child, "exit")
  child.kill("SIGTERM")
  return (await exit)[0]
}

// A whole start from nothing, database included.
const startTimeoutMs = 120_000

test(
  "the demo connects four channels, on each of them somebody writes or calls, and each that one can try has a page",
  async () => {
    const dataDir = await temporaryDir("demo")
    const { child, ready } = await startDemo(dataDir)
    const { url, demo } = ready
    expect(demo.channels.map(({ name }) => name)).toEqual(["Demo SMS", "Website chat", "Text messages", "Telephone"])
    expect(demo.channels[0]?.id).toBe(demo.channel_id)
    const pages = demo.channels.flatMap(({ page }) => page ?? [])
    expect(await Promise.all(pages.map(async (page) => (await fetch(page)).status))).toEqual([200, 200, 200])
    const headers = { authorization: `Bearer ${demo.api_token}` }
    const people = async (): Promise<string[]> => {
      const answer = await fetch(`${url}/conversations`, { headers })
      const { _results: found } = (await answer.json()) as { _results: { recipient: { handle: string } }[] }
      return found.map(({ recipient }) => recipient.handle)
    }
    // An imaginary customer, a visitor, who wrote a text message, and who called.
    const expected = ["+1 555 0100", expect.stringMatching(/^vis_/), "+15550102", "+15550101"]
    await expect.poll(people, { timeout: 60_000 }).toEqual(expect.arrayContaining(expected))
    expect(await stop(child)).toBe(0)
    if (process.env.CAUSEWAY_FULL !== "1") return

    const again = await startDemo(dataDir)
    const withoutPages = ({ channels, ...rest }: Ready["demo"]) => ({ ...rest, channels: channels.map(({ id }) => id) })
    expect(withoutPages(again.ready.demo)).toEqual(withoutPages(demo))
    expect(await stop(again.child)).toBe(0)
  },
  startTimeoutMs,
)
