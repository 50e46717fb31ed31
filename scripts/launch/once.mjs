import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { stoppedBy } from "./children.mjs"

/**
 * Does `work` unless `isDone()`, and never in two processes of this checkout at once: `npm start` and `npm test` begun together on a fresh clone
 * would otherwise install over each other. What is done already needs no lock and no right to write. Returns work's exit code, 0 when there was nothing to do.
 */
export async function once(root, isDone, work) {
  if (isDone()) return 0
  const lock = await takeLock(root)
  try {
    return isDone() ? 0 : await work()
  } finally {
    rmSync(lock, { force: true })
  }
}

async function takeLock(root) {
  mkdirSync(join(root, ".cache"), { recursive: true })
  const path = join(root, ".cache", "launch.lock")
  while (stoppedBy() === null) {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx" })
      return path
    } catch (error) {
      if (error.code !== "EEXIST") throw error
    }
    if (!isAlive(holderOf(path))) rmSync(path, { force: true })
    else await new Promise((resolve) => setTimeout(resolve, 250))
  }
  return join(root, ".cache", "no-lock")
}

function holderOf(path) {
  try {
    return Number(readFileSync(path, "utf8"))
  } catch {
    return 0
  }
}

function isAlive(pid) {
  if (!(pid > 0)) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === "EPERM"
  }
}
