import { existsSync } from "node:fs"
import { mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { formatId, parseId } from "@causeway/contract/ids"
import { startEmbedded } from "@causeway/server/database/embedded"
import { clientOptions } from "@causeway/server/database/pool"
import { createLog } from "@causeway/server/log"
import pg from "pg"
import { openPartner, serve } from "../processes.ts"
import { ask, buildScene, type Scene } from "../scene.ts"
import { type Amount, fill } from "./fill.ts"

/** A company that lies in a data directory of its own, filled, and all that is needed to use it. */
export interface Company extends Amount {
  dataDir: string
  app: Scene["app"]
  channelIds: string[]
  tagId: string
  /** Ids of the conversations are numbers in a row from here. */
  firstConversation: number
}

/** Whoever looks: no admin, as most are none. */
const looker = { name: "Rosa Reed", email: "rosa@example.test", password: "ninety slow lanterns" }

/**
 * The company of this size below `folder`: made and filled where it is not there yet, which takes a quarter of an hour for ten million messages and
 * some 3 KB of disk for each. One that was begun and not finished is made anew.
 */
export async function openCompany(folder: string, amount: Amount, say: (text: string) => void): Promise<Company> {
  const dataDir = join(folder, `${amount.conversations}x${amount.messagesPer}`)
  const noted = join(dataDir, "growth.json")
  if (existsSync(noted)) return JSON.parse(await readFile(noted, "utf8"))
  await rm(dataDir, { recursive: true, force: true })
  await mkdir(dataDir, { recursive: true })
  const { place, ...company } = await setUp(dataDir)
  const firstConversation =
    amount.conversations === 0 ? 0 : await withClient(dataDir, (client) => fill(client, place, amount, say))
  const made: Company = { dataDir, ...amount, ...company, firstConversation }
  await writeFile(noted, JSON.stringify(made))
  return made
}

/** Its database alone, one connection without our limits, and nothing flushed meanwhile: what is lost in a crash is made anew. */
async function withClient<T>(dataDir: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const database = await startEmbedded({ dataDir, log: createLog("silent"), durable: false })
  const client = new pg.Client(clientOptions(database.connection))
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end()
    await database.stop()
  }
}

/** A company with the scene's channels, a tag, and somebody who may see its inbox. */
async function setUp(dataDir: string) {
  const partner = await openPartner()
  const served = await serve("product", [], dataDir)
  try {
    const scene = await buildScene(served, partner.url)
    const { url } = served
    const token = scene.apiToken
    const invitation = { email: looker.email, role: "teammate" }
    const invited = (await ask(`${url}/causeway/invitations`, { body: invitation, token })).body
    const body = { token: new URL(invited.url).hash.slice(1), name: looker.name, password: looker.password }
    const joined = (await ask(`${url}/causeway/invitations/accept`, { body })).body
    const tag = (await ask(`${url}/tags`, { body: { name: "late" }, token })).body
    const teammates = (await ask(`${url}/teammates`, { token })).body._results as { id: string }[]
    const others = teammates.map(({ id }) => id).filter((id) => id !== joined.teammate_id)
    const channels: { id: string; address: string }[] = (await ask(`${url}/channels`, { token })).body._results
    const company = (await ask(`${url}/me`, { token })).body
    const inbox = (await ask(`${url}/inboxes`, { token })).body._results[0]
    const number = (prefix: Parameters<typeof parseId>[0], id: string): number => parseId(prefix, id) as number
    return {
      app: scene.app,
      channelIds: channels.map(({ id }) => id),
      tagId: tag.id as string,
      place: {
        companyId: number("cmp", company.id),
        inboxId: number("inb", inbox.id),
        channels: channels.map(({ id, address }) => ({ id: number("cha", id), address })),
        teammates: [joined.teammate_id, ...others].map((id) => number("tea", id)),
        tags: [number("tag", tag.id)],
      },
    }
  } finally {
    await served.stop()
    await partner.close()
  }
}

/** The session of whoever looks, as their browser sends it. */
export async function signIn(url: string): Promise<string> {
  const { email, password } = looker
  const { headers } = await ask(`${url}/causeway/auth/sign-in/email`, { body: { email, password } })
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ")
}

/** The n-th conversation of a company. */
export const conversationId = ({ firstConversation }: Company, n: number): string =>
  formatId("cnv", firstConversation + n)

/** Any conversation, and another each time: a prime strides over all of them. */
export const any = ({ conversations }: Company, n: number): number => (n * 7_368_787) % conversations
