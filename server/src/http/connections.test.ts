import { createServer } from "node:http"
import { type AddressInfo, connect, type Socket } from "node:net"
import { afterAll, expect, test } from "vitest"
import { boundConnections } from "./connections.ts"

const server = createServer((_request, response) => response.end("ok"))
boundConnections(server, 32)
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
const { port } = server.address() as AddressInfo
const open = new Set<Socket>()
afterAll(() => {
  for (const socket of open) socket.destroy()
  server.close()
})

/** One request on a connection that is kept; null when the connection was closed instead. */
const ask = (): Promise<string | null> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n"))
    open.add(socket)
    socket.once("data", (piece) => resolve(piece.toString().slice(0, 15)))
    socket.once("close", () => resolve(null))
    socket.on("error", () => {})
  })

test("connections that rest make room for new ones once there are too many", async () => {
  for (let i = 0; i < 16; i++) expect(await ask()).toBe("HTTP/1.1 200 OK")
  expect(await ask()).toBeNull()
  await expect.poll(ask).toBe("HTTP/1.1 200 OK")
})
