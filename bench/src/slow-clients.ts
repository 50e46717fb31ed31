import { once } from "node:events"
import { connect, type Socket } from "node:net"

/**
 * A crowd of slow clients in a process of its own: `slow-clients.ts KIND URL PATH TOKEN COUNT`. Each sends a byte a second of whatever it is slow at, and none
 * ever finishes; tells its parent when all are connected, and answers how many the server has let go since.
 */
const kinds = {
  /** A request whose head does not end. */
  heads: (path: string) => `POST ${path} HTTP/1.1\r\nhost: x\r\nx-slow: `,
  /** A JSON body that comes byte by byte. */
  bodies: (path: string, token: string) => headOf(path, token, "application/json", 100_000),
  /** A file that is being uploaded. */
  uploads: (path: string, token: string) =>
    `${headOf(path, token, "multipart/form-data; boundary=slow", 20_000_000)}--slow\r\ncontent-disposition: form-data; name="attachments"; filename="a"\r\n\r\n`,
  /** An answer that nobody reads: the largest that anybody gets. */
  readers: () => "GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(4),
}
export type SlowKind = keyof typeof kinds

const headOf = (path: string, token: string, type: string, length: number): string =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n\r\n`

const [kind = "heads", url = "", path = "", token = "", count = "0"] = process.argv.slice(2)
const { hostname, port } = new URL(url)
const begin = kinds[kind as SlowKind](path, token)
/** So many connect at once. */
const connectingMax = 50

let gone = 0
const crowd: Socket[] = []
async function join(): Promise<void> {
  while (crowd.length < Number(count)) {
    const socket = connect(Number(port), hostname)
    crowd.push(socket)
    socket.on("error", () => {}) // closed by the server, which is counted
    socket.on("close", () => {
      gone++
    })
    if (kind === "readers") socket.pause()
    await once(socket, "connect")
    socket.write(begin)
  }
}

process.on("message", () => process.send?.({ answer: gone }))
process.on("disconnect", () => process.exit(0))
await Promise.all(Array.from({ length: connectingMax }, join))
if (kind !== "readers")
  setInterval(() => {
    for (const socket of crowd) if (socket.writable) socket.write("a")
  }, 1_000)
process.send?.({ ready: true })
