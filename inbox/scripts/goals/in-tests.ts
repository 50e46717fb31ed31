import { execFile } from "node:child_process"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { temporaryDir } from "../../../test/database.ts"

interface Report {
  testResults: { assertionResults: { title: string; status: string }[] }[]
}

export interface Ran {
  tests: { title: string; status: string }[]
  failed: { title: string; status: string }[]
  /** What the tests printed of themselves. */
  said: string
}

/** Runs a file of tests that hold a goal, as a run of its own: they make their own server and browser. */
export async function runTests(file: string, { full }: { full: boolean }): Promise<Ran> {
  const root = join(import.meta.dirname, "../../..")
  const path = join(await temporaryDir("goal"), "report.json")
  const { CAUSEWAY_FULL: _, ...environment } = process.env
  const env = { ...environment, ...(full && { CAUSEWAY_FULL: "1" }) }
  const args = ["node_modules/vitest/vitest.mjs", "run", file, "--reporter=json", `--outputFile=${path}`]
  const said = await new Promise<string>((resolve) => {
    // It ends with 1 when a test fails: what counts is what it reports.
    execFile(process.execPath, args, { cwd: root, env, maxBuffer: 64 * 1024 * 1024 }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    )
  })
  const report = JSON.parse(await readFile(path, "utf8")) as Report
  const all = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  const tests = all.filter(({ status }) => status === "passed" || status === "failed")
  const failed = tests.filter(({ status }) => status === "failed")
  process.stderr.write(failed.map(({ title, status }) => `${status}: ${title}\n`).join(""))
  return { tests, failed, said }
}

/** How many passed, and which did not. */
export const countOf = ({ tests, failed }: Ran, noun: string): string =>
  `${tests.length - failed.length} of ${tests.length} ${noun}${failed.length > 0 ? `; failed: ${failed.map(({ title }) => title).join("; ")}` : ""}`

/** The rest of the line that begins with `name: `, as a test printed it; what failed where none did, and throws when nothing did. */
export function saidOf({ said, failed }: Ran, name: string): string {
  const found = new RegExp(`^${name}: (.*)$`, "m").exec(said)?.[1]
  if (found !== undefined) return found
  if (failed.length === 0) throw new Error(`no test said "${name}: …": ${said.slice(0, 500)}`)
  return `failed: ${failed.map(({ title }) => title).join("; ")}`
}
