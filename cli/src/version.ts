import { readFileSync } from "node:fs"

/** The version in the package this file belongs to, or in the published one it was built into. */
export const version: string = versionIn("../package.json") ?? versionIn("../../package.json") ?? "0.0.0"

function versionIn(path: string): string | null {
  try {
    return JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")).version
  } catch {
    return null
  }
}
