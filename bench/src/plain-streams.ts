import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

/** The least that fan-out can cost: GET opens a stream, and what is posted is written to all of them before it is answered. */
const streams = new Set<ServerResponse>()

const server = createServer((request, response) => {
  if (request.method === "GET") {
    streams.add(response.writeHead(200, { "content-type": "text/event-stream" }))
    response.write(": open\n\n")
    return
  }
  const pieces: Buffer[] = []
  request.on("data", (piece) => pieces.push(piece))
  request.on("end", () => {
    const body = Buffer.concat(pieces)
    for (const stream of streams) stream.write(body)
    response.writeHead(202).end()
  })
})
process.on("disconnect", () => process.exit(0))
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
