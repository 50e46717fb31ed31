import { allArrived, closedFlow, onTheirWayMax, openFlow } from "../flow.ts"
import { seeded } from "../harness/seeded.ts"
import { closedLoop, type Measured } from "../load.ts"
import type { Partner } from "../processes.ts"
import { conversationCount, openConversations, replyShot, type Scene, withScene } from "../scene.ts"
import type { Benchmark, Finding, RunOptions } from "./benchmark.ts"
import { inRounds, joined, openPlot, openTable, rateOf, timeOf } from "./rounds.ts"

const shares = [0.25, 0.5, 0.75] as const
const connections = 64
const openConnections = 256

export const repliesBenchmark: Benchmark = {
  name: "replies",
  title: "From a reply to the partner",
  method: `Replies are written over the API into ${conversationCount} conversations and sent to their channels' partner, in order for each conversation, each over a connection of its own. Closed loop: ${connections} requests under way and at most ${onTheirWayMax} replies that have not arrived; counted at the partner. Open loop: timed from the moment a reply was to leave until it arrives. The limit: the same signed bytes posted to the same partner in a loop, without any server.`,
  run: async (options) => finding(await inRounds(options, measureRound)),
}

interface Round {
  out: Measured & { disorders: number }
  open: Map<number, Measured>
  raw: Measured
  rawFresh: Measured
}

/** The scene's conversations, once their first messages have been told to the partner; what replies to them are like. */
export async function readyForReplies(scene: Scene, partner: Partner) {
  const conversations = await openConversations(scene)
  await allArrived({ partner, run: "first" }, conversationCount)
  return (run: string) => ({
    url: scene.url,
    connections,
    status: 202,
    partner,
    run,
    conversations: conversations.length,
    next: (n: number) => replyShot(scene, conversations, run, n),
  })
}

const measureRound = ({ seconds, seed, say }: RunOptions, round: number): Promise<Round> =>
  withScene(["--deliver"], async (scene, partner) => {
    const flow = await readyForReplies(scene, partner)
    say("replies")
    const out = await closedFlow({ ...flow("out"), seconds })
    const open = new Map<number, Measured>()
    for (const [i, share] of shares.entries()) {
      say(`replies, open loop at ${share} of the peak`)
      const random = seeded(seed * 1_000 + round * 10 + i)
      const perSecond = share * out.perSecond
      open.set(share, await openFlow({ ...flow(`open${i}`), connections: openConnections, perSecond, seconds, random }))
    }
    say("the same bytes without a server")
    const { headers, body } = await partner.sample()
    const { host: _host, connection: _connection, "content-length": _length, ...own } = headers
    const shot = { path: "/", headers: own, body }
    const target = { url: new URL(partner.url).origin, connections, status: 200, seconds, next: () => shot }
    const raw = await closedLoop(target)
    return { out, open, raw, rawFresh: await closedLoop({ ...target, isFresh: true }) }
  })

function finding(rounds: readonly Round[]): Finding {
  const out = rounds.map((round) => round.out)
  const rawFresh = rounds.map((round) => round.rawFresh)
  const raw = rounds.map((round) => round.raw)
  const opens = joined(
    shares,
    rounds.map(({ open }) => open),
  )
  const row = (name: string, runs: readonly Measured[]) => [name, rateOf(runs), rateOf(out) / rateOf(runs)]
  return {
    tables: [
      {
        columns: [{ name: "closed loop" }, { name: "per second" }, { name: "replies ÷ it", digits: 2 }],
        rows: [
          row("replies, to the partner", out),
          row("the same bytes, a connection each", rawFresh),
          row("the same bytes, connections kept", raw),
        ],
      },
      openTable(opens),
    ],
    aims: [
      {
        what: "replies that came out of order",
        figure: out.reduce((sum, { disorders }) => sum + disorders, 0),
        most: 0,
      },
      {
        what: "p99 from reply to partner at half of the peak",
        figure: timeOf(opens[1]?.runs ?? [], 0.99) ?? Number.NaN,
        most: 100,
        unit: " ms",
      },
    ],
    plots: [openPlot("replies-latency", "Time from a reply's departure to its arrival at the partner", opens)],
  }
}
