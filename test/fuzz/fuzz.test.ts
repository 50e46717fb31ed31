import { readFile } from "node:fs/promises"
import { Agent, type IncomingHttpHeaders, request } from "node:http"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import type { Endpoint } from "@causeway/contract/endpoint"
import fc from "fast-check"
import { afterAll, beforeAll, expect, test } from "vitest"
import { idOf, kindOf, otherWorld, ownWorld, type World } from "../access-world.ts"
import { figure } from "../figure.ts"
import { type Story, startStory } from "../story.ts"
import { type Known, requestOf } from "./arbitraries.ts"
import { type Sent, sentAs } from "./hostile.ts"

/**
 * Requests made from the contract's own schemas for every operation, right most of the time and wrong at every place now and then; one in eight is hostile in its
 * bytes, headers, path or method. Whatever comes: no 5xx, every refusal in the `_error` form, every success as the contract describes it (the server checks
 * itself in tests), the process lives, and its memory does not grow.
 * CAUSEWAY_FUZZ sets how many requests, CAUSEWAY_SEED repeats a run, CAUSEWAY_FUZZ_MINUTES says when it stops for want of time.
 */
const requests = Number(process.env.CAUSEWAY_FUZZ ?? (process.env.CAUSEWAY_FULL ? 200_000 : 20_000))
// The same every day unless asked: what a new seed finds is for --full to find, not for somebody else's change to fail on.
const seed = Number(process.env.CAUSEWAY_SEED ?? (process.env.CAUSEWAY_FULL ? Date.now() % 1_000_000_000 : 20_261_121))
const atOnce = 24
/** On a machine that stands still the run ends all the same, and says how far it came. */
const minutesMax = Number(process.env.CAUSEWAY_FUZZ_MINUTES ?? (process.env.CAUSEWAY_FULL ? 40 : 10))
/**
 * What is in use at the end, against that when every operation has had half of its requests. Until then each brings code to be compiled, its own and that of
 * its checks, whatever becomes of the requests; after that little is left to come, and what 200,000 requests leave behind shows from 500 bytes each.
 */
const growthMax = 1.2
const residentGrowthMax = 1.35
/** A scene of the simulator waits for what follows from each of its steps, for 90 s at most, and so does whoever asked for it. */
const slowMs = 150_000

/** What would saw off the branch we sit on, or never ends by itself. */
const leftOut = new Set([
  "GET /causeway/live",
  "POST /causeway/clock",
  "POST /causeway/auth/sign-out",
  "POST /causeway/auth/change-password",
  "POST /causeway/apps/:uid/rotate",
  "PATCH /causeway/settings/rate_limits",
  "POST /causeway/companies",
])

let story: Story
let world: World
let known: Known
const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
const statuses = new Map<number, number>()

beforeAll(async () => {
  story = await startStory()
  story.partner.answers()
  world = await ownWorld(story)
  const other = await otherWorld(story)
  const kinds = new Set(
    story.server.endpoints.flatMap(({ path }) =>
      [...path.matchAll(/:(\w+)/g)].map(([, name]) => kindOf(name as string) ?? (name as string)),
    ),
  )
  for (const kind of kinds) await idOf(story, story.server.endpoints, world, kind).catch(() => null)
  known = {
    ids: [...world.ids.values(), ...other.ids.values(), "cnv_zzzzzzz", "msg_1", "tea_0"],
    of: (name) => world.ids.get(kindOf(name) ?? name) ?? null,
  }
})
afterAll(async () => {
  agent.destroy()
  await story?.close()
})

const keyOf = ({ method, path }: Endpoint): string => `${method} ${path}`

/** Everybody who may call, in turn: what one of them may not see, another may stumble over. */
async function credentials(endpoint: Endpoint): Promise<Record<string, string>[]> {
  const { callers } = endpoint
  const installation = async () => (await readFile(join(story.server.dataDir, "installation-token"), "utf8")).trim()
  const exp = Math.floor(Date.now() / 1000) + 86_400
  return [
    ...(callers.some((caller) => caller === "token" || caller === "anyone")
      ? [{ authorization: `Bearer ${world.token}` }]
      : callers.includes("session")
        ? [world.admin]
        : []),
    ...(callers.includes("channel") ? [{ authorization: `Bearer ${story.channelToken({ exp })}` }] : []),
    ...(callers.includes("installation") ? [{ authorization: `Bearer ${await installation()}` }] : []),
    ...(callers.includes("client") ? [{ authorization: `Basic ${btoa("fuzz:fuzz")}` }] : []),
  ]
}

function send(
  { method, path, headers, body }: Sent,
  credential: Record<string, string>,
): Promise<{ status: number; text: string; headers: IncomingHttpHeaders; isHead: boolean }> {
  const { hostname, port } = new URL(story.server.url)
  return new Promise((resolve, reject) => {
    const length = body && { "content-length": body.length }
    const options = { agent, hostname, port, method, path, headers: { ...headers, ...credential, ...length } }
    const sending = request(options, (answer) => {
      const pieces: Buffer[] = []
      answer.on("data", (piece: Buffer) => pieces.push(piece))
      answer.on("error", reject)
      answer.on("end", () => {
        const text = Buffer.concat(pieces).toString()
        resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers, isHead: method === "HEAD" })
      })
    })
    sending.setTimeout(slowMs, () => sending.destroy(new Error(`no answer in ${slowMs} ms`)))
    sending.on("error", reject)
    sending.end(body ?? undefined)
  })
}

/** Where the whole machine stood still, the database's time limits have passed when it goes on: what was under way is told to come again, rightly. */
const still = { times: 0, lastMs: Number.NEGATIVE_INFINITY }
const stillMs = 10_000
let lookedMs = performance.now()
const looking = setInterval(() => {
  const now = performance.now()
  if (now - lookedMs > stillMs) {
    still.times++
    still.lastMs = now
  }
  lookedMs = now
}, 1_000)
afterAll(() => clearInterval(looking))

/** Sends again, when the server said, what was told to come again or was cut off because the machine had stood still. */
async function sendPatiently(sent: Sent, credential: Record<string, string>): ReturnType<typeof send> {
  for (let triesLeft = 5; ; triesLeft--) {
    const [outcome] = await Promise.allSettled([send(sent, credential)])
    const answer = outcome.status === "fulfilled" ? outcome.value : null
    // The timer that notices is due at once after a standstill, but may come behind this answer.
    await pause(0)
    const hasStood = performance.now() - still.lastMs < stillMs
    const isToldToWait = answer?.status === 503 && answer.headers["retry-after"] !== undefined
    if (triesLeft === 0 || !hasStood || (answer !== null && !isToldToWait)) {
      if (outcome.status === "rejected") throw outcome.reason
      return outcome.value
    }
    await pause(Number(answer?.headers["retry-after"] ?? 1) * 1000)
  }
}

/** What is wrong with an answer; null: nothing. */
function problemOf({ status, text, headers, isHead }: Awaited<ReturnType<typeof send>>): string | null {
  statuses.set(status, (statuses.get(status) ?? 0) + 1)
  if (status >= 500) return `${status}: ${text.slice(0, 300)}`
  if (status < 400 || isHead) return null
  if (headers["content-type"]?.startsWith("text/html")) return null // pages that people meet on their way: consent, connecting
  if (!headers["content-type"]?.includes("json")) return `${status} that is no JSON: ${text.slice(0, 100)}`
  const body = JSON.parse(text)
  if (typeof body.error === "string") return null // OAuth's own form
  if (typeof body._error?.message !== "string" || (body._error.status ?? status) !== status)
    return `${status} in no _error form: ${text.slice(0, 200)}`
  return null
}

const curl = ({ method, path, headers, body }: Sent): string =>
  `curl -X ${method} '${story.server.url}${path}' -H "Authorization: Bearer $TOKEN" ${JSON.stringify(headers)}${body === null ? "" : ` --data-binary @- <<< '${body.toString().slice(0, 2000)}'`}`

let tried = 0
let deadline = Number.POSITIVE_INFINITY
/** MiB after a full garbage collection: objects and buffers in use, and what the process holds; at each tenth of the requests and at the end of each round. */
interface Memory {
  used: number
  resident: number
}
const memory: Memory[] = []
setFlagsFromString("--expose-gc")
const collect: () => void = runInNewContext("gc")
function weigh(): void {
  collect()
  const { heapUsed, external, rss } = process.memoryUsage()
  memory.push({ used: (heapUsed + external) / 2 ** 20, resident: rss / 2 ** 20 })
}

/** Of the last three weights: what is under way just then, a backup, is not left behind. */
function leastOfLate(): Memory {
  const late = memory.slice(-3)
  return {
    used: Math.min(...late.map(({ used }) => used)),
    resident: Math.min(...late.map(({ resident }) => resident)),
  }
}

async function tryOperation(endpoint: Endpoint, count: number, own: number): Promise<string | null> {
  const callers = await credentials(endpoint)
  let problem = ""
  let turn = 0
  const result = await fc.check(
    fc.asyncProperty(sentAs(endpoint.method, requestOf(endpoint, known)), async (sent) => {
      const found = problemOf(await sendPatiently(sent, callers[turn++ % callers.length] as Record<string, string>))
      if (found !== null) problem = found
      if (++tried % Math.floor(requests / 10) === 0) {
        weigh()
        if (process.env.CAUSEWAY_FULL) figure("S1", `${tried} of ${requests} so far`)
      }
      return found === null
    }),
    { numRuns: count, seed: own, maxSkipsPerRun: 0, interruptAfterTimeLimit: Math.max(0, deadline - Date.now()) },
  )
  if (!result.failed || result.counterexample === null) return null // without one, only the time was up
  const [sent] = result.counterexample ?? []
  return `${keyOf(endpoint)}: ${problem || String(result.errorInstance)}\n  ${sent ? curl(sent) : ""}`
}

test(
  "nothing that a client sends makes a 5xx, or an answer off the contract, or lets memory grow",
  { timeout: 3_600_000 },
  async () => {
    const endpoints = story.server.endpoints.filter((endpoint) => !leftOut.has(keyOf(endpoint)))
    const each = Math.ceil(requests / endpoints.length / 2)
    const problems: string[] = []
    deadline = Date.now() + minutesMax * 60_000
    /** Of each operation in each round: with the slowest ones alone at its end, a round waits for them. */
    const took: { operation: string; seconds: number }[] = []
    async function round(own: number): Promise<Memory> {
      const work = endpoints.entries()
      await Promise.all(
        Array.from({ length: atOnce }, async () => {
          for (const [i, endpoint] of work) {
            // With one seed for all, each would be spoiled by the same few tricks.
            const beganMs = performance.now()
            const problem = await tryOperation(endpoint, each, own + i * 7_919)
            took.push({ operation: keyOf(endpoint), seconds: (performance.now() - beganMs) / 1000 })
            if (problem !== null) problems.push(problem)
          }
        }),
      )
      weigh()
      return leastOfLate()
    }
    const half = await round(seed)
    const end = await round(seed + 104_729)
    const growth = { used: end.used / half.used, resident: end.resident / half.resident }
    const ended = Date.now() >= deadline ? `stopped after ${minutesMax} minutes short of ${requests}; ` : ""
    const counts = [...statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`)
    const slowest = took.toSorted((a, b) => b.seconds - a.seconds).slice(0, 3)
    figure(
      "S1",
      `${ended}${tried} requests, ${endpoints.length} operations, seed ${seed}; ${counts.join(", ")}; stood still ${still.times} times; MiB in use (resident) ${memory.map(({ used, resident }) => `${used.toFixed(0)} (${resident.toFixed(0)})`).join(" → ")}, from half to end x ${growth.used.toFixed(2)} (${growth.resident.toFixed(2)}); slowest ${slowest.map(({ operation, seconds }) => `${operation} ${seconds.toFixed(0)} s`).join(", ")}`,
    )
    expect(problems.join("\n")).toBe("")
    expect((await story.call("GET", "/readyz")).status).toBe(200)
    expect(tried).toBeGreaterThanOrEqual(requests)
    expect(growth.used).toBeLessThan(growthMax)
    expect(growth.resident).toBeLessThan(residentGrowthMax)
  },
)
