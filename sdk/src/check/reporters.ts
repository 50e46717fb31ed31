import type { CheckReport, CheckResult } from "./index.ts"

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }
/** Characters that XML cannot hold are left out. */
const escaped = (text: string): string =>
  text
    .replaceAll(/[&<>"]/g, (one) => entities[one] ?? one)
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "")

/** The report as JUnit XML: a test case a check; warnings count as passed. */
export function toJunit({ url, counts, results }: CheckReport): string {
  const cases = results.map((one) => {
    const open = `  <testcase classname="${escaped(one.id.split("-")[0] ?? "")}" name="${escaped(`${one.id} ${one.requirement}`)}" time="${one.tookMs / 1000}"`
    if (one.result === "fail")
      return `${open}><failure message="${escaped(one.detail)}">Fix: ${escaped(one.fix)}</failure></testcase>`
    if (one.result === "skipped") return `${open}><skipped message="${escaped(one.detail)}"/></testcase>`
    return `${open}/>`
  })
  const head = `<testsuite name="${escaped(url)}" tests="${results.length}" failures="${counts.fail}" skipped="${counts.skipped}">`
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${cases.join("\n")}\n</testsuite>\n`
}

const marks = { pass: "✓", fail: "✕", warn: "!", skipped: "–" } as const

/** The report as one HTML page that needs nothing else. */
export function toHtml({ url, startedAt, counts, results }: CheckReport): string {
  const summary = `${results.length} checks: ${counts.pass} passed, ${counts.fail} failed, ${counts.warn} warnings, ${counts.skipped} skipped`
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Conformance of ${escaped(url)}</title>
<style>:root{color-scheme:light dark}body{font:15px/1.5 system-ui;max-inline-size:60rem;margin:2rem auto;padding-inline:1rem}li{margin-block:.5rem}pre{overflow:auto}</style>
<h1>Conformance of ${escaped(url)}</h1><p>${escaped(startedAt)} · ${summary}</p><ul>
${results.map(item).join("\n")}
</ul></html>
`
}

function item({ id, requirement, source, result, detail, fix, evidence }: CheckResult): string {
  const head = `${marks[result]} ${id} ${escaped(requirement)} (${result}; ${escaped(source)})`
  if (result === "pass") return `<li>${head}</li>`
  const exchanges = evidence.map(
    (one) => `${one.method} ${one.url}\n${one.sent}\n→ ${one.problem ?? one.status}\n${one.body.slice(0, 2000)}`,
  )
  const fixLine = result === "skipped" ? "" : `<br>Fix: ${escaped(fix)}`
  return `<li>${head}<br>${escaped(detail)}${fixLine}<details><summary>Evidence</summary><pre>${escaped(exchanges.join("\n\n"))}</pre></details></li>`
}
