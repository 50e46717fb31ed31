import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

/** What the engine's story sends. */
export interface Webhook {
  type: string
  conversation: number
  delivery: number
}
export type Answering = (webhook: Webhook, response: ServerResponse) => void

/** A partner's server: what it received, and how it answers from now on. */
export interface ScriptedPartner {
  url: string
  received: Webhook[]
  answering: Answering
  /** Most requests that were being answered at once. */
  mostAtOnce: number
  /** Nobody listens any more; whoever connects is refused. */
  goAway(): Promise<void>
  /** Listens again, at the same address. */
  comeBack(): Promise<void>
  close(): void
}

export async function scriptedPartner(answering: Answering): Promise<ScriptedPartner> {
  let atOnce = 0
  const server = createServer(async (request: IncomingMessage, response) => {
    one.mostAtOnce = Math.max(one.mostAtOnce, ++atOnce)
    response.once("close", () => atOnce--)
    let body = ""
    for await (const piece of request) body += piece
    const webhook = JSON.parse(body) as Webhook
    one.received.push(webhook)
    one.answering(webhook, response)
  })
  const listen = (port: number) => new Promise<void>((done) => server.listen(port, "127.0.0.1", done))
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  const one: ScriptedPartner = {
    url: "",
    received: [],
    answering,
    mostAtOnce: 0,
    goAway: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
    comeBack: () => listen(Number(new URL(one.url).port)),
    close,
  }
  await listen(0)
  one.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return one
}

export const says =
  (status: number, body: object, headers: Record<string, string> = {}): Answering =>
  (_webhook, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body))
  }
export const success = says(200, { type: "success", external_id: "e1", external_conversation_id: "c1" })
export const silence: Answering = () => {}
/** Breaks the connection off without a word. */
export const hangsUp: Answering = (_webhook, response) => void response.socket?.resetAndDestroy()
