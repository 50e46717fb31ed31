import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { startStory } from "../../../test/story.ts"
import { hire, signIn } from "../teammates/people.story.ts"

const story = await startStory()
afterAll(() => story.close())
const admin = await signIn(story)
const health = async () => (await admin("GET", "/causeway/health")).body

test("a healthy installation says so line by line, and asks for its first backup", async () => {
  const first = await health()
  expect(first).toMatchObject({
    database: { state: "ok", kind: "external", version: expect.stringMatching(/^1[6-9]/) },
    deliveries: { state: "ok", waiting: 0, oldest_due_seconds: null },
    channels: { state: "ok", offline: 0, pausing: 0 },
    clock: { state: "warn", is_held: true },
    backup: { state: "warn", last: null, kept: [] },
  })
  expect(first.disk.free_bytes).toBeGreaterThan(0)
})

test("a backup is taken with one press, is there as a file, and is told of", async () => {
  const answers = await Promise.all([admin("POST", "/causeway/backups"), admin("POST", "/causeway/backups")])
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
  const taken = answers.find(({ status }) => status === 201)?.body
  expect(await readdir(join(story.server.dataDir, "backups"))).toEqual([taken.name])
  expect((await health()).backup).toMatchObject({
    state: "ok",
    last: { file: taken.name },
    kept: [{ name: taken.name }],
  })
  const [entry] = (await admin("GET", "/causeway/audit?noun=backup")).body.entries
  expect(entry).toMatchObject({ verb: "taken", target: taken.name, actor: { name: "Ana Lee" } })
})

test("an offline channel and a failed delivery are told of", async () => {
  story.partner.answers({ status: 400, body: { type: "bad_request", message: "unknown recipient" } })
  const written = await story.customerWrites("Is my order late?")
  const conversation = (await story.message(written)).body._links.related.conversation as string
  const token = story.apiToken
  await story.call("POST", `${new URL(conversation).pathname}/messages`, { token, json: { body: "It ships today." } })
  await story.settle()
  await story.call("PATCH", `/channels/${story.channelId}`, { token, json: { status: "offline" } })
  expect(await health()).toMatchObject({
    state: "warn",
    channels: { state: "warn", offline: 1 },
    deliveries: { state: "warn", failed_last_hour: 1, p95_ms: expect.any(Number) },
  })
})

test("a process that stood still says so, for how long, and that somebody should look", async () => {
  const until = performance.now() + 1_400
  while (performance.now() < until);
  const { state, process } = await health()
  expect(state).not.toBe("ok")
  expect(process.state).toBe("warn")
  expect(process.longest_stall_ms).toBeGreaterThan(1_000)
})

test("only admins look, and take backups", async () => {
  const bo = await hire(story, "Bo Reed")
  expect((await bo.call("GET", "/causeway/health")).status).toBe(403)
  expect((await bo.call("POST", "/causeway/backups")).status).toBe(403)
})
