import { type AddressInfo, connect, type Socket } from "node:net"
import { afterAll, expect, test } from "vitest"
import { createLog } from "../log.ts"
import { createHttpServer } from "./server.ts"

const mega = 1_000_000
const app = createHttpServer(createLog("silent"), {}, { charsMax: 20 * mega, perConnectionMax: 8 * mega })
app.get("/large", async () => "x".repeat(4 * mega))
app.get("/small", async () => "x")
await app.listen({ port: 0, host: "127.0.0.1" })
const { port } = app.server.address() as AddressInfo
const crowd = new Set<Socket>()
afterAll(async () => {
  for (const socket of crowd) socket.destroy()
  await app.close()
})

/** Asks for large answers and reads nothing of them. */
function join(requests: number): Socket {
  const socket = connect(port, "127.0.0.1", () =>
    socket.write("GET /large HTTP/1.1\r\nhost: x\r\n\r\n".repeat(requests)),
  )
  socket.pause()
  socket.on("error", () => {}) // it is closed under us
  crowd.add(socket)
  return socket
}

const connections = (): Promise<number> =>
  new Promise((resolve, reject) =>
    app.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  )

const lengthOf = async (path: string): Promise<number> =>
  (await (await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: "close" } })).text()).length

test("clients that read nothing are let go, those that began first before others, and who reads gets the whole of a large answer", async () => {
  for (let n = 0; n < 12; n++) join(1)
  // 4 MB each, 20 MB in all: five of them may wait.
  await expect.poll(connections).toBe(5)
  expect(await lengthOf("/large")).toBe(4 * mega)
  expect(await lengthOf("/small")).toBe(1)
})

test("one connection that asks and asks is closed", async () => {
  for (const socket of crowd) socket.destroy()
  crowd.clear()
  await expect.poll(connections).toBe(0)
  const greedy = join(4)
  await new Promise((resolve) => greedy.resume().once("close", resolve))
  // It took what had been written when the connection was closed: not the four that it asked for.
  expect(greedy.bytesRead).toBeLessThan(16 * mega)
  expect(await lengthOf("/large")).toBe(4 * mega)
})
