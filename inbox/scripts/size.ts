/** Prints what the first screen of the built inbox weighs over the wire, and exits 1 when that is more than its budget. Run after the build. */
import { firstScreen } from "./first-screen.ts"

const kib = 1024
const { jsBytes, cssBytes } = firstScreen()
/** Compressed bytes. Source: ux.md, goal G1. */
const parts = [
  ["js", jsBytes, 160 * kib],
  ["css", cssBytes, 25 * kib],
] as const

for (const [kind, bytes, budget] of parts) {
  const verdict = bytes > budget ? "  TOO BIG" : ""
  console.log(`${kind.padEnd(4)} ${(bytes / kib).toFixed(1).padStart(6)} KB gz of ${budget / kib} KB${verdict}`)
}
process.exitCode = parts.some(([, bytes, budget]) => bytes > budget) ? 1 : 0
