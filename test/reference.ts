import { existsSync } from "node:fs"
import { join } from "node:path"
import { root } from "./source-tree.ts"

/**
 * The folder with the vendor's own documents (channel-api.json, core-api.json, channel-api.postman.json), which we test against but may not ship:
 * `CAUSEWAY_REFERENCE`, or `shared/reference` beside the checkout. Null, said loudly, where there is none.
 */
export function findReference(file: string): string | null {
  const path = join(process.env.CAUSEWAY_REFERENCE ?? join(root, "..", "shared", "reference"), file)
  if (existsSync(path)) return path
  process.stderr.write(`SKIPPED: no ${file} here. Name the folder that has it: CAUSEWAY_REFERENCE=DIR\n`)
  return null
}
