import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { nowMs } from "./load.ts"
import type { Arrival } from "./processes.ts"

/** A partner under load: it takes every webhook, notes when those of a benchmark came, and tells its parent how many. See `openPartner`. */
const everyMs = 5
let arrivals: Arrival[] = []
let count = 0
let told = 0

const server = createServer((request, response) => {
  const at = nowMs()
  const pieces: Buffer[] = []
  request.on("data", (piece) => pieces.push(piece))
  request.on("end", () => {
    const key = /bench\.(\w+)\.(\d+)/.exec(Buffer.concat(pieces).toString())
    if (key !== null) {
      arrivals.push({ key: key[1] as string, n: Number(key[2]), at })
      count++
    }
    response.setHeader("content-type", "application/json").end('{"type":"success"}')
  })
})
server.keepAliveTimeout = 60_000

const listen = (port: number): Promise<void> => new Promise((resolve) => server.listen(port, "127.0.0.1", resolve))

process.on("message", async (order: { take?: true; listen?: boolean }) => {
  if (order.take) {
    process.send?.({ answer: arrivals })
    arrivals = []
    return
  }
  if (order.listen) await listen(port)
  else {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  process.send?.({ answer: true })
})
process.on("disconnect", () => process.exit(0))

await listen(0)
const { port } = server.address() as AddressInfo
process.send?.({ url: `http://127.0.0.1:${port}/` })
setInterval(() => {
  if (count === told) return
  told = count
  process.send?.({ count })
}, everyMs)
