import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createDatabase } from "@causeway/server/database/database"
import { openCluster } from "@causeway/server/database/cluster"
import { migrate } from "@causeway/server/database/migrate"
import { createLog } from "@causeway/server/log"
import type { TestProject } from "vitest/node"

declare module "vitest" {
  interface ProvidedContext {
    /** Folder of the run's socket: tests connect there, and nothing else can. */
    clusterSocket: string
  }
}

/** One throw-away PostgreSQL for the run, with a migrated template that every file clones. fsync is off: what tests durability brings its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "causeway-test-"))
  const cluster = await openCluster(folder, { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "200", shared_buffers: "64MB" })
  await cluster.ensureRunning()
  const admin = createDatabase(cluster.connection("postgres"), createLog("silent"))
  await admin.query({ text: "create database template_causeway" })
  const template = createDatabase(cluster.connection("template_causeway"), createLog("silent"))
  await migrate(template, createLog("silent"))
  await template.close()
  await admin.close()
  project.provide("clusterSocket", String(cluster.connection().host))
  return async () => {
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
