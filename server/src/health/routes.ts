import { basename } from "node:path"
import { createBackup, getHealth } from "@causeway/contract/endpoints/health"
import { recordAudit } from "../audit/store.ts"
import { noteBackup } from "../backup/kept.ts"
import type { Config } from "../config.ts"
import type { Principal } from "../http/callers.ts"
import { HttpError } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import { memberOf, requireAdmin } from "../teammates/roles.ts"
import { type HealthDeps, readHealth } from "./read.ts"

export const healthRoutes = (deps: HealthDeps & { config: Config }): Route[] => {
  let isRunning = false

  return [
    route(getHealth, async ({ principal }) => {
      requireAdmin(principal)
      return {
        status: 200,
        headers: { "cache-control": "no-store" },
        body: await readHealth(deps, memberOf(principal).companyId),
      }
    }),

    route(createBackup, async ({ principal }) => {
      requireAdmin(principal)
      if (isRunning) throw new HttpError(409, "A backup is being taken at this moment")
      isRunning = true
      try {
        const { config, db } = deps
        const taken = await noteBackup({ db, dataDir: config.dataDir, keyIsElsewhere: config.secretKey !== null })
        const { bytes, rows, files } = taken
        const name = basename(taken.path)
        await tellAudit(deps, principal, { name, bytes })
        return { status: 201, body: { name, bytes, rows, files } }
      } finally {
        isRunning = false
      }
    }),
  ]
}

/** The whole installation was copied: that belongs into the log of whoever had it done. */
async function tellAudit(
  { db }: HealthDeps,
  principal: Principal,
  after: { name: string; bytes: number },
): Promise<void> {
  if (principal.kind !== "session") return
  const { companyId } = principal
  await db.tx((tx) => recordAudit(tx, { companyId, noun: "backup", verb: "taken", target: after.name, after }))
}
