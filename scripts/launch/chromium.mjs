import { accessSync, constants, existsSync } from "node:fs"
import { run } from "./children.mjs"

const chromium = "/usr/bin/chromium"

/** Null when browser tests can run (installing Debian's Chromium when we may), else the reason in words. */
export async function whyNoBrowser() {
  if (canRun(chromium)) return null
  if (!canRun("/usr/bin/apt-get")) return `${chromium} is missing and this system has no apt-get`
  if (process.getuid?.() !== 0) return `${chromium} is missing. Fix: apt-get install chromium, as root`
  process.stderr.write("Installing Chromium for the browser tests (apt-get) …\n")
  const options = { stdout: "stderr", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } }
  const code =
    (await run("apt-get", ["update", "-qq"], options)) ||
    (await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], options))
  return canRun(chromium) ? null : `apt-get could not install chromium (it ended with ${code})`
}

function canRun(path) {
  if (!existsSync(path)) return false
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
