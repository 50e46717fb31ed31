import { fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"

/**
 * What a partner does with a webhook. `drip` sends a byte a second, `headers` and `body` never end, `bomb` is a small gzip of much text, `cut` breaks off
 * in the status line, `reset` and `close` end the connection once the request is read. Numbers are statuses.
 */
export type Behaviour =
  | "accept"
  | "hang"
  | "drip"
  | "headers"
  | "body"
  | "bomb"
  | "cut"
  | "reset"
  | "close"
  /** Seeded, per request: mostly well, now and then each of the quick misfortunes. */
  | "mixed"
  | { status: number; headers?: Record<string, string> }

export interface Order {
  partner: number | "all"
  behaviour: Behaviour
  /** Milliseconds before each answer. Default 0. */
  delayMs?: number
}

/** Partners in a process of their own: whatever happens to the server, what they saw stays in their ledger. */
export interface Sink {
  urls: string[]
  /** Holds for every request that comes after it resolved. */
  order(order: Order): Promise<void>
  close(): Promise<void>
}

export async function openSink(options: { ledger: string; partners: number; seed: number }): Promise<Sink> {
  const child = fork(
    fileURLToPath(new URL("sink-process.ts", import.meta.url)),
    [options.ledger, String(options.partners), String(options.seed)],
    { stdio: ["ignore", "ignore", "inherit", "ipc"] },
  )
  const [urls] = (await once(child, "message")) as [string[]]
  return {
    urls,
    async order(order) {
      child.send(order)
      await once(child, "message")
    },
    async close() {
      const ended = once(child, "exit")
      child.kill("SIGKILL")
      await ended
    },
  }
}
