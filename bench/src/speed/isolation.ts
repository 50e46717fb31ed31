import type { Measured } from "../harness/beside.ts"
import { measureNeighbours, neighbourChannels } from "../matrix/neighbours.ts"
import { inWorld } from "../matrix/row.ts"
import type { Benchmark, Finding } from "./benchmark.ts"

const { healthy, troubled } = neighbourChannels

export const isolationBenchmark: Benchmark = {
  name: "isolation",
  title: "Partners in trouble beside partners that are well",
  method: `Replies to ${healthy} partners at 20 a second, timed from the request to the partner, by turns of 2 s: while ${troubled} others are well, and while 100 of those hang, 50 answer 500 and 10 drip a byte a second. All ${healthy + troubled} are written to all the time. Medians of the turns; the limit is the turns without trouble.`,
  run: ({ seed, say }) =>
    inWorld({ seed, channels: healthy + troubled }, async (world, driver) => {
      say("turns with trouble and without it")
      return finding(await measureNeighbours(world, driver, {}))
    }),
}

function finding({ without, beside, ratio, medianRatio, throughput, spread, turns }: Measured): Finding {
  return {
    tables: [
      {
        columns: [
          { name: `${turns} turns each` },
          { name: "replies arrived" },
          { name: "p50 ms", digits: 1 },
          { name: "p99 ms", digits: 1 },
        ],
        rows: [
          ["without trouble", without.arrived, without.p50, without.p99],
          [`${troubled} partners in trouble`, beside.arrived, beside.p50, beside.p99],
          ["÷", `${throughput.toFixed(2)}`, `${medianRatio.toFixed(2)}`, `${ratio.toFixed(2)}`],
          ["p99 of turns without trouble, third quartile ÷ first", null, null, `${spread.toFixed(2)}`],
        ],
      },
    ],
    aims: [
      { what: "p99 of the others, with trouble ÷ without", figure: ratio, most: 1.2 },
      { what: "throughput of the others, with trouble ÷ without", figure: throughput, least: 0.95 },
    ],
    plots: [],
  }
}
