import type { Heard } from "../browsers.ts"
import { median, nowMs, percentile, type Shot } from "../load.ts"
import { type Helper, openHelper } from "../processes.ts"
import { ask, inboundShot, person, type Scene, withScene } from "../scene.ts"
import type { Benchmark, Finding, RunOptions } from "./benchmark.ts"
import { inRounds } from "./rounds.ts"

const streams = 1_000
const teammates = 10
/** No message is waited for longer. */
const patienceMs = 30_000
/** A pause after each message, so that none meets what is left of the one before. */
const messagesPerSecond = 4

export const fanOutBenchmark: Benchmark = {
  name: "fan-out",
  title: `One message, ${streams.toLocaleString("en-US")} browsers`,
  method: `${teammates} teammates with ${streams / teammates} live streams each, over real HTTP, their ends in a process of its own. Messages come one at a time; timed from the moment a message was posted, and again from its 202, until a stream has the event. The limit: a bare Node server that writes the same bytes to as many streams.`,
  run: async (options) => finding(await inRounds(options, measureRound)),
}

/** In ms, of every message. */
interface Spread {
  /** Until the first, the 99th of a hundred and the last stream has it, since the request left. */
  first: number[]
  p99: number[]
  last: number[]
  /** Until the last has it, since the 202; below 0 where that came later. */
  sinceAnswer: number[]
  bytes: number
}

interface Round {
  ours: Spread
  plain: Spread
}

/** Sessions of so many teammates, the scene's person among them. */
export async function signInAll({ url, apiToken }: Scene, count: number): Promise<string[]> {
  const { email, password } = person
  const cookieOf = ({ headers }: { headers: Headers }) => String(headers.get("set-cookie")).split(";")[0] as string
  const cookies = [cookieOf(await ask(`${url}/causeway/auth/sign-in/email`, { body: { email, password } }))]
  while (cookies.length < count) {
    const invited = await ask(`${url}/causeway/invitations`, {
      body: { email: `teammate${cookies.length}@example.test` },
      token: apiToken,
    })
    const token = new URL(invited.body.url).hash.slice(1)
    const body = { token, name: `Teammate ${cookies.length}`, password }
    cookies.push(cookieOf(await ask(`${url}/causeway/invitations/accept`, { body })))
  }
  return cookies
}

/** So many streams of these sessions, open and heard. */
export const openBrowsers = (url: string, count: number, cookies: readonly string[]): Promise<Helper> =>
  openHelper("browsers.ts", [url, String(count), ...cookies])

const measureRound = (options: RunOptions): Promise<Round> =>
  withScene(["--deliver"], async (scene) => {
    options.say("teammates sign in")
    const cookies = await signInAll(scene, teammates)
    options.say(`${streams} streams`)
    const shot = (n: number) => inboundShot(scene, "fan", n)
    const ours = await spread({ origin: scene.url, path: "/causeway/live", cookies, shot }, options)
    options.say(`${streams} streams of a bare server`)
    const { ready, close } = await openHelper("plain-streams.ts")
    const filler = "x".repeat(ours.bytes)
    const plainShot = (n: number) => ({
      path: "/",
      headers: {},
      body: `${`data: bench.plain.${n} ${filler}`.slice(0, ours.bytes - 2)}\n\n`,
    })
    const plain = await spread({ origin: ready.url, path: "/", cookies: ["none=1"], shot: plainShot }, options)
    await close()
    return { ours, plain }
  })

interface Stage {
  origin: string
  /** Of the streams. */
  path: string
  cookies: readonly string[]
  shot(n: number): Shot
}

async function spread({ origin, path, cookies, shot }: Stage, { seconds }: RunOptions): Promise<Spread> {
  const browsers = await openBrowsers(origin + path, streams, cookies)
  const result: Spread = { first: [], p99: [], last: [], sinceAnswer: [], bytes: 0 }
  let hear: (heard: Heard) => void = () => {}
  browsers.onNews((news) => hear(news.heard as unknown as Heard))
  for (let n = 0; n <= seconds * messagesPerSecond; n++) {
    const heard = new Promise<Heard>((resolve, reject) => {
      hear = resolve
      setTimeout(() => reject(new Error(`not every stream heard of message ${n}`)), patienceMs).unref()
    })
    const { path, headers, body } = shot(n)
    const sentAt = nowMs()
    const answer = await fetch(origin + path, { method: "POST", headers, body })
    const answeredAt = nowMs()
    if (answer.status !== 202) throw new Error(`POST ${path} answered ${answer.status}: ${await answer.text()}`)
    await answer.arrayBuffer()
    const { at, bytes } = await heard
    await new Promise((resolve) => setTimeout(resolve, Math.max(20, sentAt + 1000 / messagesPerSecond - nowMs())))
    if (n === 0) continue // plans and connections are warm after it
    result.first.push((at[0] as number) - sentAt)
    result.p99.push(percentile(at, 0.99) - sentAt)
    result.last.push((at.at(-1) as number) - sentAt)
    result.sinceAnswer.push((at.at(-1) as number) - answeredAt)
    result.bytes = bytes
  }
  await browsers.close()
  return result
}

function finding(rounds: readonly Round[]): Finding {
  const all = (of: "ours" | "plain", key: "first" | "p99" | "last" | "sinceAnswer"): number[] =>
    rounds.flatMap((round) => round[of][key])
  const row = (name: string, of: "ours" | "plain") => [
    name,
    median(all(of, "first")),
    median(all(of, "p99")),
    median(all(of, "last")),
    percentile(all(of, "last"), 0.99),
    median(all(of, "sinceAnswer")),
    median(all("ours", "last")) / median(all(of, "last")),
  ]
  return {
    tables: [
      {
        columns: [
          { name: "median of the messages, ms" },
          { name: "first stream", digits: 1 },
          { name: "99 % of the streams", digits: 1 },
          { name: "last stream", digits: 1 },
          { name: "last stream, p99 of the messages", digits: 1 },
          { name: "last stream, from the 202", digits: 1 },
          { name: "live feed ÷ it", digits: 2 },
        ],
        rows: [row("live feed", "ours"), row("bare server, same bytes", "plain")],
      },
    ],
    aims: [
      {
        what: `p99 until the last of ${streams} streams has heard`,
        figure: percentile(all("ours", "last"), 0.99),
        most: 250,
        unit: " ms",
      },
    ],
    plots: [
      {
        kind: "bars",
        name: "fan-out",
        title: `From a message's departure to ${streams.toLocaleString("en-US")} streams, median`,
        unit: "ms",
        bars: [
          { name: "first stream", value: median(all("ours", "first")) },
          { name: "99 % of the streams", value: median(all("ours", "p99")) },
          { name: "last stream", value: median(all("ours", "last")) },
          { name: "bare server, last stream", value: median(all("plain", "last")) },
        ],
      },
    ],
  }
}
