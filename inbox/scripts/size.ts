/** Prints what the first screen of the built inbox weighs over the wire, and exits 1 when that is more than its budget. Run after the build. */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"

const kib = 1024
/** Compressed bytes. Source: ux.md, goal G1. */
const budgets = { js: 160 * kib, css: 25 * kib }

const dist = join(import.meta.dirname, "../dist")
const index = join(dist, "index.html")
if (!existsSync(index)) {
  console.error(`${index} is missing. Fix: npm run build`)
  process.exit(1)
}

/** Files that the page itself names: entry, modules loaded with it, styles. Lazy chunks are not among them. */
const named = [...readFileSync(index, "utf8").matchAll(/(?:src|href)="\/app\/(assets\/[^"]+)"/g)].map(
  (match) => match[1] as string,
)
const compressedBytes = (file: string): number => gzipSync(readFileSync(join(dist, file)), { level: 9 }).byteLength

let isOver = false
for (const [kind, budget] of Object.entries(budgets)) {
  const bytes = named.filter((file) => file.endsWith(`.${kind}`)).reduce((sum, file) => sum + compressedBytes(file), 0)
  isOver ||= bytes > budget
  console.log(
    `${kind.padEnd(4)} ${(bytes / kib).toFixed(1).padStart(6)} KB gz of ${budget / kib} KB${bytes > budget ? "  TOO BIG" : ""}`,
  )
}
process.exitCode = isOver ? 1 : 0
