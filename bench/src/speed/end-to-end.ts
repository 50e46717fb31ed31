import { closedFlow, onTheirWayMax, openFlow } from "../flow.ts"
import { seeded } from "../harness/seeded.ts"
import { closedLoop, type Measured } from "../load.ts"
import { conversationCount, inboundShot, type Scene, withScene } from "../scene.ts"
import type { Benchmark, Finding, RunOptions } from "./benchmark.ts"
import { inRounds, joined, openPlot, openTable, rateOf, timeOf } from "./rounds.ts"

const shares = [0.25, 0.5, 0.75] as const
const connections = 64
const openConnections = 256

export const endToEndBenchmark: Benchmark = {
  name: "end-to-end",
  title: "From an inbound message to its webhook",
  method: `A partner posts messages and hears message_imported of each, in order for each of ${conversationCount} conversations. Closed loop: ${connections} requests under way and at most ${onTheirWayMax} messages whose webhook has not come; counted at the partner. Open loop: timed from the moment a message was to leave until its webhook arrives. The limit: accept alone, deliveries resting.`,
  run: async (options) => finding(await inRounds(options, measureRound)),
}

interface Round {
  accept: Measured
  through: Measured & { disorders: number }
  open: Map<number, Measured>
}

async function measureRound({ seconds, seed, say }: RunOptions, round: number): Promise<Round> {
  const loopOf = (scene: Scene, run: string) => ({
    url: scene.url,
    connections,
    status: 202,
    seconds,
    next: (n: number) => inboundShot(scene, run, n),
  })
  say("accept alone")
  const accept = await withScene([], (scene) => closedLoop(loopOf(scene, "alone")))
  return await withScene(["--deliver"], async (scene, partner) => {
    say("to the webhook")
    const flow = (run: string) => ({ ...loopOf(scene, run), partner, run, conversations: conversationCount })
    const through = await closedFlow(flow("through"))
    const open = new Map<number, Measured>()
    for (const [i, share] of shares.entries()) {
      say(`to the webhook, open loop at ${share} of the peak`)
      const random = seeded(seed * 1_000 + round * 10 + i)
      const perSecond = share * through.perSecond
      open.set(share, await openFlow({ ...flow(`open${i}`), connections: openConnections, perSecond, random }))
    }
    return { accept, through, open }
  })
}

function finding(rounds: readonly Round[]): Finding {
  const accepted = rounds.map(({ accept }) => accept)
  const through = rounds.map((round) => round.through)
  const opens = joined(
    shares,
    rounds.map(({ open }) => open),
  )
  const ratio = rateOf(through) / rateOf(accepted)
  return {
    tables: [
      {
        columns: [
          { name: "closed loop" },
          { name: "per second" },
          { name: "p99 of the 202, ms", digits: 1 },
          { name: "end to end ÷ it", digits: 2 },
        ],
        rows: [
          ["end to end", rateOf(through), timeOf(through, 0.99), 1],
          ["accept alone", rateOf(accepted), timeOf(accepted, 0.99), ratio],
        ],
      },
      openTable(opens),
    ],
    aims: [
      { what: "end to end ÷ accept", figure: ratio, least: 0.5 },
      {
        what: "webhooks that came out of order",
        figure: through.reduce((sum, { disorders }) => sum + disorders, 0),
        most: 0,
      },
    ],
    plots: [openPlot("end-to-end-latency", "Time from a message's departure to its webhook", opens)],
  }
}
