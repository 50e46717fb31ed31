import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { trace } from "@opentelemetry/api"
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base"
import { afterAll, expect, test } from "vitest"
import { startStory } from "../../../test/story.ts"

const spans = new InMemorySpanExporter()
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }))

const story = await startStory()
afterAll(() => story.close())
const token = (await readFile(join(story.server.dataDir, "installation-token"), "utf8")).trim()
const metrics = async (): Promise<string> => (await story.call("GET", "/metrics", { token })).text
/** The value of one line. */
const value = (text: string, line: string): number =>
  Number(
    text
      .split("\n")
      .find((one) => one.startsWith(`${line} `))
      ?.slice(line.length),
  )

test("what is accepted, tried and refused is counted", async () => {
  const accepted = "causeway_messages_accepted_total"
  const answered = 'causeway_delivery_attempt_seconds_count{type="message_imported",outcome="answered",decision="sent"}'
  const asked =
    'causeway_http_request_seconds_count{operation="POST /channels/:channel_id/inbound_messages",status="202"}'
  const before = await metrics()
  await story.customerWrites("Is my order late?")
  await story.customerWrites("Hello?")
  await story.settle()
  const after = await metrics()
  for (const line of [accepted, answered, asked]) expect(value(after, line)).toBe((value(before, line) || 0) + 2)
})

test("gauges tell how it stands now, the lanes' backlog too", async () => {
  const before = await metrics()
  expect(value(before, 'causeway_channels{status="ok"}')).toBe(1)
  expect(value(before, "causeway_lane_oldest_due_seconds")).toBe(0)
  expect(value(before, 'causeway_database_connections{state="wanted"}')).toBe(0)
  await story.server.services.db.query({ text: "update channel set status = 'offline'" })
  const after = await metrics()
  expect(value(after, 'causeway_channels{status="ok"}')).toBe(0)
  expect(value(after, 'causeway_channels{status="offline"}')).toBe(1)
  await story.server.services.db.query({ text: "update channel set status = 'ok'" })
})

test("nobody but the installation's own token reads them, and they hold no secret and no text", async () => {
  expect((await story.call("GET", "/metrics")).status).toBe(401)
  expect((await story.call("GET", "/metrics", { token: story.apiToken })).status).toBe(403)
  const text = await metrics()
  for (const secret of [token, story.apiToken, story.app.secret, "Is my order late?"])
    expect(text).not.toContain(secret)
})

test.for([
  ["the dashboard draws", "grafana-dashboard.json", 10],
  ["an alert of the operator's guide waits for", "operations.md", 4],
] as const)("every metric that %s is one that is answered", async ([, file, most]) => {
  const text = await readFile(new URL(`../../../docs/${file}`, import.meta.url), "utf8")
  const named = new Set(text.match(/\b(causeway|process|nodejs)_[a-z_0-9]+/g))
  for (const role of ["causeway_owner", "causeway_server"]) named.delete(role)
  const answered = await metrics()
  expect(named.size).toBeGreaterThan(most - 1)
  expect([...named].filter((name) => !answered.includes(`\n${name}`))).toEqual([])
})

test("a tracing library that is loaded into the process hears of requests, batches and attempts, and of no text", async () => {
  spans.reset()
  await story.customerWrites("A text that no trace may hold")
  await story.settle()
  const heard = spans.getFinishedSpans()
  expect(heard.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["POST /channels/:channel_id/inbound_messages", "accept.batch", "delivery.attempt"]),
  )
  expect(JSON.stringify(heard.map(({ attributes }) => attributes))).not.toContain("no trace may hold")
})
