import { afterAll, beforeEach, describe, expect, test } from "vitest"
import { ana, inbound, type Reply, startStory } from "./story.ts"

const story = await startStory()
afterAll(() => story.close())
const { call, apiToken, partner } = story

const signedIn = await call("POST", "/causeway/auth/sign-in/email", {
  json: { email: ana.email, password: ana.password },
})
const cookie = signedIn.headers
  .getSetCookie()
  .map((one) => one.split(";")[0])
  .join("; ")
const asTeammate = (path: string): Promise<Reply> => call("GET", path, { headers: { cookie } })

/** So many customers have written, and nobody has answered yet: the paths of their conversations. */
async function customersWait(count: number): Promise<string[]> {
  const paths: string[] = []
  for (let i = 0; i < count; i++) {
    const message = await story.message(await story.customerWrites("Hello?", inbound("Hello?")))
    paths.push(new URL(message.body._links.related.conversation).pathname)
  }
  await story.settle()
  return paths
}

const reply = (path: string, text = "It ships today."): Promise<Reply> =>
  call("POST", `${path}/messages`, { token: apiToken, json: { body: text, options: { archive: false } } })

const channel = async () =>
  (await asTeammate("/causeway/channels")).body.channels.find((one: { id: string }) => one.id === story.channelId)

const lastMessage = async (path: string) => (await asTeammate(`/causeway${path}`)).body.messages.at(-1)

beforeEach(() => partner.answers())

describe("a partner that breaks every connection off", () => {
  test("makes its channel pause: people see since when, why and until when, and what waits", async () => {
    const paths = await customersWait(9)
    expect((await channel()).delivery).toEqual({
      state: "ok",
      since: null,
      next_probe_at: null,
      reason: null,
      waiting: 0,
    })
    partner.answers("reset")
    for (const path of paths) {
      expect((await reply(path)).status).toBe(202)
      await story.settle()
    }
    const now = story.server.services.clock.now().getTime() / 1000
    const { status, delivery } = await channel()
    expect(status).toBe("ok")
    expect(delivery).toMatchObject({
      state: "pausing",
      since: now,
      reason: "127.0.0.1 closed the connection before it answered",
      waiting: 4,
    })
    expect(delivery.next_probe_at - now).toBeGreaterThanOrEqual(4)
    expect(delivery.next_probe_at - now).toBeLessThanOrEqual(6)
    expect(await lastMessage(paths[0] as string)).toMatchObject({ state: "unknown", error: { code: "no_answer" } })
    expect(await lastMessage(paths[8] as string)).toMatchObject({
      state: "waiting",
      due_at: delivery.next_probe_at,
      error: { code: "connection_reset", reason: delivery.reason },
    })
  })

  test("is told everything that waited, once it takes one again", async () => {
    partner.answers()
    partner.received.length = 0
    story.server.services.clock.advance(6000)
    await story.settle()
    expect((await channel()).delivery).toMatchObject({ state: "ok", waiting: 0 })
    expect(partner.received.filter(({ body }) => body.type === "message")).toHaveLength(4)
  })
})
