import { createServer, type RequestListener, type Server } from "node:http"
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from "node:net"
import { createDialer, type Dialer, type DialerOptions } from "./dialer.ts"
import { createNames, type NameServer } from "./names.ts"
import type { Report } from "./outcome.ts"

const open: (() => Promise<unknown> | unknown)[] = []

/** Closes every server and dialer that was opened; for `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const close of open.splice(0)) await close()
}

export async function listening(server: Server | TcpServer): Promise<number> {
  const sockets = new Set<Socket>()
  server.on("connection", (socket: Socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  open.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

export const httpServer = (listener: RequestListener) => listening(createServer(listener))
export const rawServer = (onSocket: (socket: Socket) => void) =>
  listening(createTcpServer((socket) => onSocket(socket.on("error", () => {}))))

/** Knows these names; a name of "slow" kind is never answered. */
export function nameServer(known: Record<string, string[] | "slow" | string>): NameServer {
  const answer = async (name: string, isFour: boolean) => {
    const entry = known[name] ?? "ENOTFOUND"
    if (entry === "slow") return await new Promise<never>(() => {})
    if (typeof entry === "string") throw Object.assign(new Error(entry), { code: entry })
    const addresses = entry.filter((address) => address.includes(":") !== isFour)
    if (addresses.length === 0) throw Object.assign(new Error("ENODATA"), { code: "ENODATA" })
    return addresses.map((address) => ({ address, ttl: 60 }))
  }
  return { resolve4: (name) => answer(name, true), resolve6: (name) => answer(name, false) }
}

export function dialerWith(options: DialerOptions = {}): Dialer {
  const dialer = createDialer({ allowLoopback: true, ...options })
  open.push(() => dialer.close())
  return dialer
}
export const knowing = (known: Record<string, string[] | string>) => ({
  names: createNames({ nameServer: nameServer(known), limitMs: 100 }),
})

export const post = (url: string, body = "{}") => ({
  url,
  method: "POST",
  headers: { "content-type": "application/json" },
  body,
})
export const send = (url: string, options?: DialerOptions, limitMs = 5_000): Promise<Report> =>
  dialerWith(options).start(post(url), { limitMs }).report
