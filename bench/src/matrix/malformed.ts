import { readdirSync } from "node:fs"
import { dirname, join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { fileURLToPath, pathToFileURL } from "node:url"
import type { Endpoint } from "@causeway/contract/endpoint"
import fc from "fast-check"
import { type Known, requestOf, type Tried } from "../harness/arbitraries.ts"
import { mebibytes, residentBytes } from "../harness/probe.ts"
import { seeded } from "../harness/seeded.ts"
import type { World } from "../harness/world.ts"
import { inWorld, isFull, type Row, type RowOptions, type RowResult } from "./row.ts"

const atOnce = 8
const perVisit = 10
const kills = isFull ? 25 : 3
/** Between two tries while nobody is there. */
const awayMs = 100
const growthMax = 256 * 1024 * 1024

/** What never answers by itself, or takes away the token that asks. */
const leftOut =
  /^(GET \/causeway\/live|POST \/causeway\/(clock|companies)|.* \/causeway\/(auth|settings)\/.*|DELETE \/causeway\/tokens.*)$/

/** Every operation of the contract that an API token may ask for. */
async function listEndpoints(): Promise<Endpoint[]> {
  const folder = dirname(fileURLToPath(import.meta.resolve("@causeway/contract/endpoints/tags")))
  const found: Endpoint[] = []
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".ts"))) {
    const exported = Object.values(await import(pathToFileURL(join(folder, name)).href)) as Partial<Endpoint>[]
    found.push(...exported.filter((one): one is Endpoint => one?.method !== undefined && Array.isArray(one.callers)))
  }
  return found.filter(({ method, path, callers }) => callers.includes("token") && !leftOut.test(`${method} ${path}`))
}

/** Requests made from the contract's schemas, right mostly and wrong everywhere now and then, while the server is killed and started again. */
const malform = ({ seed }: RowOptions): Promise<RowResult> =>
  inWorld({ seed, channels: 3 }, async (world, driver) => {
    const random = seeded(seed)
    const conversations: string[] = []
    for (let channel = 0; channel < 3; channel++) conversations.push(await driver.converse(channel))
    const known = knownOf(world, conversations)
    const endpoints = await listEndpoints()
    const broken = new Set<string>()
    const counts = { asked: 0, unanswered: 0, refused: 0 }
    const running = new AbortController()
    let visit = 0
    const worker = async () => {
      while (!running.signal.aborted) {
        const endpoint = endpoints[Math.floor(random() * endpoints.length)] as Endpoint
        for (const tried of fc.sample(requestOf(endpoint, known), {
          numRuns: perVisit,
          seed: seed * 1_000 + ++visit,
        })) {
          if (running.signal.aborted) return
          const status = await send(world, endpoint, tried)
          counts.asked++
          if (status === null) {
            counts.unanswered++
            await delay(awayMs)
          }
          if (status !== null && status >= 400) counts.refused++
          if (status !== null && status >= 500 && status !== 503)
            broken.add(
              `${endpoint.method} ${tried.path.slice(0, 200)} ${tried.json?.slice(0, 300) ?? ""} was answered ${status}`,
            )
        }
      }
    }
    const workers = Array.from({ length: atOnce }, worker)
    for (let i = 0; i < kills; i++) {
      await delay(1_000 + random() * 2_000)
      await world.calm.except(async () => {
        await world.servers[0]?.kill()
        await world.start()
      })
    }
    const before = residentBytes(world.servers[0]?.pid as number)
    await delay(isFull ? 60_000 : 4_000)
    const growth = Math.max(0, residentBytes(world.servers[0]?.pid as number) - before)
    running.abort()
    await Promise.all(workers)
    const alive = await world.ask("GET", "/readyz").catch(() => null)
    if (alive?.status !== 200) broken.add(`the server is not ready: ${alive?.status ?? "no answer"}`)
    if (growth > growthMax) broken.add(`the server grew by ${mebibytes(growth)}`)
    return {
      held: "no 5xx but 503, no crash, no growth; ready after every kill",
      figure: `${counts.asked} requests to ${endpoints.length} operations, ${counts.refused} refused, ${counts.unanswered} cut off by ${kills} kills; +${mebibytes(growth)} after the last`,
      broken: [...broken],
    }
  })

async function send(world: World, { method }: Endpoint, { path, json }: Tried): Promise<number | null> {
  const headers = {
    authorization: `Bearer ${world.apiToken}`,
    ...(json !== null && { "content-type": "application/json" }),
  }
  const url = `${(world.servers[0] as { url: string }).url}${path}`
  const body = json === null || method === "GET" ? null : json
  const answer = await fetch(url, {
    method,
    headers,
    body,
    redirect: "manual",
    signal: AbortSignal.timeout(20_000),
  }).catch(() => null)
  await answer?.arrayBuffer().catch(() => null)
  return answer?.status ?? null
}

function knownOf(world: World, conversations: readonly string[]): Known {
  const ids = new Map<string, string>([
    ["channel_id", world.channels[0]?.id ?? ""],
    ["inbox_id", world.inboxId],
    ["conversation_id", conversations[0]?.split("/").at(-1) ?? ""],
  ])
  return { ids: [...ids.values(), "cnv_zzzzzzz", "msg_1", "tea_0"], of: (name) => ids.get(name) ?? null }
}

export const malformedRows: Row[] = [{ number: 34, fault: "malformed everything, and kills", run: malform }]
