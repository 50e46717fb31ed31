import type { AddressInfo } from "node:net"
import type { FastifyInstance } from "fastify"
import type { Config } from "../config.ts"
import { StartError } from "../start-error.ts"

const idleLookMs = 50

/**
 * Takes no new connection, and ends when the last answer has left. Node closes connections that are idle at that moment only: one whose client has its
 * answer a moment before the server knows would be kept alive for a minute.
 */
export async function closeServer(app: FastifyInstance): Promise<void> {
  const timer = setInterval(() => app.server.closeIdleConnections(), idleLookMs)
  try {
    await app.close()
  } finally {
    clearInterval(timer)
  }
}

/** Where it then is, as a client on this machine would dial it. Throws `StartError` when the port is taken. */
export async function listen(app: FastifyInstance, config: Pick<Config, "port" | "host">): Promise<string> {
  try {
    await app.listen({ port: config.port, host: config.host })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error
    throw new StartError(
      `Port ${config.port} on ${config.host} is in use.`,
      `Stop what listens there, or choose another: npm start -- --port ${config.port + 1}`,
    )
  }
  const { port } = app.server.address() as AddressInfo
  // "Every address" is none that a client could dial.
  const host = config.host.replace(/^0\.0\.0\.0$/, "127.0.0.1").replace(/^::$/, "::1")
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`
}
