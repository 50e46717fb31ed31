import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join, relative } from "node:path"
import { run } from "./children.mjs"
import { once } from "./once.mjs"

const sources = ["inbox", "contract", "package-lock.json"]
const skipped = new Set(["node_modules", "dist", ".cache"])

/** Builds inbox/dist with Vite when it was not built from the files that are there now. Returns an exit code. */
export async function buildInbox(root, node, { force = false } = {}) {
  if (!existsSync(join(root, "inbox", "index.html"))) return 0
  const hash = hashOf(root)
  const mark = join(root, "inbox", "dist", ".source-hash")
  const isBuilt = () => !force && existsSync(mark) && readFileSync(mark, "utf8") === hash
  return once(root, isBuilt, async () => {
    process.stderr.write("Building the inbox …\n")
    const vite = join(root, "node_modules", "vite", "bin", "vite.js")
    const code = await run(node, [vite, "build", "--logLevel", "warn"], { cwd: join(root, "inbox"), stdout: "stderr" })
    if (code === 0) writeFileSync(mark, hash)
    return code
  })
}

function hashOf(root) {
  const hash = createHash("sha256")
  for (const path of sources.flatMap((source) => filesBelow(join(root, source))).sort()) {
    hash.update(`${relative(root, path)}\0`).update(readFileSync(path))
  }
  return hash.digest("hex")
}

function filesBelow(path) {
  if (!existsSync(path)) return []
  if (!path.endsWith("package-lock.json")) {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => !skipped.has(entry.name) && !/\.test\.tsx?$/.test(entry.name))
      .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(path, entry.name)) : [join(path, entry.name)]))
  }
  return [path]
}
