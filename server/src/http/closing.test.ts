import { once } from "node:events"
import { connect } from "node:net"
import { expect, test } from "vitest"
import { createLog } from "../log.ts"
import { createHttpServer } from "./server.ts"

test("while the server stops, what is under way is answered, and what comes after it is told when to come back", async () => {
  const app = createHttpServer(createLog("silent"))
  const begun = Promise.withResolvers<void>()
  const end = Promise.withResolvers<void>()
  app.get("/slow", async () => {
    begun.resolve()
    await end.promise
    return { answered: true }
  })
  await app.listen({ port: 0, host: "127.0.0.1" })
  const socket = connect((app.server.address() as { port: number }).port, "127.0.0.1")
  let text = ""
  socket.on("data", (piece) => {
    text += piece
  })
  const request = "GET /slow HTTP/1.1\r\nhost: a\r\n\r\n"
  socket.write(request)
  await begun.promise
  const closing = app.close()
  await expect.poll(() => app.server.listening).toBe(false)
  socket.write(request)
  const arrived = once(app.server, "request")
  await arrived
  end.resolve()
  await closing
  await expect.poll(() => text.match(/HTTP\/1.1 \d+/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 503"])
  expect(text.toLowerCase()).toContain("retry-after: 1")
  socket.destroy()
})
