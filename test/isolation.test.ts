import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, describe, expect, test } from "vitest"
import { inbound, startStory, unique } from "./story.ts"

const story = await startStory({ heldClock: false })
afterAll(() => story.close())
const { call, apiToken } = story

/** A channel of an app of its own, whose partner answers as `answer` says. */
async function channelWith(name: string, hookUrl: string): Promise<{ id: string; token: () => string; path: string }> {
  const app = (await call("POST", "/causeway/apps", { token: apiToken, json: { name, webhook_url: hookUrl } })).body
  const made = await call("POST", `/inboxes/${story.inboxId}/channels`, {
    token: apiToken,
    json: { type: "custom", name, application_uid: app.uid },
  })
  expect(made.status, made.text).toBe(204)
  const id = String(made.headers.get("location")).split("/").at(-1) as string
  const token = () => story.channelToken({ iss: app.uid, sub: id }, app.secret)
  const accepted = await call("POST", `/channels/${id}/inbound_messages`, { token: token(), json: inbound("Hello") })
  const message = await call("GET", `/messages/alt:uid:${accepted.body.message_uid}`, { token: token() })
  return { id, token, path: new URL(message.body._links.related.conversation).pathname }
}

/** A partner that is well until told otherwise, and notes when each reply came. */
async function openPartner(): Promise<{
  url: string
  arrived: Map<string, number>
  mood: { is: "well" | "hung" | "500 to notices" }
  close(): void
}> {
  const arrived = new Map<string, number>()
  const mood: { is: "well" | "hung" | "500 to notices" } = { is: "well" }
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece)
    const body = JSON.parse(Buffer.concat(pieces).toString())
    if (body.type === "message") arrived.set(body.payload.text, performance.now())
    if (mood.is === "hung" && body.type !== "authorization") return
    if (mood.is === "500 to notices" && body.type === "message_imported") response.statusCode = 500
    response.end(JSON.stringify({ type: "success", external_id: unique("x"), external_conversation_id: unique("c") }))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    arrived,
    mood,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

const percentile = (values: number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] as number

describe("a partner in trouble costs the others nothing", async () => {
  const well = await openPartner()
  const sick = await openPartner()
  afterAll(() => {
    well.close()
    sick.close()
  })
  const healthy = await Promise.all(Array.from({ length: 19 }, (_, i) => channelWith(`Healthy ${i}`, well.url)))
  const hung = await channelWith("Hung", sick.url)
  await story.settle()

  /** Replies over the healthy channels, ten at a time; milliseconds from the request to the partner. */
  async function measure(rounds: number): Promise<number[]> {
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      for (const channel of healthy) {
        const text = unique("reply")
        const start = performance.now()
        await call("POST", `${channel.path}/messages`, {
          token: apiToken,
          json: { body: text, options: { archive: false } },
        })
        for (let i = 0; i < 2000 && !well.arrived.has(text); i++) await new Promise((resolve) => setTimeout(resolve, 1))
        times.push((well.arrived.get(text) ?? Number.POSITIVE_INFINITY) - start)
      }
    }
    return times
  }

  test(
    "one hung partner among 20 channels: healthy replies take as long as without it",
    { timeout: 60_000 },
    async () => {
      await measure(2) // connections and plans are warm
      const before = await measure(8)
      sick.mood.is = "hung"
      for (let i = 0; i < 30; i++)
        await call("POST", `/channels/${hung.id}/inbound_messages`, {
          token: hung.token(),
          json: inbound(`stuck ${i}`),
        })
      for (let i = 0; i < 5; i++)
        await call("POST", `${hung.path}/messages`, { token: apiToken, json: { body: `stuck reply ${i}` } })
      const during = await measure(8)
      const ratio = percentile(during, 0.9) / percentile(before, 0.9)
      process.stdout.write(
        `healthy reply p90, hung partner beside it ÷ without: ${ratio.toFixed(2)} (p99 ${(percentile(during, 0.99) / percentile(before, 0.99)).toFixed(2)})\n`,
      )
      // The aim is 1.2; a shared machine's own noise is larger than that, so the test fails where waiting for the hung one would show.
      expect(percentile(during, 0.99)).toBeLessThan(
        Math.max(percentile(before, 0.99) * 2, percentile(before, 0.99) + 60),
      )
    },
  )

  test("a partner that answers 500 to every notice still gets a reply within 1 s", async () => {
    sick.mood.is = "500 to notices"
    const troubled = await channelWith("Troubled", sick.url)
    for (let i = 0; i < 20; i++)
      await call("POST", `/channels/${troubled.id}/inbound_messages`, {
        token: troubled.token(),
        json: inbound(`n ${i}`),
      })
    const text = unique("urgent")
    const start = performance.now()
    await call("POST", `${troubled.path}/messages`, { token: apiToken, json: { body: text } })
    for (let i = 0; i < 3000 && !sick.arrived.has(text); i++) await new Promise((resolve) => setTimeout(resolve, 1))
    expect((sick.arrived.get(text) ?? Number.POSITIVE_INFINITY) - start).toBeLessThan(1000)
  })
})
