import { setTimeout as delay } from "node:timers/promises"
import { Pool } from "undici"
import { closedLoop, type Shot } from "../load.ts"
import { serve } from "../processes.ts"
import { channelToken, inboundShot } from "../scene.ts"
import { any, type Company, signIn } from "./company.ts"
import { operations } from "./operations.ts"

/** What one visit to a company came to. */
export interface Visit {
  /** Times of each operation in ms, by its name; none of a company without conversations. */
  times: Map<string, number[]>
  /** Messages accepted per second: of 500 conversations, and of any that the company has. */
  few: number
  any: number | null
}

const turns = 60
const warmUpTurns = 15
const warmUpSeconds = 2
/** So long one operation may take in all, and a quarter of it to warm up: what it was measured until then counts. */
const operationMs = 5_000
/** Between two requests, so that a teammate stays below what one may ask in a minute. */
const pauseMs = 11

/** Starts the server of a company, and measures it: what teammates do, one request after the other and in turn, then messages at 64 connections. */
export async function visit(company: Company, run: string, seconds: number): Promise<Visit> {
  const served = await serve("product", [], company.dataDir)
  try {
    const times = company.conversations > 0 ? await look(served.url, company) : new Map()
    const accept = async (next: (n: number) => Shot, forSeconds = seconds): Promise<number> =>
      (await closedLoop({ url: served.url, connections: 64, seconds: forSeconds, status: 202, next })).perSecond
    const scene = { ...company, tokens: company.channelIds.map((id) => channelToken(company.app, id)) }
    // A server that has only just begun is slow, and the empty one has done nothing yet.
    await accept((n) => inboundShot(scene, `${run}warm`, n), warmUpSeconds)
    const few = await accept((n) => inboundShot(scene, run, n))
    const every =
      company.conversations > 0 ? await accept((n) => strayShot(scene, `${run}any`, n, any(company, n))) : null
    return { times, few, any: every }
  } finally {
    await served.stop()
  }
}

async function look(url: string, company: Company): Promise<Map<string, number[]>> {
  const pool = new Pool(url, { connections: 1 })
  const headers = { cookie: await signIn(url), "sec-fetch-site": "same-origin" }
  const times = new Map<string, number[]>(operations.map(({ name }) => [name, []]))
  const spent = { warmUp: new Map<string, number>(), measured: new Map<string, number>() }
  const begin = Date.now()
  for (let turn = 0; turn < warmUpTurns + turns; turn++) {
    for (const { name, path } of operations) {
      const isMeasured = turn >= warmUpTurns
      const phase = isMeasured ? spent.measured : spent.warmUp
      if ((phase.get(name) ?? 0) > (isMeasured ? operationMs : operationMs / 4)) continue
      const asked = path(company, begin + turn)
      const before = performance.now()
      const answer = await pool.request({ method: "GET", path: asked, headers })
      const body = await answer.body.text()
      const took = performance.now() - before
      if (answer.statusCode !== 200) throw new Error(`GET ${asked} was answered ${answer.statusCode}: ${body}`)
      if (isMeasured) times.get(name)?.push(took)
      phase.set(name, (phase.get(name) ?? 0) + took)
      await delay(pauseMs)
    }
  }
  await pool.close()
  return times
}

/** The next message of the company's n-th conversation, which may have been quiet for long. */
function strayShot(scene: { channelIds: string[]; tokens: string[] }, run: string, n: number, nth: number): Shot {
  const shot = inboundShot(scene, run, nth % scene.channelIds.length)
  const body = {
    sender: { handle: `guest-${nth}`, name: `guest ${nth % 1000}` },
    body: `Message ${n}: it should have come on Monday, and today is Wednesday. Where is it?`,
    metadata: { external_id: `bench.${run}.${n}`, external_conversation_id: `growth-${nth}` },
  }
  return { ...shot, body: JSON.stringify(body) }
}
