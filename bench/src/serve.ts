import { startServer } from "@causeway/server/app"
import { readConfig } from "@causeway/server/config"
import { type AcceptDeps, type Acceptor, createAcceptor } from "@causeway/server/messages/accept"
import { idsPerMessage, writeBatch } from "@causeway/server/messages/batch"

/**
 * One server under measurement, in a process of its own: `serve.ts MODE DATA_DIR`. Modes: `product` is Causeway as it is; `bare` answers from the same routes, credentials and
 * checks without writing anything; `single` keeps every message in a transaction of its own. Deliveries rest unless `--deliver` is given.
 */
const [mode = "product", dataDir = "", ...flags] = process.argv.slice(2)

const acceptors: Record<string, (deps: AcceptDeps) => Acceptor> = {
  product: createAcceptor,
  bare: () => ({
    accept: async (message) => ({ uid: message.uid, messageId: 0, repeated: false }),
    drain: async () => {},
  }),
  single: (deps) => ({
    async accept(message) {
      await deps.ids.reserve(idsPerMessage)
      const [kept] = await deps.db.tx((tx) => writeBatch(tx, deps, [message]), { lockTimeoutMs: 10_000 })
      if (kept === undefined) throw new Error("a batch of one kept nothing")
      return kept
    },
    async drain() {},
  }),
}

const createMode = acceptors[mode]
if (createMode === undefined) throw new Error(`mode must be one of ${Object.keys(acceptors).join(", ")}`)
const config = readConfig(["--port", "0", "--data", dataDir], process.env)
if (config === "help") throw new Error("no help here")
const server = await startServer(config, {
  createAcceptor: createMode,
  delivers: flags.includes("--deliver"),
  // One transaction a message is at its best with as many connections as there are clients.
  ...(mode === "single" && { pool: { connectionsMax: 32 } }),
})
process.stdout.write(`${JSON.stringify({ url: server.url, setupCode: server.setupCode, dataDir })}\n`)
process.on("SIGTERM", async () => {
  await server.close()
  process.exit(0)
})
