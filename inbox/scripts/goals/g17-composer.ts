import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { checkInBrowser } from "./documents.ts"
import type { Goal } from "./goal.ts"

const assets = join(import.meta.dirname, "../../dist/assets")
const chunkBytesMax = 75_000
const mountMsMax = 60

export const goal: Goal = {
  id: "G17",
  goal: "10,000 random documents keep their HTML, text and paste are clean; chunk ≤ 75 KB gz, mount ≤ 60 ms",
  async run(full) {
    const count = full ? 10_000 : 2_000
    const { problems, mountMs } = await checkInBrowser(count, 17)
    const chunk = readdirSync(assets).find((file) => /^Advanced-.*\.js$/.test(file))
    const bytes =
      chunk === undefined
        ? Number.POSITIVE_INFINITY
        : gzipSync(readFileSync(join(assets, chunk)), { level: 9 }).byteLength
    return {
      figure: `${count} documents, ${problems.length} problems, ${(bytes / 1000).toFixed(1)} KB gz, mount ≤ ${Math.ceil(mountMs)} ms`,
      reached: problems.length === 0 && bytes <= chunkBytesMax && mountMs <= mountMsMax,
    }
  },
}
