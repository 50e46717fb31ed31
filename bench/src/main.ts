import { parseArgs } from "node:util"
import { closedLoop, type Measured, median } from "./load.ts"
import { runPgbench } from "./pgbench.ts"
import { openSink, serve } from "./processes.ts"
import { buildScene, channelCount, conversationCount, inboundShot } from "./scene.ts"

const usage = `Usage: npm run bench -- [--seconds N] [--rounds N]

Accepts inbound messages over ${channelCount} channels and ${conversationCount} conversations at 64 connections, and prints what that comes to beside
the same server without a database, one transaction per message, and pgbench with an equal transaction.
Everything shares this machine: only the ratios of one call mean anything.
`

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "6" },
    rounds: { type: "string", default: "3" },
    help: { type: "boolean" },
  },
})
if (values.help) {
  process.stdout.write(usage)
  process.exit(0)
}
const seconds = Number(values.seconds)
const rounds = Number(values.rounds)

const runs: { name: string; mode: string; flags: string[]; connections: number }[] = [
  { name: "accept", mode: "product", flags: [], connections: 64 },
  { name: "accept, deliveries running", mode: "product", flags: ["--deliver"], connections: 64 },
  { name: "no database", mode: "bare", flags: [], connections: 64 },
  { name: "one transaction per message", mode: "single", flags: [], connections: 32 },
]

async function measure(run: (typeof runs)[number], round: number): Promise<Measured> {
  const sink = await openSink()
  const served = await serve(run.mode, run.flags)
  try {
    const scene = await buildScene(served.url, served.setupCode, sink.url)
    const measured = await closedLoop({
      url: served.url,
      connections: run.connections,
      seconds,
      status: 202,
      next: (n) => inboundShot(scene, `${run.mode}-${round}`, n),
    })
    if (Object.keys(measured.odd).length > 0)
      throw new Error(`${run.name}: answers other than 202: ${JSON.stringify(measured.odd)}`)
    return measured
  } finally {
    await served.stop()
    sink.close()
  }
}

const results = new Map<string, Measured[]>(runs.map((run) => [run.name, []]))
const pgbench: number[] = []
for (let round = 1; round <= rounds; round++) {
  for (const run of runs) {
    process.stderr.write(`round ${round} of ${rounds}: ${run.name} …\n`)
    results.get(run.name)?.push(await measure(run, round))
  }
  const tps = await runPgbench(seconds)
  if (tps !== null) pgbench.push(tps)
}

const rate = (name: string) => median((results.get(name) ?? []).map((measured) => measured.perSecond))
const ms = (name: string, key: "p50Ms" | "p99Ms") =>
  median((results.get(name) ?? []).map((measured) => measured[key])).toFixed(1)
const accept = rate("accept")
const line = (cells: (string | number)[]) =>
  process.stdout.write(
    `${cells.map((cell, i) => (i === 0 ? String(cell).padEnd(34) : String(cell).padStart(12))).join("")}\n`,
  )
line(["median of rounds", "per second", "p50 ms", "p99 ms", "accept ÷ it"])
for (const run of runs)
  line([
    run.name,
    rate(run.name).toFixed(0),
    ms(run.name, "p50Ms"),
    ms(run.name, "p99Ms"),
    (accept / rate(run.name)).toFixed(2),
  ])
if (pgbench.length > 0)
  line(["pgbench, equal transaction", median(pgbench).toFixed(0), "-", "-", (accept / median(pgbench)).toFixed(2)])
else process.stdout.write("pgbench is not installed: that row is left out\n")
process.stdout.write("accept ÷ no database: aim ≥ 0.5 · accept ÷ one transaction per message: gate ≥ 2.5\n")
