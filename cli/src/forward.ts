import { request as httpRequest } from "node:http"
import { request as httpsRequest } from "node:https"

/** What a server on this machine said to a webhook, in the form in which it is handed back. */
export type Said =
  | { status: number; headers: Record<string, string>; body: string }
  | { fault: "connection_refused" | "connection_reset" | "timeout" }

/** The platform hears an answer until then. */
const heardMs = 30_000
const bodyBytesMax = 60 * 1024

/** Posts a webhook byte for byte as it was signed. Never rejects: what goes wrong is told as a fault. */
export function forward(
  to: URL,
  webhook: { method: string; headers: Record<string, string>; body: string },
): Promise<Said> {
  const { promise, resolve } = Promise.withResolvers<Said>()
  const body = Buffer.from(webhook.body)
  const send = to.protocol === "https:" ? httpsRequest : httpRequest
  const request = send(to, {
    method: webhook.method,
    headers: { ...webhook.headers, "content-length": body.length },
    agent: false, // a connection of its own, as the platform's
  })
  const timer = setTimeout(() => {
    resolve({ fault: "timeout" })
    request.destroy()
  }, heardMs)
  request.on("error", (error: NodeJS.ErrnoException) =>
    resolve({ fault: error.code === "ECONNREFUSED" ? "connection_refused" : "connection_reset" }),
  )
  request.on("response", (response) => {
    const pieces: Buffer[] = []
    let bytes = 0
    response.on("data", (piece: Buffer) => {
      if (bytes < bodyBytesMax) pieces.push(piece)
      bytes += piece.length
    })
    response.on("error", () => resolve({ fault: "connection_reset" }))
    response.on("end", () => {
      const headers = Object.entries(response.headers).map(([name, value]) => [name, [value ?? ""].flat().join(", ")])
      const text = new TextDecoder().decode(Buffer.concat(pieces).subarray(0, bodyBytesMax))
      resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(headers), body: text })
    })
  })
  request.end(body)
  return promise.finally(() => clearTimeout(timer))
}
