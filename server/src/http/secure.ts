import { readFile, stat } from "node:fs/promises"
import { createServer, type Server } from "node:https"
import type { AddressInfo } from "node:net"
import { createSecureContext } from "node:tls"
import type { FastifyInstance } from "fastify"
import type { TlsFiles } from "../config-people.ts"
import type { Log } from "../log.ts"
import { StartError } from "../start-error.ts"
import { boundConnections, closingIdle } from "./connections.ts"

/** A certificate is renewed every few weeks, by a program of its own: its files are looked at this often. */
const lookMs = 60_000
const handshakeMs = 10_000

/** TLS 1.3 and, for those who lack it, 1.2 with forward secrecy and authenticated encryption. Source: Mozilla, Server Side TLS 5.7, intermediate, without DHE. */
const protocol = {
  minVersion: "TLSv1.2",
  honorCipherOrder: true,
  ciphers: [
    ...["TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"],
    ...["ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384"],
    ...["ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305"],
    ...["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256"],
  ].join(":"),
} as const

/** TLS in front of the routes of `app`, which answers on plain HTTP to this machine alone. */
export interface SecureFront {
  /** Opens the port; answers it. */
  listen(at: { host: string; port: number }): Promise<number>
  /** Takes the certificate anew if its files have changed. One that cannot be used leaves the one before it in place, and is logged. */
  renew(): Promise<void>
  /** Takes no new connection, and ends when the last answer has left. */
  close(): Promise<void>
}

/** Throws `StartError` for files that cannot be read or do not belong together. */
export async function createSecureFront(app: FastifyInstance, files: TlsFiles, log: Log): Promise<SecureFront> {
  let stamp = await stampOf(files)
  const server = createServer(
    { ...protocol, ...(await contextOf(files)), handshakeTimeout: handshakeMs },
    (request, response) => app.routing(request, response),
  )
  server.on("checkExpectation", app.routing)
  likePlain(server, app)
  // Who speaks no TLS, or breaks off, is heard on the socket alone.
  server.on("tlsClientError", (_error, socket) => socket.destroy())

  async function renew(): Promise<void> {
    try {
      const now = await stampOf(files)
      if (now === stamp) return
      server.setSecureContext({ ...protocol, ...(await contextOf(files)) })
      stamp = now
      log.info({ certificate: files.certificate }, "tls.renewed")
    } catch (error) {
      log.error({ err: error }, "tls.not_renewed")
    }
  }
  const timer = setInterval(() => void renew(), lookMs)
  timer.unref()
  return {
    renew,
    listen: (at) =>
      new Promise((resolve, reject) => {
        server.once("error", reject)
        server.listen(at, () => resolve((server.address() as AddressInfo).port))
      }),
    async close() {
      clearInterval(timer)
      if (!server.listening) return
      await closingIdle(server, () => new Promise<void>((resolve) => server.close(() => resolve())))
    },
  }
}

/** The same patience and the same bounds as where nothing is in front. */
function likePlain(server: Server, app: FastifyInstance): void {
  server.requestTimeout = app.server.requestTimeout
  server.headersTimeout = app.server.headersTimeout
  server.keepAliveTimeout = app.server.keepAliveTimeout
  server.setTimeout(app.server.timeout)
  boundConnections(server)
}

async function contextOf({ certificate, key }: TlsFiles): Promise<{ cert: Buffer; key: Buffer }> {
  try {
    const context = { cert: await readFile(certificate), key: await readFile(key) }
    createSecureContext(context)
    return context
  } catch (error) {
    throw new StartError(
      `CAUSEWAY_TLS_CERT and CAUSEWAY_TLS_KEY cannot be used: ${(error as Error).message}.`,
      "Both are files in PEM form: the certificate with its chain, and the key that belongs to it.",
      { cause: error },
    )
  }
}

/** Other bytes have another one. */
async function stampOf({ certificate, key }: TlsFiles): Promise<string> {
  const found = await Promise.all([certificate, key].map((path) => stat(path).catch(() => null)))
  return found.map((one) => `${one?.mtimeMs} ${one?.size} ${one?.ino}`).join(" ")
}
