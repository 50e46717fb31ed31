import type { ConformanceRun } from "@causeway/contract/endpoints/developer"
import { signWebhook } from "@causeway/contract/signature"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Reply, type Story, startStory } from "../../../test/story.ts"

let story: Story
const call = (method: string, path: string, json?: unknown): Promise<Reply> =>
  story.call(method, path, { token: story.apiToken, ...(json !== undefined && { json }) })
const start = (over: object = {}) => call("POST", "/causeway/conformance_runs", { app_uid: story.app.uid, ...over })

beforeAll(async () => {
  story = await startStory()
})
afterAll(() => story.close())

async function finished(id: string): Promise<ConformanceRun> {
  for (;;) {
    const run: ConformanceRun = (await call("GET", `/causeway/conformance_runs/${id}?after=1000&wait_seconds=10`)).body
    if (run.state !== "running") return run
  }
}

test("the checks run against an app's server as a program of their own, and leave a report in three forms", async () => {
  const unasked = await start()
  expect([unasked.status, unasked.text]).toEqual([409, expect.stringContaining("this app has 1 channel")])
  const started = await start({ confirm: true, only: ["AUTH", "SIG-01", "MSG-1"] })
  expect(started.status, started.text).toBe(201)
  const run = await finished(started.body.id)
  expect(run.state, String(run.problem)).toBe("done")
  expect(run.results.length).toBeGreaterThan(1)
  // The partner of this story answers anything: it does not look at signatures.
  expect(run.results.find(({ id }) => id.startsWith("SIG"))).toMatchObject({ result: "fail", fix: expect.any(String) })
  expect(run.results[0]?.evidence[0]).toMatchObject({ method: "POST", status: 200 })
  const report = async (format: string) =>
    await call("GET", `/causeway/conformance_runs/${run.id}/report?format=${format}`)
  expect((await report("html")).text).toContain("<!doctype html>")
  expect((await report("junit")).text).toContain("<testsuite")
  expect((await report("json")).body.results).toEqual(run.results)
  expect((await report("html")).headers.get("content-disposition")).toContain("attachment")
})

test("an address that may not be called is not checked either", async () => {
  const answer = await start({ confirm: true, url: "http://169.254.169.254/latest" })
  expect([answer.status, answer.text]).toEqual([400, expect.stringContaining("body.url is not called")])
})

test("a signature is explained: of a delivery, of a body that is given, and the mistake is named", async () => {
  await story.customerWrites("Hello")
  await story.settle()
  const [delivery] = (await call("GET", `/causeway/deliveries?channel_id=${story.channelId}`)).body.deliveries
  const inspect = (body: object) => call("POST", "/causeway/signatures/inspect", body)
  const own = (await inspect({ delivery_id: delivery.id })).body
  expect(own).toMatchObject({ is_equal: true, mistake: null })
  const request = delivery.attempts[0].request
  const timestamp = request.headers["x-front-request-timestamp"]
  const indented = JSON.stringify(JSON.parse(request.body), null, 2)
  const computed = signWebhook(story.app.secret, timestamp, indented)
  expect((await inspect({ delivery_id: delivery.id, computed })).body).toMatchObject({ mistake: "re_serialised" })
  await call("POST", `/causeway/apps/${story.app.uid}/rotate?sign_with_old=false`)
  const rotated = await inspect({ delivery_id: delivery.id })
  expect(rotated.body).toMatchObject({ is_equal: true })
  const given = {
    app_uid: story.app.uid,
    timestamp: "1",
    body: "{}",
    computed: signWebhook(story.app.secret, "1", "{}"),
  }
  expect((await inspect(given)).body).toMatchObject({ mistake: "old_secret" })
  expect(JSON.stringify(rotated.body)).not.toContain(story.app.secret)
  expect((await inspect({ app_uid: story.app.uid })).status).toBe(400)
})
