import { type ChildProcess, execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdir, readFile } from "node:fs/promises"
import { createServer } from "node:net"
import { join } from "node:path"
import { afterAll, expect, test, vi } from "vitest"
import { freshDatabase, temporaryDir } from "./database.ts"
import { root } from "./source-tree.ts"

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 })

interface Step {
  command: string
  /** It goes on running in a terminal of its own. */
  isOwnTerminal: boolean
}

const running: ChildProcess[] = []
afterAll(async () => {
  for (const child of running.reverse()) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    const ended = once(child, "exit")
    if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM")
    await ended
  }
})

async function readSteps(): Promise<Step[]> {
  const text = await readFile(join(root, "docs/first-channel.md"), "utf8")
  const blocks = [...text.matchAll(/^```sh( terminal=\w+)?\n([\s\S]*?)^```$/gm)]
  return blocks.flatMap(([, terminal, lines = ""]) =>
    lines
      .trim()
      .split("\n")
      .map((command) => ({ command, isOwnTerminal: terminal !== undefined })),
  )
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A newcomer at a keyboard: what the guide says, word for word, but for the two ports, which may be taken on this machine, and where Causeway is. */
async function sitDown() {
  const folder = await temporaryDir("newcomer")
  await mkdir(join(folder, "home"))
  await mkdir(join(folder, "empty"))
  const [platformPort, channelPort] = [await freePort(), await freePort()]
  const { CAUSEWAY_LOG: _log, ...inherited } = process.env
  const env = {
    ...inherited,
    HOME: join(folder, "home"),
    DATABASE_URL: await freshDatabase(),
    PORT: String(channelPort),
    npm_config_offline: "true",
    npm_config_audit: "false",
    npm_config_fund: "false",
    npm_config_update_notifier: "false",
  }
  let cwd = join(folder, "empty")
  const literally = (command: string): string =>
    command
      .replaceAll("~/causeway", root)
      .replaceAll("localhost:3000", `localhost:${channelPort}`)
      .replace(/ dev$/, ` dev --port ${platformPort} --data ${join(folder, "data")}`)
  return {
    async run(command: string): Promise<string> {
      const moves = /^cd (\S+)$/.exec(command)?.[1]
      if (moves !== undefined) {
        cwd = join(cwd, moves)
        return ""
      }
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      execFile("sh", ["-c", literally(command)], { cwd, env }, (error, stdout, stderr) =>
        error === null ? resolve(stdout) : reject(new Error(`${command}: ${stdout}${stderr}`)),
      )
      return await promise
    },
    /** Resolves when it has said `ready`; what it says from then on is added to the answer's text. */
    async begin(command: string, ready: RegExp): Promise<{ text: string }> {
      const child = spawn("sh", ["-c", `exec ${literally(command)}`], {
        cwd,
        env,
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      })
      running.push(child)
      const said = { text: "" }
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (piece: Buffer) => {
          said.text += piece
          if (ready.test(said.text)) resolve()
        })
      child.once("exit", (code) => reject(new Error(`${command} ended with ${code}: ${said.text}`)))
      await promise
      return said
    },
  }
}

test("a newcomer who follows the first guide word for word has a channel that passes every check, in twelve commands at most", async () => {
  const steps = await readSteps()
  expect(steps.length).toBeLessThanOrEqual(12)
  const begun = performance.now()
  const newcomer = await sitDown()
  const answers: Record<string, string> = {}
  let channel = { text: "" }
  for (const { command, isOwnTerminal } of steps) {
    if (isOwnTerminal) channel = await newcomer.begin(command, /Inbox {2,}http|Listening on/)
    else answers[command] = await newcomer.run(command)
  }
  const of = (word: string) => Object.entries(answers).find(([command]) => command.includes(word))?.[1]
  expect(of("messages reply")).toMatch(/state +sent/)
  expect(channel.text).toContain("→ +15550100: It ships today.")
  expect(of("npm test")).toMatch(/pass 3\n[\s\S]*fail 0/)
  expect(of("causeway check")).toMatch(/^\d\d checks: \d\d passed, 0 failed/m)
  const seconds = (performance.now() - begun) / 1000
  process.stderr.write(`first channel: ${steps.length} commands, ${seconds.toFixed(1)} s\n`)
  expect(seconds).toBeLessThan(15 * 60)
})
