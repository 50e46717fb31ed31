import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { type Aim, type Benchmark, isMet, type Plot, type Table } from "./benchmark.ts"
import { isQuiet, machineText } from "./machine.ts"
import type { Result, Results } from "./results.ts"
import { shortfallOf } from "./shortfalls.ts"
import { drawPlot } from "./svg.ts"
import { boundText, figureText, rowsText } from "./text.ts"

const docs = fileURLToPath(new URL("../../../docs", import.meta.url))
const page = join(docs, "performance.md")
/** The figures that the page shows, as `--json` kept them. */
export const published = join(docs, "performance.json")

/** Between these two the page is written from the figures; all else on it is written by hand. */
const marks = (name: string): [string, string] => [
  `<!-- ${name}, written by npm run bench -- --publish -->`,
  `<!-- end of ${name} -->`,
]

/** What belongs on the disk for these results, by path: the page and its pictures. */
export function publication(results: Results, benchmarks: readonly Benchmark[]): Map<string, string> {
  const measured = benchmarks.flatMap((benchmark) => {
    const result = results[benchmark.name]
    return result === undefined ? [] : [{ benchmark, result }]
  })
  const aims = measured.flatMap(({ benchmark, result }) =>
    result.finding.aims.map((aim) => aimRow(aim, benchmark, result)),
  )
  const text = replaced(readFileSync(page, "utf8"), {
    aims: aims.length > 0 ? markdownTable(["aim", "at least / at most", "measured", ""], aims) : noFigures,
    "missed aims": missedTable(measured.flatMap(({ result }) => (isQuiet(result.machine) ? result.finding.aims : []))),
    figures: measured.map(({ benchmark, result }) => section(benchmark, result)).join("\n"),
  })
  const plots = measured.flatMap(({ result }) => result.finding.plots)
  return new Map([
    [page, text],
    ...plots.map((plot): [string, string] => [join(docs, pictureOf(plot)), drawPlot(plot)]),
  ])
}

/** Writes the page's tables and pictures from the figures in docs/performance.json. */
export function publish(benchmarks: readonly Benchmark[]): void {
  const results: Results = JSON.parse(readFileSync(published, "utf8"))
  for (const [path, text] of publication(results, benchmarks)) writeFileSync(path, text)
}

const noFigures = "No figures have been kept yet: see the end of this page.\n"

const pictureOf = ({ name }: Plot): string => `images/perf-${name}.svg`

function replaced(text: string, parts: Record<string, string>): string {
  return Object.entries(parts).reduce((whole, [name, part]) => {
    const [begin, end] = marks(name)
    const [from, to] = [whole.indexOf(begin), whole.indexOf(end)]
    if (from < 0 || to < from) throw new Error(`docs/performance.md has no place for the ${name}: ${begin} … ${end}`)
    return `${whole.slice(0, from)}${begin}\n${part}\n${whole.slice(to)}`
  }, text)
}

function section({ name, title, method }: Benchmark, result: Result): string {
  const { finding, machine, seed, rounds, seconds, at } = result
  const taken = `\`npm run bench -- ${name}\`, medians of ${rounds} × ${seconds} s, seed ${seed}, ${at.slice(0, 10)}. ${machineText(machine)}.`
  return [
    `### ${title}\n`,
    `${method}\n`,
    ...finding.tables.map(({ columns, rows }: Table) =>
      markdownTable(
        columns.map((column) => column.name),
        rowsText({ columns, rows }),
      ),
    ),
    ...finding.plots.map((plot) => `![${plot.title}](${pictureOf(plot)})\n`),
    `<sub>${taken}</sub>\n`,
  ].join("\n")
}

const aimRow = (aim: Aim, { name }: Benchmark, { machine }: Result): string[] => [
  `${aim.what} (\`${name}\`)`,
  boundText(aim),
  figureText(aim),
  isQuiet(machine) ? (isMet(aim) ? "met" : "**missed**") : "no verdict: not quiet",
]

/** Each aim that was missed on a quiet machine: its figure, what takes the time, and what would be needed. */
function missedTable(aims: readonly Aim[]): string {
  const missed = aims.filter((aim) => !isMet(aim))
  if (missed.length === 0) return "None is missed.\n"
  const head = "| aim | figure | profile | what would be needed |\n| --- | ---: | --- | --- |\n"
  const rows = missed.map((aim) => {
    const { profile, needed } = shortfallOf(aim.what) ?? { profile: "not taken yet", needed: "a profile" }
    return `| ${aim.what}, ${boundText(aim)} | ${figureText(aim)} | ${profile} | ${needed} |\n`
  })
  return head + rows.join("")
}

function markdownTable(head: readonly string[], rows: readonly string[][]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`
  const rule = head.map((_, i) => (i === 0 ? "---" : "---:"))
  return [line(head), line(rule), ...rows.map(line)].join("")
}
