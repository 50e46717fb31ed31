import { byGroup, escaped } from "./groups.ts"
import type { CheckReport, CheckResult } from "./index.ts"

/** The report as JUnit XML: a suite a group, a test case a check. A warning counts as passed and says what it found as the case's output. */
export function toJunit({ url, startedAt, results }: CheckReport): string {
  const suites = byGroup(results).map(
    ([name, list]) =>
      `<testsuite name="${escaped(name)}" ${totals(list)} timestamp="${escaped(startedAt.slice(0, 19))}">\n<properties><property name="url" value="${escaped(url)}"/></properties>\n${list.map(testCase).join("\n")}\n</testsuite>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="causeway check" ${totals(results)}>\n${suites.join("\n")}\n</testsuites>\n`
}

function totals(results: readonly CheckResult[]): string {
  const count = (wanted: CheckResult["result"]): number => results.filter(({ result }) => result === wanted).length
  const tookMs = results.reduce((sum, one) => sum + one.tookMs, 0)
  return `tests="${results.length}" failures="${count("fail")}" errors="0" skipped="${count("skipped")}" time="${tookMs / 1000}"`
}

function testCase({ id, requirement, source, result, detail, fix, tookMs }: CheckResult): string {
  const kind = id.split("-")[0] ?? ""
  const open = `<testcase classname="causeway.${escaped(kind)}" name="${escaped(`${id} ${requirement}`)}" time="${tookMs / 1000}"`
  const text = escaped(`${detail}\nFix: ${fix}\nSource: ${source}`)
  if (result === "fail")
    return `${open}><failure type="${escaped(id)}" message="${escaped(detail)}">${text}</failure></testcase>`
  if (result === "skipped") return `${open}><skipped message="${escaped(detail)}"/></testcase>`
  if (result === "warn") return `${open}><system-out>Warning: ${text}</system-out></testcase>`
  return `${open}/>`
}
