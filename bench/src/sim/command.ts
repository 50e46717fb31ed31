import { execFileSync } from "node:child_process"
import { parseArgs } from "node:util"
import { type Sum, simulateMany } from "./many.ts"
import type { Ending } from "./run.ts"

const progressEveryMs = 5_000

/** `npm run faults -- --sim`. Returns the exit code. */
export async function runSim(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      sim: { type: "boolean" },
      deliveries: { type: "string", default: "1000000" },
      seed: { type: "string", default: "1" },
    },
  })
  const [seed, deliveries] = [Number(values.seed), Number(values.deliveries)]
  if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(deliveries) || deliveries < 1) {
    process.stderr.write(
      "--seed and --deliveries are whole numbers: npm run faults -- --sim --deliveries 50000 --seed 7\n",
    )
    return 2
  }
  const startedMs = performance.now()
  let saidMs = startedMs
  const sum = await simulateMany({ seed, deliveries }, (so) => {
    if (performance.now() - saidMs < progressEveryMs) return
    saidMs = performance.now()
    process.stderr.write(`${group(so.deliveries)} of ${group(deliveries)} deliveries, ${group(so.worlds)} worlds …\n`)
  })
  process.stdout.write(tableOf(sum, seed, (performance.now() - startedMs) / 1000))
  if (sum.failure?.failure == null) return 0
  process.stdout.write(told(sum.failure))
  return 1
}

const group = (count: number): string => count.toLocaleString("en-US")

function tableOf(sum: Sum, seed: number, seconds: number): string {
  const { user, system } = process.cpuUsage()
  const rows: [string, string][] = [
    ["deliveries", group(sum.deliveries)],
    ["attempts", group(sum.attempts)],
    ["worlds", group(sum.worlds)],
    ["servers killed", group(sum.killed)],
    ["servers frozen", group(sum.frozen)],
    ["virtual hours", group(Math.round(sum.virtualMs / 3_600_000))],
    ["checks", group(sum.checked)],
    ["broken", sum.failure === null ? "0" : "1"],
    ["seeds", `${seed} to ${seed + sum.worlds - 1}`],
    ["seconds", `${seconds.toFixed(1)} (${((user + system) / 1e6).toFixed(1)} of one processor)`],
    ...Object.entries(sum.states).map(([state, count]): [string, string] => [`ended ${state}`, group(count)]),
  ]
  return rows.map(([name, value]) => `${name.padEnd(18)}${value.padStart(24)}\n`).join("")
}

/** What a stranger needs to see it happen again. */
export function told({ seed, failure }: Ending): string {
  return `\nBROKEN: ${failure?.rule}
seed ${seed}, commit ${commit()}: npm run faults -- --sim --seed ${seed} --deliveries 1
what led to it:
${failure?.history.join("\n")}
`
}

function commit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim()
  } catch {
    return "unknown"
  }
}
