import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import type { Mutant } from "./mutate.ts"
import { readMutants, root } from "./read.ts"
import { type Target, targets, unusable } from "./targets.ts"

/** A mutant that takes longer than this hangs, and is noticed by that. */
const hangsAfterMs = 30_000
/** Of all mutants, this many at most may go unnoticed. */
const survivorsMax = 0.1

interface Tried {
  mutant: Mutant
  /** What noticed it; null: nothing did. */
  by: string | null
}

/** `npm run faults -- --mutants`. Returns the exit code. */
export async function runMutants(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      mutants: { type: "boolean" },
      file: { type: "string", multiple: true },
      verbose: { type: "boolean", default: false },
    },
  })
  const chosen = targets.filter(({ file }) => values.file?.some((part) => file.includes(part)) ?? true)
  if (chosen.length === 0) {
    process.stderr.write(`--file is one of ${targets.map(({ file }) => file).join(", ")}\n`)
    return 2
  }
  const startedMs = performance.now()
  const results: { target: Target; tried: Tried[] }[] = []
  for (const target of chosen) {
    const tried = await tryAll(target)
    results.push({ target, tried })
    if (values.verbose) for (const one of tried) process.stderr.write(`${changeOf(target, one.mutant)}\n  ${one.by}\n`)
  }
  const all = results.flatMap(({ tried }) => tried)
  process.stdout.write(`${tableOf([...results, { target: { file: "all", tests: [] }, tried: all }])}\n`)
  for (const { target, tried } of results)
    for (const { mutant } of tried.filter(({ by }) => by === null))
      process.stdout.write(`survived: ${changeOf(target, mutant)}\n`)
  process.stdout.write(`\n${Math.round((performance.now() - startedMs) / 1000)} s\n`)
  return results.every(({ tried }) => survivors(tried) <= survivorsMax * tried.length) ? 0 : 1
}

const survivors = (tried: readonly Tried[]): number => tried.filter(({ by }) => by === null).length

/** One process after the other: whatever hangs takes its process with it, and the next goes on after it. */
async function tryAll(target: Target): Promise<Tried[]> {
  const mutants = readMutants(target)
  const tried: Tried[] = []
  while (tried.length < mutants.length) {
    const ended = await tryFrom(target, tried.length, (by) => {
      tried.push({ mutant: mutants[tried.length] as Mutant, by })
      if (tried.length % 25 === 0 || tried.length === mutants.length)
        process.stderr.write(
          `${target.file}: ${tried.length} of ${mutants.length} mutants, ${survivors(tried)} unnoticed …\n`,
        )
    })
    // Whatever was being tried then was noticed by that.
    if (tried.length < mutants.length) tried.push({ mutant: mutants[tried.length] as Mutant, by: ended })
  }
  return tried
}

/** Resolves with how the process ended; rejects when the target fails unchanged. */
function tryFrom(target: Target, from: number, onTried: (by: string | null) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(new URL("trial.ts", import.meta.url)), target.file, `${from}`])
    let said = ""
    let hangs = false
    let timer: NodeJS.Timeout
    const wait = () => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        hangs = true
        child.kill("SIGKILL")
      }, hangsAfterMs)
    }
    wait()
    child.stderr.on("data", (data) => {
      said += data
    })
    createInterface({ input: child.stdout }).on("line", (line) => {
      wait()
      onTried((JSON.parse(line) as { by: string | null }).by)
    })
    child.on("error", reject)
    child.on("close", (code) => {
      clearTimeout(timer)
      if (code === unusable) reject(new Error(said))
      else resolve(hangs ? "it hangs" : `its process ended with code ${code}`)
    })
  })
}

function changeOf({ file }: Target, { start, end, to, line, kind }: Mutant): string {
  const short = (text: string) => {
    const flat = text.replace(/\s+/g, " ")
    return flat.length > 70 ? `${flat.slice(0, 67)}…` : flat
  }
  return `${file}:${line} ${kind}: ${short(readFileSync(`${root}${file}`, "utf8").slice(start, end))} → ${short(to)}`
}

function tableOf(results: readonly { target: Target; tried: Tried[] }[]): string {
  const rows = results.map(({ target, tried }) => {
    const left = survivors(tried)
    const bySimulator = tried.filter(({ by }) => by?.startsWith("simulator")).length
    const score = `${(100 * (1 - left / Math.max(1, tried.length))).toFixed(1)} %`
    return [target.file, tried.length, tried.length - left, bySimulator, left, score].map(String)
  })
  const head = ["file", "mutants", "killed", "(simulator)", "survived", "score"]
  return [head, ...rows]
    .map(([file, ...cells]) => `${(file as string).padEnd(36)}${cells.map((cell) => cell.padStart(12)).join("")}`)
    .join("\n")
}
