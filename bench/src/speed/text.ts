import { type Aim, type Cell, type Finding, isMet, type Table } from "./benchmark.ts"

/** A number with so many digits after the point and thousands apart, as it stands in every table. */
export const cellText = (cell: Cell | undefined, digits = 0): string =>
  typeof cell === "number" && Number.isFinite(cell)
    ? cell.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })
    : typeof cell === "string"
      ? cell
      : "-"

export const rowsText = ({ columns, rows }: Table): string[][] =>
  rows.map((row) => columns.map(({ digits }, i) => cellText(row[i], digits)))

/** "aim ≥ 0.6" */
export const boundText = ({ least, most, unit = "" }: Aim): string =>
  [...(least === undefined ? [] : [`≥ ${least}${unit}`]), ...(most === undefined ? [] : [`≤ ${most}${unit}`])].join(
    ", ",
  )

export const figureText = ({ figure, unit = "" }: Aim): string =>
  `${cellText(figure, Number.isInteger(figure) || figure >= 10 ? 0 : 2)}${unit}`

/** For a terminal. */
export function findingText({ tables, aims }: Finding): string {
  const lines = tables.flatMap((table) => [...tableLines(table), ""])
  const judged = aims.map(
    (aim) => `${isMet(aim) ? "met   " : "missed"} ${aim.what}: ${figureText(aim)}, aim ${boundText(aim)}`,
  )
  return [...lines, ...judged].map((line) => `${line.trimEnd()}\n`).join("")
}

function tableLines(table: Table): string[] {
  const all = [table.columns.map(({ name }) => name), ...rowsText(table)]
  const widths = table.columns.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0)))
  return all.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "),
  )
}
