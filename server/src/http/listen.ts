import type { AddressInfo } from "node:net"
import type { FastifyInstance } from "fastify"
import type { Config } from "../config.ts"
import { StartError } from "../start-error.ts"
import { closingIdle } from "./connections.ts"
import type { SecureFront } from "./secure.ts"

/** Takes no new connection, and ends when the last answer has left. */
export const closeServer = (app: FastifyInstance): Promise<void> =>
  closingIdle(app.server, async () => void (await app.close()))

/**
 * Where it then is, as a client on this machine would dial it: for everybody, and over plain HTTP for this process itself. With TLS in front nothing else is
 * reached from outside. Throws `StartError` when the port is taken.
 */
export async function listen(
  app: FastifyInstance,
  config: Pick<Config, "port" | "host">,
  front: SecureFront | null,
): Promise<{ url: string; localUrl: string }> {
  const plain = front === null ? config : { port: 0, host: "127.0.0.1" }
  await opened(config, app.listen({ port: plain.port, host: plain.host }))
  const { port } = app.server.address() as AddressInfo
  const localUrl = `http://${dialable(plain.host)}:${port}`
  if (front === null) return { url: localUrl, localUrl }
  const securePort = await opened(config, front.listen({ host: config.host, port: config.port }))
  return { url: `https://${dialable(config.host)}:${securePort}`, localUrl }
}

async function opened<T>(config: Pick<Config, "port" | "host">, opening: Promise<T>): Promise<T> {
  try {
    return await opening
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error
    throw new StartError(
      `Port ${config.port} on ${config.host} is in use.`,
      `Stop what listens there, or choose another: npm start -- --port ${config.port + 1}`,
    )
  }
}

/** "Every address" is none that a client could dial. */
function dialable(host: string): string {
  const one = host.replace(/^0\.0\.0\.0$/, "127.0.0.1").replace(/^::$/, "::1")
  return one.includes(":") ? `[${one}]` : one
}
