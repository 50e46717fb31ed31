import { allArrived, closedFlow, countDisorders } from "../flow.ts"
import { closedLoop, nowMs } from "../load.ts"
import type { Arrival } from "../processes.ts"
import { ask, type Scene, withScene } from "../scene.ts"
import type { Benchmark, Finding, RunOptions } from "./benchmark.ts"
import { readyForReplies } from "./replies.ts"

/** So many wait for each second of measuring, where nobody says how many. */
const waitingPerSecond = 1_000

export const drainBenchmark: Benchmark = {
  name: "drain",
  title: "A backlog leaves",
  method:
    "All channels are offline while replies are written; then they are back, and everything that waited leaves, in order for each conversation. Timed from the first channel's return to the last arrival, once. The limit: replies that leave as they are written, measured before on the same server.",
  flags: {
    backlog: { default: "", usage: `how many replies wait; empty: ${waitingPerSecond} for each of --seconds` },
  },
  run: (options) => measureDrain(options),
}

async function setChannels(scene: Scene, status: "ok" | "offline"): Promise<void> {
  for (const id of scene.channelIds)
    await ask(`${scene.url}/channels/${id}`, { method: "PATCH", body: { status }, token: scene.apiToken })
}

const measureDrain = ({ seconds, flags, say }: RunOptions): Promise<Finding> =>
  withScene(["--deliver"], async (scene, partner) => {
    const backlog = Number(flags.backlog) || seconds * waitingPerSecond
    const flow = await readyForReplies(scene, partner)
    say("replies as they are written")
    const out = await closedFlow({ ...flow("out"), seconds })
    await setChannels(scene, "offline")
    say(`${backlog} replies begin to wait`)
    const run = "waited"
    const before = partner.count()
    const waiting = flow(run)
    let written = 0
    const endFilling = followed(() => say(`${written} of ${backlog} wait`))
    const filled = await closedLoop({
      ...waiting,
      seconds: 3_600,
      shotsMax: backlog,
      next(n) {
        written = n
        return waiting.next(n)
      },
    })
    endFilling()
    say(`${filled.sent} replies leave`)
    const began = nowMs()
    const end = followed(() => say(`${partner.count() - before} of ${filled.sent} have left`))
    await setChannels(scene, "ok")
    const backMs = nowMs() - began
    const arrived = await allArrived({ partner, run }, before + filled.sent)
    end()
    return finding({ arrived, began, backMs, outPerSecond: out.perSecond, conversations: waiting.conversations })
  })

/** Has somebody say now and then how far it is, until it is ended. */
function followed(tell: () => void): () => void {
  const timer = setInterval(tell, 10_000).unref()
  return () => clearInterval(timer)
}

interface Drained {
  arrived: Arrival[]
  /** When the first channel was to be back, and how long until all were. */
  began: number
  backMs: number
  outPerSecond: number
  conversations: number
}

function finding({ arrived, began, backMs, outPerSecond, conversations }: Drained): Finding {
  const last = Math.max(...arrived.map(({ at }) => at))
  const perSecond = (arrived.length * 1000) / (last - began)
  const steps = leftBySecond(arrived, began)
  return {
    tables: [
      {
        columns: [
          { name: "replies" },
          { name: "count" },
          { name: "seconds", digits: 1 },
          { name: "per second" },
          { name: "drain ÷ it", digits: 2 },
        ],
        rows: [
          ["drain", arrived.length, (last - began) / 1000, perSecond, 1],
          ["of that, until all channels are back", null, backMs / 1000, null, null],
          ["as they are written", null, null, outPerSecond, perSecond / outPerSecond],
        ],
      },
    ],
    aims: [
      { what: "drain ÷ replies as they are written", figure: perSecond / outPerSecond, least: 0.9 },
      { what: "replies that came out of order", figure: countDisorders(arrived, conversations), most: 0 },
    ],
    plots: [
      {
        kind: "lines",
        name: "drain",
        title: "A backlog leaves: replies per second",
        x: { title: "seconds since the first channel is back", scale: "linear" },
        y: { title: "per second", scale: "linear" },
        lines: [
          { name: "drain", points: steps },
          { name: "as they are written", points: steps.map(([second]) => [second, outPerSecond]) },
        ],
      },
    ],
  }
}

/** At most so many points. */
const stepsMax = 60

function leftBySecond(arrived: readonly Arrival[], began: number): [number, number][] {
  const seconds = Math.max(...arrived.map(({ at }) => at - began)) / 1000
  const step = Math.max(1, Math.ceil(seconds / stepsMax))
  const counts = new Array<number>(Math.max(1, Math.floor(seconds / step))).fill(0)
  for (const { at } of arrived) {
    const i = Math.floor((at - began) / 1000 / step)
    if (counts[i] !== undefined) counts[i]++ // the last, unfinished step is left out
  }
  return counts.map((count, i) => [(i + 0.5) * step, count / step])
}
