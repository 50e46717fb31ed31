import { afterAll, expect, test } from "vitest"
import { startStory, unique } from "../../../test/story.ts"

const story = await startStory()
afterAll(() => story.close())
const call = (method: string, path: string, token = story.apiToken) => story.call(method, path, { token })
const own = () => story.channelToken()

async function sent(): Promise<{ inbound: string; outbound: string; handle: string }> {
  const handle = unique("mia")
  const message = (await story.message(await story.customerWrites("Late?", { sender: { handle } }))).body
  const path = new URL(message._links.related.conversation).pathname
  const reply = await story.call("POST", `${path}/messages`, { token: story.apiToken, json: { body: "No." } })
  await story.settle()
  return { inbound: message.id, outbound: (await story.message(reply)).body.id, handle }
}

test("the first time that somebody saw a message is kept, in milliseconds", async () => {
  const { outbound, handle } = await sent()
  const path = `/messages/${outbound}/seen`
  expect((await call("GET", path)).body._results).toEqual([])
  const before = Date.now()
  expect((await story.call("POST", path, { token: own(), json: {} })).status).toBe(204)
  const { body } = await call("GET", path)
  expect(body._results).toEqual([
    {
      _links: {
        self: `${story.server.url}${path}`,
        related: { message: `${story.server.url}/messages/${outbound}` },
      },
      first_seen_at: expect.any(Number),
      seen_by: { handle, source: "custom" },
    },
  ])
  expect(Math.abs(body._results[0].first_seen_at - before)).toBeLessThan(10_000)
  expect((await call("POST", path, own())).status).toBe(204)
  expect((await call("GET", path, own())).body._results).toEqual(body._results)
})

test("a message is seen 10 times an hour at most; another one is not held up by it", async () => {
  const [one, two] = [await sent(), await sent()]
  const answers = []
  for (let i = 0; i < 11; i++) answers.push(await call("POST", `/messages/${one.outbound}/seen`, own()))
  expect(answers.map(({ status }) => status)).toEqual([...Array(10).fill(204), 429])
  expect(Number(answers[10]?.headers.get("retry-after"))).toBeGreaterThan(0)
  expect((await call("POST", `/messages/${two.outbound}/seen`, own())).status).toBe(204)
})

test("only what we sent is seen, and only by the channel it went over", async () => {
  const { inbound, outbound } = await sent()
  const refused = await call("POST", `/messages/${inbound}/seen`, own())
  expect(refused.status).toBe(400)
  expect(refused.text).toContain("inbound")
  const second = story.channelToken({ sub: await story.connect(unique("Second")) })
  for (const method of ["GET", "POST"])
    expect((await call(method, `/messages/${outbound}/seen`, second)).status).toBe(404)
})
