import { execFile } from "node:child_process"
import { copyFile, open, readFile, stat, truncate, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { startServer } from "@causeway/server/app"
import { afterAll, expect, onTestFinished, test } from "vitest"
import { freshDatabase, temporaryDir } from "../../../test/database.ts"
import { type Reply, startStory, testConfig, unique } from "../../../test/story.ts"
import { createLog } from "../log.ts"
import { noteBackup } from "./kept.ts"
import { restoreBackup } from "./restore.ts"
import { verifyBackup } from "./verify.ts"

const story = await startStory()
afterAll(() => story.close())
const { db } = story.server.services
const folder = await temporaryDir("backup")
const path = join(folder, "causeway.tar.gz")
const log = createLog()

/** A message with a file, as a partner sends it. */
function withFile(text: string): Promise<Reply> {
  const form = new FormData()
  form.set("sender[handle]", unique("mia"))
  form.set("body", text)
  form.set("metadata[external_id]", unique("ext"))
  form.set("metadata[external_conversation_id]", unique("thread"))
  form.set("attachments", new File([`file of ${text}`], "a.txt", { type: "text/plain" }))
  return story.call("POST", `/channels/${story.channelId}/inbound_messages`, { token: story.channelToken(), form })
}

/** Keeps writing until it is told to stop; answers what was acknowledged, in order. */
function load() {
  const acknowledged: { uid: string; text: string }[] = []
  let isOn = true
  const writer = async (name: string) => {
    for (let i = 0; isOn; i++) {
      const text = `${name} ${i}`
      const answer = await (i % 3 === 0 ? withFile(text) : story.customerWrites(text))
      if (answer.status === 202) acknowledged.push({ uid: answer.body.message_uid, text })
    }
  }
  const writers = Promise.all([writer("a"), writer("b"), writer("c")])
  const stop = () => {
    isOn = false
    return writers
  }
  return { acknowledged, stop }
}

const headers = await browser()

test("a backup that is taken under load holds what was acknowledged before it began, with the same ids, and is restored elsewhere", async () => {
  const writing = load()
  onTestFinished(async () => void (await writing.stop()))
  await expect.poll(() => writing.acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(30)
  const reply = await story.customerWrites("Will you answer?")
  const conversation = (await story.message(reply)).body._links.related.conversation as string
  // It waits for its channel, so it is still in the outbox when the backup is taken.
  const offline = { token: story.apiToken, json: { status: "offline" } }
  expect((await story.call("PATCH", `/channels/${story.channelId}`, offline)).status).toBe(204)
  await story.call("POST", `${new URL(conversation).pathname}/messages`, {
    token: story.apiToken,
    json: { body: "Soon." },
  })
  const before = [...writing.acknowledged]
  const cursor = (await story.call("GET", "/causeway/conversations", { headers })).body.cursor
  const taken = await noteBackup({ db, dataDir: story.server.dataDir, keyIsElsewhere: false, path })
  await writing.stop()
  expect(writing.acknowledged.length).toBeGreaterThan(before.length)
  expect(taken.files).toBeGreaterThan(10)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await verifyBackup(path)).toMatchObject({ rows: taken.rows, head: { key: "included" } })

  const config = await testConfig({ databaseUrl: await freshDatabase(), dataDir: await temporaryDir("restored") })
  const restored = await restoreBackup({ config, path, log })
  expect(restored).toMatchObject({ rows: taken.rows, heldBack: 1 })
  const second = await startServer(config, { checksAnswers: true, delivers: false })
  try {
    const read = (place: string) =>
      fetch(second.url + place, { headers: { authorization: `Bearer ${story.apiToken}` } })
    for (const { uid, text } of before) {
      const message = (await (await read(`/messages/alt:uid:${uid}`)).json()) as { attachments: { url: string }[] }
      const original = await story.call("GET", `/messages/alt:uid:${uid}`, { token: story.apiToken })
      expect(message).toMatchObject({ id: original.body.id, body: original.body.body })
      for (const { url } of message.attachments)
        expect(await (await read(new URL(url).pathname)).text()).toBe(`file of ${text}`)
    }
    const stale = await fetch(`${second.url}/causeway/live`, {
      headers: { ...headers, "last-event-id": cursor },
    })
    const first = await stale.body?.getReader().read()
    expect(Buffer.from(first?.value ?? []).toString()).toContain("event: resync")
  } finally {
    await second.close()
  }
}, 60_000)

test("a backup that was changed, cut short, or is none is refused with the reason", async () => {
  const broken = async (name: string, change: (copy: string) => Promise<void>) => {
    const copy = join(folder, name)
    await copyFile(path, copy)
    await change(copy)
    return verifyBackup(copy).then(
      () => "whole",
      (error: Error) => error.message,
    )
  }
  const { size } = await stat(path)
  expect(await broken("cut", (copy) => truncate(copy, Math.floor(size / 2)))).toMatch(/no whole backup|cut short/)
  expect(await broken("text", (copy) => writeFile(copy, "hello"))).toMatch(/no whole backup/)
  const flipped = await broken("flipped", async (copy) => {
    const file = await open(copy, "r+")
    await file.write(Buffer.from([0xff, 0xff, 0xff]), 0, 3, Math.floor(size / 2))
    await file.close()
  })
  expect(flipped).not.toBe("whole")
  await expect(verifyBackup(join(folder, "missing"))).rejects.toThrow("missing")
})

test("a restore over a company that is there already is refused, and touches nothing", async () => {
  const config = {
    databaseUrl: story.server.services.config.databaseUrl,
    databaseOwnerUrl: story.server.services.config.databaseOwnerUrl,
    dataDir: story.server.dataDir,
    secretKey: null,
  }
  await expect(restoreBackup({ config, path, log })).rejects.toThrow("There is a company here already")
  const other = { ...config, dataDir: await temporaryDir("other") }
  await writeFile(join(other.dataDir, "secret.key"), `${Buffer.alloc(32).toString("base64")}\n`, { mode: 0o600 })
  await expect(restoreBackup({ config: other, path, log })).rejects.toThrow("another installation's key")
})

test("one command backs up a server that runs, another checks the file", async () => {
  const main = new URL("./main.ts", import.meta.url).pathname
  const env = { ...process.env, DATABASE_URL: story.server.services.config.databaseUrl ?? "" }
  const run = async (...args: string[]) =>
    (await promisify(execFile)(process.execPath, [main, ...args], { env })).stdout
  const to = join(folder, "by-command.tar.gz")
  const result = JSON.parse(await run("backup", "--to", to, "--data", story.server.dataDir, "--json"))
  expect(result).toMatchObject({ path: to, files: expect.any(Number) })
  expect(await run("verify", to)).toMatch(/^Whole: \d+ rows/)
  await expect(run("verify", main)).rejects.toThrow("Fix:")
  await expect(run("backup", "--nonsense")).rejects.toThrow("Usage")
  await expect(run("backup", "--data", folder)).rejects.toThrow("There is no Causeway")
  expect((await readFile(to)).length).toBe(result.bytes)
}, 30_000)

/** Ana's browser. */
async function browser(): Promise<Record<string, string>> {
  const answer = await story.call("POST", "/causeway/auth/sign-in/email", {
    json: { email: "ana@example.test", password: "correct horse battery" },
  })
  return { cookie: String(answer.headers.get("set-cookie")).split(";")[0] as string, "sec-fetch-site": "same-origin" }
}
