import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { rm } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

export interface Served {
  url: string
  setupCode: string
  dataDir: string
  stop(): Promise<void>
}

/** Starts `serve.ts` in a mode and waits until it listens. Its data goes when it stops. */
export async function serve(mode: string, flags: string[] = []): Promise<Served> {
  const child: ChildProcess = spawn(
    process.execPath,
    [fileURLToPath(new URL("serve.ts", import.meta.url)), mode, ...flags],
    {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, CAUSEWAY_LOG: process.env.CAUSEWAY_LOG ?? "silent", DATABASE_URL: "" },
    },
  )
  const [line] = (await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), "line")) as [string]
  const said = JSON.parse(line) as Omit<Served, "stop">
  return {
    ...said,
    async stop() {
      child.kill("SIGTERM")
      await once(child, "exit")
      await rm(said.dataDir, { recursive: true, force: true })
    },
  }
}

/** A partner that answers everything at once. */
export async function openSink(): Promise<{ url: string; close(): void; received(): number }> {
  let received = 0
  const server = createServer((request, response) => {
    request.resume()
    request.on("end", () => {
      received++
      response.setHeader("content-type", "application/json").end('{"type":"success"}')
    })
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => server.close(),
    received: () => received,
  }
}
