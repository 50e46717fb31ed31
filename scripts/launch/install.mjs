import { spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { isDeepStrictEqual } from "node:util"
import { run } from "./children.mjs"
import { once } from "./once.mjs"

/** Installs exactly what package-lock.json says, unless that is what node_modules already holds. Returns an exit code. */
export function ensureInstalled(root) {
  const lock = readFileSync(join(root, "package-lock.json"))
  const hash = createHash("sha256").update(lock).update(`${process.platform}-${process.arch}`).digest("hex")
  const mark = join(root, "node_modules", ".causeway-lock-hash")
  const isMarked = () => existsSync(mark) && readFileSync(mark, "utf8") === hash
  return once(
    root,
    () => isMarked() || isInstalled(root, lock, mark, hash),
    async () => {
      process.stderr.write("Installing what package-lock.json names (npm ci) …\n")
      const code = await npmCi(root)
      if (code === 0) writeFileSync(mark, hash)
      return code
    },
  )
}

/** An install made by hand (`npm ci`, also with --ignore-scripts) is as good as ours. */
function isInstalled(root, lock, mark, hash) {
  const path = join(root, "node_modules", ".package-lock.json")
  if (!existsSync(path)) return false
  const wanted = JSON.parse(lock).packages
  const found = JSON.parse(readFileSync(path, "utf8")).packages
  const isSame = Object.entries(wanted).every(
    ([where, entry]) => where === "" || (where in found ? sameBytes(entry, found[where]) : isForOthers(entry)),
  )
  if (!isSame) return false
  try {
    writeFileSync(mark, hash)
  } catch {
    // Somebody else's read-only checkout: compared again at the next start.
  }
  return true
}

const sameBytes = (a, b) =>
  a.version === b.version && a.integrity === b.integrity && isDeepStrictEqual(a.dependencies, b.dependencies)

/**
 * Whether npm leaves this one out here: optional, and not plainly for this system. Those that name a C library, and the dependencies of those that
 * were left out, are npm's choice.
 */
const isForOthers = ({ optional = false, os, cpu, libc }) =>
  optional && !(libc === undefined && os?.includes(process.platform) && cpu?.includes(process.arch))

/** `--include` wins over NODE_ENV=production and a user's own omit; --prefix over the folder npm was called from. */
function npmCi(root) {
  const args = [
    "ci",
    "--include=dev",
    "--include=optional",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    "--prefer-offline",
    `--prefix=${root}`,
  ]
  const cli = process.env.npm_execpath
  const isNpm = cli !== undefined && /npm-cli\.c?js$/.test(cli)
  const options = { cwd: root, stdout: "stderr" }
  return isNpm ? run(process.execPath, [cli, ...args], options) : run("npm", args, options)
}

/** The Node that runs Causeway: the one installed with it, else the one we run on when it is new enough, else null. */
export function findNode(root) {
  const own = join(root, "node_modules", `node-linux-${process.arch}`, "bin", "node")
  // Tried, not only found: musl systems and noexec mounts have the file and cannot run it.
  if (existsSync(own) && spawnSync(own, ["--version"], { stdio: "ignore" }).status === 0) return own
  return Number(process.versions.node.split(".")[0]) >= 24 ? process.execPath : null
}
