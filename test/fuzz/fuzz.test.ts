import { Agent, type IncomingHttpHeaders, request } from "node:http"
import type { Endpoint } from "@causeway/contract/endpoint"
import fc from "fast-check"
import { afterAll, beforeAll, expect, test } from "vitest"
import { idOf, kindOf, otherWorld, ownWorld, type World } from "../access-world.ts"
import { type Story, startStory } from "../story.ts"
import { type Known, requestOf, type Tried } from "./arbitraries.ts"

/**
 * Requests made from the contract's own schemas, right most of the time and wrong at every place now and then. Whatever comes: no 5xx, every refusal in
 * the `_error` form, every success as the contract describes it (the server checks itself in tests), and the process lives.
 * CAUSEWAY_FUZZ sets how many requests, CAUSEWAY_SEED repeats a run.
 */
const requests = Number(process.env.CAUSEWAY_FUZZ ?? (process.env.CAUSEWAY_FULL ? 200_000 : 20_000))
// The same every day unless asked: what a new seed finds is for --full to find, not for somebody else's change to fail on.
const seed = Number(process.env.CAUSEWAY_SEED ?? (process.env.CAUSEWAY_FULL ? Date.now() % 1_000_000_000 : 20_261_121))
const atOnce = 24
const slowMs = 10_000

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

function credentials(endpoint: Endpoint): Record<string, string> | null {
  if (endpoint.callers.includes("token") || endpoint.callers.includes("anyone"))
    return { authorization: `Bearer ${world.token}` }
  return endpoint.callers.includes("session") ? world.admin : null
}

function send(
  endpoint: Endpoint,
  tried: Tried,
  headers: Record<string, string>,
): Promise<{ status: number; text: string; headers: IncomingHttpHeaders }> {
  const { hostname, port } = new URL(story.server.url)
  return new Promise((resolve, reject) => {
    const body = tried.json === null ? null : Buffer.from(tried.json)
    const sending = request(
      {
        agent,
        hostname,
        port,
        method: endpoint.method,
        path: tried.path,
        headers: { ...headers, ...(body && { "content-type": "application/json", "content-length": body.length }) },
      },
      async (answer) => {
        const pieces: Buffer[] = []
        for await (const piece of answer as AsyncIterable<Buffer>) pieces.push(piece)
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString(), headers: answer.headers })
      },
    )
    sending.setTimeout(slowMs, () => sending.destroy(new Error(`no answer in ${slowMs} ms`)))
    sending.on("error", reject)
    sending.end(body ?? undefined)
  })
}

/** What is wrong with an answer; null: nothing. */
function problemOf({ status, text, headers }: Awaited<ReturnType<typeof send>>): string | null {
  statuses.set(status, (statuses.get(status) ?? 0) + 1)
  if (status >= 500) return `${status}: ${text.slice(0, 300)}`
  if (status < 400) return null
  if (headers["content-type"]?.startsWith("text/html")) return null // pages that people meet on their way: consent, connecting
  if (!headers["content-type"]?.includes("json")) return `${status} that is no JSON: ${text.slice(0, 100)}`
  const body = JSON.parse(text)
  if (typeof body.error === "string") return null // OAuth's own form
  if (typeof body._error?.message !== "string" || (body._error.status ?? status) !== status)
    return `${status} in no _error form: ${text.slice(0, 200)}`
  return null
}

const curl = (endpoint: Endpoint, { path, json }: Tried): string =>
  `curl -X ${endpoint.method} '${story.server.url}${path}' -H "Authorization: Bearer $TOKEN"${json === null ? "" : ` -H 'Content-Type: application/json' -d '${json.replaceAll("'", "'\\''").slice(0, 2000)}'`}`

async function tryOperation(endpoint: Endpoint, count: number): Promise<string | null> {
  const headers = credentials(endpoint)
  if (headers === null) return null
  let problem = ""
  const result = await fc.check(
    fc.asyncProperty(requestOf(endpoint, known), async (tried) => {
      const found = problemOf(await send(endpoint, tried, headers))
      if (found !== null) problem = found
      return found === null
    }),
    { numRuns: count, seed, maxSkipsPerRun: 0, interruptAfterTimeLimit: 240_000 },
  )
  if (!result.failed) return null
  const [tried] = result.counterexample ?? []
  return `${keyOf(endpoint)}: ${problem || String(result.errorInstance)}\n  ${tried ? curl(endpoint, tried) : ""}`
}

test("nothing that a client sends makes a 5xx, or an answer off the contract", { timeout: 600_000 }, async () => {
  const endpoints = story.server.endpoints.filter(
    (endpoint) => !leftOut.has(keyOf(endpoint)) && credentials(endpoint) !== null,
  )
  const each = Math.ceil(requests / endpoints.length)
  const problems: string[] = []
  const work = endpoints.values()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const endpoint of work) {
        const problem = await tryOperation(endpoint, each)
        if (problem !== null) problems.push(problem)
      }
    }),
  )
  const tried = [...statuses.values()].reduce((sum, count) => sum + count, 0)
  const counts = [...statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`)
  process.stdout.write(`fuzz: ${tried} requests, ${endpoints.length} operations, seed ${seed}; ${counts.join(", ")}\n`)
  expect(problems.join("\n")).toBe("")
  expect((await story.call("GET", "/readyz")).status).toBe(200)
  expect(tried).toBeGreaterThanOrEqual(requests)
})
