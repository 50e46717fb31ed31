/**
 * The checks as a program, for whoever runs them beside a server: takes one JSON object on stdin, prints a line of JSON for each result as it comes,
 * and at the end one with the report as JSON, HTML and JUnit.
 */
import { type CheckOptions, checkChannel, toHtml, toJunit } from "./index.ts"

async function main(): Promise<void> {
  let text = ""
  for await (const piece of process.stdin) text += piece
  const options = JSON.parse(text) as Omit<CheckOptions, "slowText" | "onResult">
  const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)
  const report = await checkChannel({ ...options, onResult: (result) => say({ result }) })
  say({ report: { ...report, html: toHtml(report), junit: toJunit(report) } })
}

await main()
