import { execFileSync } from "node:child_process"
import { parseArgs } from "node:util"
import { copyRows } from "./copies.ts"
import { databaseRows } from "./database.ts"
import { killRows } from "./kills.ts"
import { partnerRows } from "./partners.ts"
import { pointRows } from "./points.ts"
import { restartRows } from "./restart.ts"
import { type Cannot, isFull, type Row, type RowResult } from "./row.ts"
import { workerRows } from "./workers.ts"

const rows: Row[] = [
  ...killRows,
  ...workerRows,
  ...pointRows,
  ...restartRows,
  ...copyRows,
  ...partnerRows,
  ...databaseRows,
].toSorted((a, b) => placeOf(a) - placeOf(b))

/** Two rows in one (`1+6`) come after the first of them, goals (`R2`) after all rows. */
function placeOf({ number }: Row): number {
  if (typeof number === "number") return number
  return /^[A-Z]/.test(number) ? 1_000 + Number(number.slice(1)) : Number.parseInt(number, 10) + 0.5
}

type Line = { row: Row["number"]; fault: string; seed: number } & (RowResult | Cannot)

/** Runs the rows that are asked for, one after the other, and prints what each came to. Returns the exit code. */
export async function runMatrix(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      row: { type: "string", multiple: true },
      seed: { type: "string", default: "1" },
      kills: { type: "string", default: isFull ? "1000" : "25" },
      json: { type: "boolean" },
    },
  })
  const asked = values.row
  const seed = Number(values.seed)
  const kills = Number(values.kills)
  if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(kills) || kills < 1) {
    process.stderr.write(
      "--seed and --kills are whole numbers. Example: npm run faults -- --row 1 --kills 100 --seed 7\n",
    )
    return 2
  }
  const chosen = rows.filter(({ number }) => asked === undefined || asked.includes(String(number)))
  if (chosen.length === 0) {
    process.stderr.write(`There is no such row. Rows: ${rows.map(({ number }) => number).join(", ")}\n`)
    return 2
  }
  // Servers of a row that is interrupted end with this process.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130))
  let failed = 0
  for (const row of chosen) {
    const line: Line = { row: row.number, fault: row.fault, seed, ...(await resultOf(row, { seed, kills })) }
    if ("broken" in line && line.broken.length > 0) failed++
    process.stdout.write(values.json ? `${JSON.stringify(line)}\n` : lineText(line))
  }
  if (failed > 0)
    process.stdout.write(`${failed} of ${chosen.length} rows did not hold: seed ${seed}, commit ${commit()}\n`)
  return failed === 0 ? 0 : 1
}

async function resultOf(row: Row, options: { seed: number; kills: number }): Promise<RowResult | Cannot> {
  if ("cannot" in row) return { cannot: row.cannot }
  try {
    return await row.run(options)
  } catch (error) {
    return { held: "", figure: "", broken: [(error as Error).stack ?? String(error)] }
  }
}

function lineText(line: Line): string {
  const begin = `${String(line.row).padStart(4)}  ${line.fault.padEnd(46)}`
  if ("cannot" in line) return `${begin} cannot be made here: ${line.cannot}\n`
  if (line.broken.length === 0) return `${begin} held: ${line.held} · ${line.figure} · seed ${line.seed}\n`
  const sentences = line.broken.slice(0, 20).map((sentence) => `       ${sentence}\n`)
  return `${begin} BROKEN (${line.broken.length}) · ${line.figure} · seed ${line.seed}\n${sentences.join("")}`
}

function commit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim()
  } catch {
    return "unknown"
  }
}
