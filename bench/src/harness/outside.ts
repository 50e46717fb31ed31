import { join } from "node:path"
import { startEmbedded } from "@causeway/server/database/embedded"
import { createLog } from "@causeway/server/log"
import { type FaultProxy, openProxy } from "./proxy.ts"

/** A PostgreSQL that flushes and that no server of the world owns, and the network between them and it. */
export interface OutsideDatabase {
  /** The socket's folder: past the network. */
  socket: string
  /** Through the network. */
  url: string
  proxy: FaultProxy
  /** Its process now; it is started again when it dies. */
  pid(): number
  stop(): Promise<void>
}

/** Starts one in `folder`, which is made. */
export async function openOutsideDatabase(folder: string, seed: number): Promise<OutsideDatabase> {
  const embedded = await startEmbedded({ dataDir: folder, log: createLog("silent") })
  const socket = embedded.connection.host as string
  const proxy = await openProxy({ to: { path: join(socket, ".s.PGSQL.5432") }, seed })
  return {
    socket,
    url: `postgres://causeway@127.0.0.1:${proxy.port}/causeway`,
    proxy,
    pid: () => embedded.pid(),
    async stop() {
      await proxy.close()
      await embedded.stop()
    },
  }
}
