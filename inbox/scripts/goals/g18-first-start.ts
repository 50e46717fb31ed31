import { execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { readFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { createInterface } from "node:readline"
import { promisify } from "node:util"
import { openBrowser } from "../../../test/browser.ts"
import { temporaryDir } from "../../../test/database.ts"
import type { Goal } from "./goal.ts"

const run = promisify(execFile)
const root = join(import.meta.dirname, "../../..")
const allSecondsMax = 60
const startSecondsMax = 15
const packagesMax = 150

/** The last commit, cloned into an empty folder, with npm's cache as it is: what is not in it is fetched. */
export const goal: Goal = {
  id: "G18",
  goal: "fresh clone → npm ci → one command → first customer painted: ≤ 60 s, ≤ 15 s of it after the command; ≤ 150 packages",
  async run() {
    const clone = join(await temporaryDir("clone"), "causeway")
    await run("git", ["clone", "--quiet", "--depth", "1", `file://${root}`, clone])
    const begun = performance.now()
    // Without DATABASE_URL, and without the address of this run's database: it brings its own.
    const { DATABASE_URL: _, CAUSEWAY_LOG: _log, ...inherited } = process.env
    const env = { ...inherited, PATH: `${dirname(process.execPath)}:${process.env.PATH}` }
    await run("npm", ["ci", "--include=dev", "--prefer-offline", "--no-audit", "--no-fund"], { cwd: clone, env })
    const installed = performance.now()
    const painted = await firstCustomer(clone, env)
    const packages = await packagesOf(clone)
    const [all, started] = [(painted - begun) / 1000, (painted - installed) / 1000]
    return {
      figure: `${all.toFixed(1)} s, ${started.toFixed(1)} s of it after the command; ${packages} packages`,
      reached: all <= allSecondsMax && started <= startSecondsMax && packages <= packagesMax,
    }
  },
}

/** `npm start -- --demo` until a person who signs in sees who wrote; then it is stopped. Returns when that was. */
async function firstCustomer(clone: string, env: NodeJS.ProcessEnv): Promise<number> {
  const args = ["start", "--silent", "--", "--demo", "--json", "--port", "0", "--data", join(clone, "data")]
  const child = spawn("npm", args, { cwd: clone, env, stdio: ["ignore", "pipe", "ignore"] })
  const browser = await openBrowser()
  try {
    const [line] = (await once(createInterface(child.stdout), "line")) as [string]
    const { url, demo } = JSON.parse(line) as { url: string; demo: { teammate: { email: string; password: string } } }
    const page = await browser.blank({})
    const { email, password } = demo.teammate
    const headers = { origin: url }
    await page.request.post(`${url}/causeway/auth/sign-in/email`, { headers, data: { email, password } })
    await page.goto(`${url}/app/`)
    await page.getByRole("listbox").getByRole("option").first().waitFor({ timeout: 60_000 })
    return performance.now()
  } finally {
    await browser.close()
    child.kill("SIGTERM")
    if (child.exitCode === null) await once(child, "exit")
  }
}

/** Those that npm fetched: the project's own folders are links. */
async function packagesOf(clone: string): Promise<number> {
  const lock = JSON.parse(await readFile(join(clone, "node_modules/.package-lock.json"), "utf8")) as {
    packages: Record<string, { link?: boolean }>
  }
  return Object.entries(lock.packages).filter(([path, { link }]) => path.includes("node_modules/") && !link).length
}
