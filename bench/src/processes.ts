import { type ChildProcess, fork, spawn } from "node:child_process"
import { once } from "node:events"
import { rmSync } from "node:fs"
import { mkdtemp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { killAll, processesOn } from "./harness/server-process.ts"

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

export interface Served {
  url: string
  /** Null once somebody is set up. */
  setupCode: string | null
  dataDir: string
  pid: number
  stop(): Promise<void>
}

/** A folder for what a benchmark keeps: it goes, with every process that works on it, at `remove` or when this process ends. */
export async function ownFolder(): Promise<{ folder: string; remove(): void }> {
  const folder = await mkdtemp(join(tmpdir(), "causeway-bench-"))
  const clear = () => {
    killAll(processesOn(folder))
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  process.once("exit", clear)
  const remove = () => {
    process.off("exit", clear)
    clear()
  }
  return { folder, remove }
}

/** Starts `serve.ts` in a mode and waits until it listens. Its data goes when it stops, unless it lies in a `dataDir` of the caller's. */
export async function serve(mode: string, flags: string[] = [], dataDir?: string): Promise<Served> {
  const own = dataDir === undefined ? await ownFolder() : null
  const child: ChildProcess = spawn(
    process.execPath,
    [path("serve.ts"), mode, dataDir ?? (own?.folder as string), ...flags],
    {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, CAUSEWAY_LOG: process.env.CAUSEWAY_LOG ?? "silent", DATABASE_URL: "" },
    },
  )
  const said = await Promise.race([
    once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), "line"),
    once(child, "exit").then(([code]) => {
      throw new Error(`the server ended with code ${code} before it listened`)
    }),
  ])
  return {
    ...(JSON.parse(said[0] as string) as Omit<Served, "stop" | "pid">),
    pid: child.pid as number,
    async stop() {
      child.kill("SIGTERM")
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit")
      own?.remove()
    },
  }
}

/** A program of this folder as a process of its own, which talks in messages. `closed` kills it. */
export interface Helper {
  /** What it said first. */
  // biome-ignore lint/suspicious/noExplicitAny: each program says what it has to
  ready: any
  /** Sends an order and resolves to its answer; one at a time. */
  ask<T>(order: object): Promise<T>
  /** Everything it says that is no answer. */
  onNews(listener: (news: Record<string, number>) => void): void
  close(): Promise<void>
}

export async function openHelper(program: string, args: string[] = []): Promise<Helper> {
  const child = fork(path(program), args, { stdio: ["ignore", "ignore", "inherit", "ipc"] })
  const [ready] = await Promise.race([
    once(child, "message"),
    once(child, "exit").then(([code]) => {
      throw new Error(`${program} ended with code ${code} before it was ready`)
    }),
  ])
  return {
    ready,
    ask: <T>(order: object): Promise<T> =>
      new Promise((resolve) => {
        child.on("message", function hear(message: { answer?: T }) {
          if (!("answer" in message)) return
          child.off("message", hear)
          resolve(message.answer as T)
        })
        child.send(order)
      }),
    onNews: (listener) =>
      void child.on("message", (message: Record<string, number>) => {
        if (!("answer" in message)) listener(message)
      }),
    async close() {
      const ended = once(child, "exit")
      child.kill("SIGKILL")
      await ended
    },
  }
}

/** A webhook that reached the partner: the parts of its key (`bench.<key>.<n>`), and when, by `nowMs`. */
export interface Arrival {
  key: string
  n: number
  at: number
}

/** A partner in a process of its own that answers everything at once. */
export interface Partner {
  url: string
  /** How many webhooks with a key have come, as of some milliseconds ago. */
  count(): number
  /** Resolves at the next news of `count`. */
  moved(): Promise<unknown>
  /** All that have come since the last `take`, in the order of their coming. */
  take(): Promise<Arrival[]>
  /** The bytes and headers of the last one with a key. */
  sample(): Promise<{ headers: Record<string, string>; body: string }>
  close(): Promise<void>
}

export async function openPartner(): Promise<Partner> {
  const { ready, ask, onNews, close } = await openHelper("partner.ts")
  let count = 0
  let waiting = Promise.withResolvers<void>()
  onNews((news) => {
    count = news.count ?? count
    waiting.resolve()
    waiting = Promise.withResolvers()
  })
  return {
    url: ready.url,
    count: () => count,
    moved: () => waiting.promise,
    take: () => ask<Arrival[]>({ take: true }),
    sample: () => ask({ sample: true }),
    close,
  }
}
