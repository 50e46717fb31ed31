/** Prints what the widget weighs over the wire, and exits 1 when that is more than its budget. */
import { sizes } from "./pages.ts"

const kib = 1024
/** Compressed bytes: less than a website notices at once, less than a photograph when somebody opens the chat. */
export const budgets = { loader: 4 * kib, panel: 35 * kib }

const found = await sizes()
for (const part of ["loader", "panel"] as const) {
  const verdict = found[part] > budgets[part] ? "  TOO BIG" : ""
  console.log(
    `${part.padEnd(7)}${(found[part] / kib).toFixed(1).padStart(6)} KB gz of ${budgets[part] / kib} KB${verdict}`,
  )
  if (verdict !== "") process.exitCode = 1
}
