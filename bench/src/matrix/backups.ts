import { execFile } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { promisesOf } from "../harness/driver.ts"
import { type Promised, readLedger } from "../harness/ledger.ts"
import { startProcess } from "../harness/server-process.ts"
import { baseSet, type Cannot, inWorld, type Row, type RowOptions, type RowResult, summary, verdict } from "./row.ts"

const channels = 6
const main = fileURLToPath(new URL("../../../server/src/backup/main.ts", import.meta.url))

/** A backup is taken under load and restored elsewhere: everything that was acknowledged before it began is there, under the same ids. */
const restoreElsewhere = ({ seed }: RowOptions): Promise<RowResult | Cannot> =>
  inWorld({ seed, channels }, async (world, driver) => {
    for (let channel = 0; channel < channels; channel++) await driver.converse(channel)
    const folder = mkdtempSync(join(tmpdir(), "causeway-faults-restored-"))
    const file = join(folder, "backup.tar.gz")
    const env = { ...process.env, DATABASE_URL: "", CAUSEWAY_SECRET_KEY: Buffer.alloc(32, 7).toString("base64") }
    const run = (...args: string[]) => promisify(execFile)(process.execPath, [main, ...args], { env })
    try {
      const running = driver.begin({ inboundPerSecond: 40, repliesPerSecond: 20 })
      await delay(2_000)
      const before = readLedger<Promised>(promisesOf(world))
      await run("backup", "--to", file, "--data", world.dataDir)
      await running.stop()
      const found = await verdict(world)
      await run("restore", "--from", file, "--data", join(folder, "data"))
      const restored = await startProcess(join(folder, "data"), [], { CAUSEWAY_SECRET_KEY: env.CAUSEWAY_SECRET_KEY })
      const broken = [...found.broken]
      try {
        for (const entry of before) {
          if (entry.kind !== "inbound") continue
          const token = world.channels[entry.channel]?.token
          const address = `${restored.url}/messages/alt:uid:${entry.uid}`
          const answer = await fetch(address, { headers: { authorization: `Bearer ${token}` } })
          if (answer.status !== 200) broken.push(`${entry.externalId} is not in the backup: ${answer.status}`)
        }
      } finally {
        await restored.stop()
      }
      const kept = before.filter(({ kind }) => kind === "inbound").length
      return {
        held: `all that was acknowledged before the backup is restored under its ids; ${baseSet}`,
        figure: `${kept} messages acknowledged before, all asked for again: ${summary(found)}`,
        broken,
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

export const backupRows: Row[] = [
  {
    number: 31,
    fault: "old and new version side by side, then back",
    cannot: "there is no released version yet whose schema another one has changed; migrations are tested on their own",
  },
  { number: 32, fault: "a backup under load, restored elsewhere", run: restoreElsewhere },
]
