import { execFileSync } from "node:child_process"
import { parseArgs } from "node:util"
import { backlogRows } from "./backlogs.ts"
import { backupRows } from "./backups.ts"
import { clientRows } from "./clients.ts"
import { clockRows } from "./clocks.ts"
import { copyRows } from "./copies.ts"
import { databaseRows } from "./database.ts"
import { fileRows } from "./files.ts"
import { killRows } from "./kills.ts"
import { limitRows } from "./limits.ts"
import { malformedRows } from "./malformed.ts"
import { neighbourRows } from "./neighbours.ts"
import { networkRows } from "./network.ts"
import { partnerRows } from "./partners.ts"
import { pointRows } from "./points.ts"
import { recoveryRows } from "./recovery.ts"
import { restartRows } from "./restart.ts"
import { type Cannot, isFull, type Row, type RowResult } from "./row.ts"
import { workerRows } from "./workers.ts"

const rows: Row[] = [
  ...killRows,
  ...workerRows,
  ...pointRows,
  ...restartRows,
  ...recoveryRows,
  ...copyRows,
  ...partnerRows,
  ...databaseRows,
  ...fileRows,
  ...limitRows,
  ...clientRows,
  ...networkRows,
  ...backupRows,
  ...malformedRows,
  ...clockRows,
  ...neighbourRows,
  ...backlogRows,
].toSorted((a, b) => placeOf(a) - placeOf(b))

/** Two rows in one (`1+6`) come after the first of them, goals (`R2`) after all rows. */
function placeOf({ number }: Row): number {
  if (typeof number === "number") return number
  return /^[A-Z]/.test(number) ? 1_000 + Number(number.slice(1)) : Number.parseInt(number, 10) + 0.5
}

type Line = { row: Row["number"]; fault: string; seed: number } & (RowResult | Cannot)

const faultWidth = 54

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
  const lines: Line[] = []
  if (!values.json)
    process.stdout.write(`${" row".padEnd(5)} ${"fault".padEnd(faultWidth)} what held · figure · seed\n`)
  for (const row of chosen) {
    const line: Line = { row: row.number, fault: row.fault, seed, ...(await resultOf(row, { seed, kills })) }
    lines.push(line)
    process.stdout.write(values.json ? `${JSON.stringify(line)}\n` : lineText(line))
  }
  const failed = lines.filter((line) => "broken" in line && line.broken.length > 0).length
  const cannot = lines.filter((line) => "cannot" in line).length
  const counts = `${lines.length - failed - cannot} rows held, ${failed} did not, ${cannot} cannot be made here`
  if (!values.json) process.stdout.write(`${counts} · seed ${seed}, commit ${commit()}\n`)
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
  const begin = `${String(line.row).padStart(5)} ${line.fault.padEnd(faultWidth)}`
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
