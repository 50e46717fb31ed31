import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { nowMs } from "./load.ts"
import type { Arrival, Partner } from "./processes.ts"

/** A partner under load: it takes every webhook, notes when those of a benchmark came, and tells its parent how many. See `openPartner`. */
const everyMs = 5
let arrivals: Arrival[] = []
let count = 0
let told = 0
let sample: Awaited<ReturnType<Partner["sample"]>> | null = null

const server = createServer((request, response) => {
  const at = nowMs()
  const pieces: Buffer[] = []
  request.on("data", (piece) => pieces.push(piece))
  request.on("end", () => {
    const body = Buffer.concat(pieces).toString()
    const key = /bench\.(\w+)\.(\d+)/.exec(body)
    if (key !== null) {
      arrivals.push({ key: key[1] as string, n: Number(key[2]), at })
      count++
      sample = { headers: request.headers as Record<string, string>, body }
    }
    response.setHeader("content-type", "application/json").end('{"type":"success"}')
  })
})
server.keepAliveTimeout = 60_000

process.on("message", (order: { take?: true; sample?: true }) => {
  if (order.sample) return void process.send?.({ answer: sample })
  process.send?.({ answer: arrivals })
  arrivals = []
})
process.on("disconnect", () => process.exit(0))

await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` })
setInterval(() => {
  if (count === told) return
  told = count
  process.send?.({ count })
}, everyMs)
