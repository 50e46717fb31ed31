import { readFileSync } from "node:fs"
import { registerHooks } from "node:module"
import { pathToFileURL } from "node:url"
import { loadVariant, simulatorOver } from "../sim/variant.ts"
import { readMutants, root } from "./read.ts"
import { runCollected } from "./suite.ts"
import { targets, unusable } from "./targets.ts"

/**
 * A process that tries the mutants of one target, from a given one on, and prints a line of JSON for each: what noticed it, or null. Mutants that never
 * come to an end are ended by whoever started this.
 */
const suiteUrl = new URL("suite.ts", import.meta.url).href
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "vitest" && context.parentURL?.includes("?variant=")
      ? { url: suiteUrl, shortCircuit: true }
      : next(specifier, context),
})

/** Worlds of the simulator that each mutant has to get through. */
const worlds = Array.from({ length: 6 }, (_, i) => ({ seed: i + 1, deliveries: 400 }))

const [file, from] = [process.argv[2] as string, Number(process.argv[3])]
const target = targets.find((one) => one.file === file)
if (target === undefined) throw new Error(`${file} is not among the targets`)
const text = readFileSync(`${root}${file}`, "utf8")

/** What notices this text in place of the file's own; null: nothing does. */
async function noticed(name: string, source: string): Promise<string | null> {
  try {
    for (const path of target?.tests ?? []) {
      await loadVariant(`${name} ${path}`, file, source, pathToFileURL(`${root}${path}`).href)
      const failed = await runCollected()
      if (failed !== null) return failed
    }
    const simulate = await simulatorOver(`${name} simulated`, file, source)
    for (const world of worlds) {
      const { failure } = await simulate(world)
      if (failure !== null) return `simulator, seed ${world.seed}: ${failure.rule}`
    }
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

Error.stackTraceLimit = 0
// What a mutant leaves unheard of must not end the trial of the next.
process.on("unhandledRejection", () => {})
process.on("uncaughtException", () => {})

if (from === 0) {
  const failed = await noticed("unchanged", text)
  if (failed !== null) {
    process.stderr.write(`the unchanged ${file} fails: ${failed}\n`)
    process.exit(unusable)
  }
}
for (const [index, mutant] of readMutants(target).entries()) {
  if (index < from) continue
  const by = await noticed(`${index}`, `${text.slice(0, mutant.start)}${mutant.to}${text.slice(mutant.end)}`)
  process.stdout.write(`${JSON.stringify({ index, by })}\n`)
}
process.exit(0)
