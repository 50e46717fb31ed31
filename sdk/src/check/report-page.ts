import type { Exchange } from "./exchange.ts"
import { byGroup, countsText, escaped } from "./groups.ts"
import type { CheckReport, CheckResult } from "./index.ts"
import type { Result } from "./verdict.ts"

const marks: Record<Result, string> = { pass: "✓", fail: "✕", warn: "!", skipped: "–" }
const words: Record<Result, string> = { pass: "passed", fail: "failed", warn: "warned", skipped: "skipped" }
/** Of an answer's body. */
const bodyCharsMax = 2000

const style = `:root{color-scheme:light dark;--page:#fff;--card:#f6f7f9;--ink:#1b1f24;--soft:#59616b;--line:#d5dae1;--pass:#17693a;--fail:#b3261e;--warn:#7a5200}
@media (prefers-color-scheme:dark){:root{--page:#15181c;--card:#1e2329;--ink:#e6e9ed;--soft:#a3acb7;--line:#39414b;--pass:#6fcf97;--fail:#ff9b92;--warn:#f2c268}}
*{box-sizing:border-box}body{margin:0 auto;padding:2rem 1rem 4rem;max-inline-size:62rem;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{margin:0 0 .25rem;font-size:1.5rem;line-height:1.25}h2{display:flex;justify-content:space-between;gap:1rem;margin:2rem 0 .5rem;padding-block-end:.25rem;border-block-end:1px solid var(--line);font-size:1.05rem}
h3{margin:0;font-size:1rem}p{margin:.25rem 0}code,pre{font:13px/1.45 ui-monospace,monospace}
.soft,.source{color:var(--soft)}.counts{display:flex;flex-wrap:wrap;gap:.5rem;margin:1rem 0;padding:0;list-style:none}.counts li{padding:.15rem .7rem;border:1px solid currentColor;border-radius:1rem}
.pass{color:var(--pass)}.fail{color:var(--fail)}.warn{color:var(--warn)}.skipped{color:var(--soft)}
article{margin:.75rem 0;padding:.75rem 1rem;border:1px solid var(--line);border-inline-start:4px solid currentColor;border-radius:6px;background:var(--card)}article>*{color:var(--ink)}article>h3{color:inherit}article>.source{color:var(--soft)}
ul.list{margin:0;padding:0;list-style:none}ul.list li{display:flex;gap:.6rem;padding:.2rem 0}ul.list b{flex:none;inline-size:1em;text-align:center}ul.list code{flex:none;inline-size:5.2em}
summary{cursor:pointer;padding-block:.25rem}pre{margin:.25rem 0 .75rem;padding:.5rem .75rem;max-block-size:18rem;overflow:auto;white-space:pre-wrap;border:1px solid var(--line);border-radius:4px;background:var(--page)}
@media (max-width:30rem){ul.list li{flex-wrap:wrap;row-gap:0}ul.list li span{flex-basis:100%}}`

/** The report as one HTML page that needs nothing else: what is left to do first, then every check by its group. */
export function toHtml(report: CheckReport): string {
  const { url, startedAt, counts, results } = report
  const left = [
    ...results.filter(({ result }) => result === "fail"),
    ...results.filter(({ result }) => result === "warn"),
  ]
  const chips = (["pass", "fail", "warn", "skipped"] as const).map(
    (result) => `<li class="${result}">${marks[result]} ${counts[result]} ${words[result]}</li>`,
  )
  const todo = left.length === 0 ? "" : `<h2>What is left to do</h2>\n${left.map(card).join("\n")}\n`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Conformance of ${escaped(url)}</title>
<style>${style}</style></head><body><main>
<h1>${verdictOf(report)}</h1><p><code>${escaped(url)}</code></p>
<p class="soft">${escaped(startedAt)} · ${countsText(report)}</p><ul class="counts">${chips.join("")}</ul>
${todo}${byGroup(results).map(group).join("\n")}
</main></body></html>
`
}

function verdictOf({ counts }: CheckReport): string {
  if (counts.fail > 0) return `${counts.fail} ${counts.fail === 1 ? "check" : "checks"} failed`
  return counts.warn > 0 ? "Nothing failed, with warnings" : "Everything holds"
}

function card({ id, requirement, source, result, detail, fix, evidence }: CheckResult): string {
  const shown = evidence.map(exchange).join("")
  return `<article class="${result}"><h3>${marks[result]} ${id} ${escaped(requirement)}</h3>
<p>${escaped(detail)}</p><p><strong>Fix:</strong> ${escaped(fix)}</p><p class="source">${words[result]} · required by the ${escaped(source)}</p>
<details><summary>Evidence: ${evidence.length} ${evidence.length === 1 ? "exchange" : "exchanges"}</summary>${shown}</details></article>`
}

function exchange({ method, url, sent, status, problem, body, tookMs }: Exchange): string {
  const answer = problem === null ? `${status} after ${tookMs} ms` : `${problem}, after ${tookMs} ms`
  const back = body === "" ? "" : `<pre tabindex="0" aria-label="Answer">${escaped(body.slice(0, bodyCharsMax))}</pre>`
  return `<p><code>${method} ${escaped(url)}</code></p><pre tabindex="0" aria-label="Request">${escaped(sent)}</pre><p>→ ${escaped(answer)}</p>${back}`
}

function group([name, results]: readonly [name: string, results: readonly CheckResult[]]): string {
  const passed = results.filter(({ result }) => result === "pass").length
  return `<h2><span>${name}</span> <span class="soft">${passed} of ${results.length}</span></h2>\n<ul class="list">${results.map(row).join("\n")}</ul>`
}

function row({ id, requirement, result, detail }: CheckResult): string {
  const why = result === "pass" ? "" : ` <span class="soft">(${words[result]}: ${escaped(detail)})</span>`
  return `<li><b class="${result}">${marks[result]}</b><code>${id}</code><span>${escaped(requirement)}${why}</span></li>`
}
