import { type IncomingMessage, request } from "node:http"
import { nowMs } from "./load.ts"

/**
 * Browsers that listen, in a process of their own: `browsers.ts URL STREAMS COOKIE…` opens so many streams, the cookies in turn, and tells its parent when all
 * are open. Each message in which `bench.<run>.<n>` first stands is told of once every stream has heard it: see `Heard`.
 */
export interface Heard {
  n: number
  /** When each stream heard it, by `nowMs`, ascending. */
  at: number[]
  /** The event's bytes. */
  bytes: number
}

const [url = "", streams = "0", ...cookies] = process.argv.slice(2)
const count = Number(streams)
/** So many connect at once. */
const connectingMax = 20

const heard = new Map<number, Heard>()

function hear(event: string, last: { n: number }): void {
  const n = Number(/bench\.\w+\.(\d+)/.exec(event)?.[1] ?? -1)
  if (n <= last.n) return
  last.n = n
  const found = heard.get(n) ?? { n, at: [], bytes: event.length + 2 }
  heard.set(n, found)
  found.at.push(nowMs())
  if (found.at.length < count) return
  heard.delete(n)
  process.send?.({ heard: found })
}

function listen(cookie: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { headers: { cookie, accept: "text/event-stream" } }, (response: IncomingMessage) => {
      if (response.statusCode !== 200) return reject(new Error(`GET ${url} answered ${response.statusCode}`))
      const last = { n: -1 }
      let open = ""
      response.setEncoding("utf8").on("data", (piece: string) => {
        resolve()
        const events = (open + piece).split("\n\n")
        open = events.pop() ?? ""
        for (const event of events) hear(event, last)
      })
      response.on("close", () => process.exit(1)) // the server ends no stream while it is measured
    })
    asking.on("error", reject).end()
  })
}

process.on("disconnect", () => process.exit(0))
let next = 0
async function connect(): Promise<void> {
  while (next < count) await listen(cookies[next++ % cookies.length] ?? "")
}
await Promise.all(Array.from({ length: connectingMax }, connect))
process.send?.({ ready: true })
