import { afterAll, expect, test } from "vitest"
import { temporaryDir } from "../../../test/database.ts"
import { fakePartner } from "../../../test/partner.ts"
import { startProcess } from "../../../test/process.ts"
import { caller, inbound, jwt } from "../../../test/story.ts"

const partner = await fakePartner()
afterAll(() => partner.close())

test("a process killed while it does what a rule says leaves nothing half done, and the next one does it once", async () => {
  const dataDir = await temporaryDir("kill")
  const dying = await startProcess(dataDir, [], { CAUSEWAY_FAIL_POINT: "rules.applied" })
  const call = caller(dying.url)
  const setup = await call("POST", "/causeway/setup", {
    json: {
      code: dying.setupCode,
      name: "Ana",
      email: "ana@example.test",
      password: "correct horse battery",
      company: "A",
    },
  })
  const ask = (method: string, path: string, json?: unknown) =>
    call(method, path, { token: setup.body.api_token, json })
  const inboxId = (await ask("GET", "/inboxes")).body._results[0].id
  const app = (await ask("POST", "/causeway/apps", { name: "Acme", webhook_url: partner.url })).body
  const custom = { type: "custom", name: "Acme", application_uid: app.uid }
  const connected = await ask("POST", `/inboxes/${inboxId}/channels`, custom)
  const channelId = String(connected.headers.get("location")).split("/").at(-1) as string
  const reply = { type: "auto_reply", body: "We are on it." }
  expect((await ask("POST", "/causeway/rules", { name: "reply", actions: [reply] })).status).toBe(201)

  const token = jwt({ iss: app.uid, sub: channelId, exp: Math.floor(Date.now() / 1000) + 60 }, app.secret)
  const path = `/channels/${channelId}/inbound_messages`
  expect((await call("POST", path, { token, json: inbound("Hello?") })).status).toBe(202)
  await new Promise((resolve) => dying.child.once("exit", resolve))
  const replies = () => partner.received.filter((request) => request.body?.type === "message_autoreply")
  expect(replies()).toEqual([])

  const next = await startProcess(dataDir)
  await expect.poll(replies, { timeout: 30_000 }).toHaveLength(1)
  await next.stop()
  expect(replies().map((request) => request.body.payload.text)).toEqual(["We are on it."])
}, 90_000)
