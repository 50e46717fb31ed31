import { execFile } from "node:child_process"
import { join } from "node:path"
import type { Goal } from "./goal.ts"

interface Report {
  testResults: { assertionResults: { title: string; status: string }[] }[]
}

/** Anchor: WCAG 2.1.1, 2.4.7, 2.4.11. The journeys are tests (test/journeys.test.ts); here they are counted. */
export const goal: Goal = {
  id: "G10",
  goal: "journeys done by keyboard alone, at 1280 and 390 px, with the focus always seen",
  async run(full) {
    const journeys = await runJourneys(full)
    const failed = journeys.filter(({ status }) => status !== "passed")
    process.stderr.write(failed.map(({ title, status }) => `${status}: ${title}\n`).join(""))
    return {
      figure: `${journeys.length - failed.length} of ${journeys.length} journeys`,
      reached: journeys.length > 0 && failed.length === 0,
    }
  },
}

/** As a run of their own: they make their own server and browser. */
function runJourneys(full: boolean): Promise<{ title: string; status: string }[]> {
  const root = join(import.meta.dirname, "../../..")
  const { CAUSEWAY_FULL: _, ...environment } = process.env
  const env = { ...environment, ...(full && { CAUSEWAY_FULL: "1" }) }
  const args = ["node_modules/vitest/vitest.mjs", "run", "test/journeys.test.ts", "--reporter=json"]
  return new Promise((resolve, reject) => {
    // It ends with 1 when a journey fails: what counts is what it reports.
    execFile(process.execPath, args, { cwd: root, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout) => {
      const at = stdout.indexOf('{"numTotalTestSuites"')
      if (at === -1) return reject(error ?? new Error(`no report: ${stdout.slice(0, 500)}`))
      const report = JSON.parse(stdout.slice(at).split("\n")[0] as string) as Report
      resolve(report.testResults.flatMap(({ assertionResults }) => assertionResults))
    })
  })
}
