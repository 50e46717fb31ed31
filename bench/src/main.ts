import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { resolve } from "node:path"
import { parseArgs } from "node:util"
import type { Benchmark, RunOptions } from "./speed/benchmark.ts"
import { benchmarks } from "./speed/list.ts"
import { describeMachine, machineText } from "./speed/machine.ts"
import { publish } from "./speed/publish.ts"
import { type Results, withResult } from "./speed/results.ts"
import { findingText } from "./speed/text.ts"

const names = benchmarks.map(({ name }) => name)
const own = benchmarks.flatMap(({ name, flags = {} }) =>
  Object.entries(flags).map(([flag, is]) => ({ ...is, flag, name })),
)

const flagText = ({ flag, usage, name, default: is }: (typeof own)[number]): string =>
  `  ${`--${flag} X`.padEnd(18)} ${name}: ${usage}${is === "" ? "" : ` (default ${is})`}\n`

const usage = `Usage: npm run bench -- [names] [options]

Measures this server on this machine, each figure beside its limit from the same run. Everything shares the machine's processors,
so only the ratios of one call mean anything.

${benchmarks.map(({ name, title }) => `  ${name.padEnd(18)} ${title}`).join("\n")}

  --seconds N        how long each measured stretch lasts (default 5)
  --rounds N         how often everything is measured, the median counts (default 3)
  --seed N           decides when requests come (default 1)
  --prism URL        a mock of the vendor's document, which is measured beside
  --json FILE        keeps the results there; those of other benchmarks that it holds already stay
${own.map(flagText).join("")}  --publish          measures nothing: writes the tables and plots of docs/performance.md from docs/performance.json
  --help             shows this
`

class UsageError extends Error {}

function readArgs(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      seconds: { type: "string", default: "5" },
      rounds: { type: "string", default: "3" },
      seed: { type: "string", default: "1" },
      prism: { type: "string" },
      json: { type: "string" },
      publish: { type: "boolean" },
      help: { type: "boolean" },
      ...Object.fromEntries(own.map(({ flag, default: is }) => [flag, { type: "string" as const, default: is }])),
    },
  })
  const unknown = positionals.find((name) => !names.includes(name))
  if (unknown !== undefined) throw new UsageError(`there is no benchmark "${unknown}": ${names.join(", ")}`)
  const { help = false, publish: publishes = false, ...given } = values
  const flags = given as Record<string, string>
  return {
    help,
    publishes,
    chosen: benchmarks.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
    // Where it was typed: npm runs scripts in the project's folder.
    json: values.json === undefined ? null : resolve(process.env.INIT_CWD ?? "", values.json),
    options: {
      seconds: wholeNumber("--seconds", flags.seconds),
      rounds: wholeNumber("--rounds", flags.rounds),
      seed: wholeNumber("--seed", flags.seed),
      prism: values.prism ?? null,
      flags,
    },
  }
}

function wholeNumber(name: string, text: string | undefined): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 1)
    throw new UsageError(`${name} is a whole number from 1 (was ${text})`)
  return number
}

/** Runs one, prints what it came to and keeps it in the file. */
async function measure(benchmark: Benchmark, options: Omit<RunOptions, "say">, json: string | null): Promise<void> {
  const began = performance.now()
  const say = (text: string) => process.stderr.write(`${benchmark.name}: ${text} …\n`)
  const machine = await describeMachine()
  const finding = await benchmark.run({ ...options, say })
  const { seconds, rounds, seed } = options
  const tookSeconds = Math.round((performance.now() - began) / 1000)
  process.stdout.write(
    `\n${benchmark.title}\n\n${findingText(finding)}\n${machineText(machine)} · seed ${seed}, medians of ${rounds} × ${seconds} s, ${tookSeconds} s in all\n`,
  )
  if (json === null) return
  const kept: Results = existsSync(json) ? JSON.parse(readFileSync(json, "utf8")) : {}
  const result = { finding, machine, seconds, rounds, seed, at: new Date().toISOString() }
  writeFileSync(json, `${JSON.stringify(withResult(kept, benchmark.name, result), null, 1)}\n`)
}

async function main(args: string[]): Promise<number> {
  let asked: ReturnType<typeof readArgs>
  try {
    asked = readArgs(args)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}. See npm run bench -- --help\n`)
    return 2
  }
  if (asked.help) process.stdout.write(usage)
  else if (asked.publishes) publish(benchmarks)
  // Servers of a run that is interrupted end with this process.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130))
  for (const benchmark of asked.help || asked.publishes ? [] : asked.chosen)
    await measure(benchmark, asked.options, asked.json)
  return 0
}

process.exitCode = await main(process.argv.slice(2))
