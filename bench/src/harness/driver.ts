import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { openLedger, type Promised } from "./ledger.ts"
import { type Arrivals, beginLoad, type Load } from "./load.ts"
import { percentile, pick, seeded } from "./seeded.ts"
import type { Answer, World } from "./world.ts"

/** With Retry-After they tell a client to come back; everything else that is not 2xx is written down as odd. */
const comeBack = new Set([429, 503])
const againMs = { first: 50, most: 1_000 }
/** Of calm time. */
const patienceMs = 60_000

/** Customers who write and teammates who answer, at times a seeded clock says and not when the last answer came. */
export interface Driver {
  begin(load: Load): { stop(): Promise<Arrivals> }
  /** A conversation of a channel, made by a first message. */
  converse(channel: number): Promise<string>
  reply(conversation: string): Promise<string>
  /** Sends until it is kept, for a minute of calm time at most; whatever comes between is what clients live with. */
  insist(what: string, ask: () => Promise<Answer>): Promise<Answer | null>
  /** Milliseconds from each request's start to its 2xx, and what is not answered yet. */
  times: { inbound: number[]; reply: number[] }
  kept: { inbound: number; replies: number }
}

export const promisesOf = (world: World): string => join(world.folder, "driver.jsonl")

export function openDriver(world: World): Driver {
  const ledger = openLedger<Promised>(promisesOf(world))
  const random = seeded(world.seed)
  const conversations = new Map<number, string[]>()
  const times: Driver["times"] = { inbound: [], reply: [] }
  const kept = { inbound: 0, replies: 0 }
  let number = 0

  const insist: Driver["insist"] = async (what, ask) => {
    const until = world.calm.ms() + patienceMs
    for (
      let waitMs = againMs.first;
      world.calm.ms() < until && !world.isOver;
      waitMs = Math.min(waitMs * 2, againMs.most)
    ) {
      const answer = await ask().catch(() => null)
      if (answer !== null && answer.status < 300) return answer
      const isSaid = answer !== null && comeBack.has(answer.status) && answer.headers.has("retry-after")
      if (answer === null || isSaid) {
        await delay(waitMs)
        continue
      }
      ledger.write({ kind: "odd", what, status: answer.status, text: answer.text.slice(0, 500), at: Date.now() })
      return null
    }
    if (!world.isOver)
      ledger.write({ kind: "odd", what: `${what}, insisted on for a minute,`, status: 0, text: "", at: Date.now() })
    return null
  }
  const anyServer = (): number => {
    const there = [...world.servers.keys()].filter((n) => !world.away.has(n))
    return there[Math.floor(random() * there.length)] ?? 0
  }

  async function write(channel: number, thread: string): Promise<string | null> {
    const { id, token } = world.channels[channel] as World["channels"][number]
    const externalId = `in-${world.seed}-${++number}`
    const json = {
      sender: { handle: `customer-${thread}`, name: `Customer ${thread}` },
      body: `Message ${externalId}`,
      metadata: { external_id: externalId, external_conversation_id: thread },
    }
    const began = performance.now()
    const path = `/channels/${id}/inbound_messages`
    const answer = await insist(externalId, () => world.ask("POST", path, { token, json, server: anyServer() }))
    if (answer === null) return null
    times.inbound.push(performance.now() - began)
    kept.inbound++
    const uid: string = answer.body.message_uid
    ledger.write({ kind: "inbound", externalId, uid, channel, thread, askedAt: answer.askedAt, at: Date.now() })
    return uid
  }

  const driver: Driver = {
    times,
    kept,
    insist,
    async converse(channel) {
      const uid = await write(channel, `thread-${world.seed}-${channel}-${++number}`)
      const token = world.channels[channel]?.token as string
      const message = await insist("reading a message", () => world.ask("GET", `/messages/alt:uid:${uid}`, { token }))
      if (message === null) throw new Error(`message ${uid} cannot be read`)
      const path = new URL(message.body._links.related.conversation).pathname
      conversations.set(channel, [...(conversations.get(channel) ?? []), path])
      return path
    },
    async reply(conversation) {
      const key = `reply-${world.seed}-${++number}`
      const json = { body: key, options: { archive: false } }
      const began = performance.now()
      const path = `${conversation}/messages`
      const token = world.apiToken
      const answer = await insist(key, () => world.ask("POST", path, { token, json, key, server: anyServer() }))
      if (answer === null) return key
      times.reply.push(performance.now() - began)
      kept.replies++
      const id = conversation.split("/").at(-1) as string
      ledger.write({ kind: "reply", key, conversation: id, askedAt: answer.askedAt, at: Date.now() })
      return key
    },
    begin: (load) =>
      beginLoad(world, load, {
        random,
        write: (channel, n) => write(channel, `load-${world.seed}-${channel}-${n}`),
        async reply(channels) {
          const channel = pick(
            random,
            channels.filter((n) => conversations.has(n)),
          )
          await driver.reply(pick(random, conversations.get(channel) as string[]))
        },
      }),
  }
  return driver
}

/** One line of figures about answers. */
export const p99 = (values: readonly number[]): number => percentile(values, 0.99)
