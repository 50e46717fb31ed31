import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import { readdir, utimes } from "node:fs/promises"
import { join } from "node:path"
import { sweepUnnamed } from "@causeway/server/attachments/sweep"
import { hire } from "@causeway/server/teammates/people.story"
import { afterAll, expect, test } from "vitest"
import { figure } from "../figure.ts"
import { startStory, unique } from "../story.ts"
import { kinds, sendFiles } from "./file-kinds.ts"

const story = await startStory()
afterAll(() => story.close())

const script = "<html><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg></html>"

test("no kind of file runs or is shown as a page, whatever it is called and said to be", async () => {
  expect(kinds.length).toBeGreaterThanOrEqual(60)
  const cookie = await signedIn()
  let inert = 0
  for (let from = 0; from < kinds.length; from += 10) {
    const some = kinds.slice(from, from + 10)
    const attachments = await sendFiles(
      story,
      some.map(([name, type]) => new File([script], name, { type })),
    )
    for (const [i, { url }] of attachments.entries()) {
      const answer = await fetch(url, { headers: { cookie } })
      expect(answer.status).toBe(200)
      await answer.arrayBuffer()
      const said = Object.fromEntries(
        [
          "content-security-policy",
          "x-content-type-options",
          "cross-origin-resource-policy",
          "content-type",
          "content-disposition",
        ].map((name) => [name, answer.headers.get(name) ?? ""]),
      )
      expect(said).toMatchObject({
        "content-security-policy": "sandbox; default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
      })
      // Whatever it is called, it is a page: none of these may be shown.
      expect([some[i], said["content-disposition"]?.split(";")[0]]).toEqual([some[i], "attachment"])
      inert++
    }
  }
  figure("S11", `${kinds.length} kinds of files that hold a page, ${inert} saved by a policy that runs nothing`)
})

test("a file's name is told and decides nothing", async () => {
  const names = [
    "../../../../etc/cron.d/x",
    "..\\..\\windows\\x.exe",
    "/etc/passwd",
    "shell.php\u200b",
    "\u202egnp.exe",
    "CON",
    "a\u0000b.txt",
    `${"x".repeat(300)}.txt`,
    ".htaccess",
    "%2e%2e%2fx",
  ]
  const before = new Set(await stored())
  const attachments = await sendFiles(
    story,
    names.map((name, i) => new File([`${i} ${script}`], name)),
  )
  expect(attachments).toHaveLength(names.length)
  const added = (await stored()).filter((path) => !before.has(path))
  expect(added).toHaveLength(names.length)
  for (const path of added) expect(path).toMatch(/^[0-9a-f/]+$/)
})

async function stored(): Promise<string[]> {
  const folder = join(story.server.dataDir, "files")
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
}

async function signedIn(): Promise<string> {
  const answer = await story.call("POST", "/causeway/auth/sign-in/email", {
    json: { email: "ana@example.test", password: "correct horse battery" },
    headers: { origin: story.server.url },
  })
  expect(answer.status).toBe(200)
  return String(answer.headers.get("set-cookie")).split(";")[0] as string
}

test("a file whose message was refused goes after a day, and one that a message names stays", async () => {
  const { db, files } = story.server.services
  const send = async (text: string, handle: string | null) => {
    const form = new FormData()
    if (handle !== null) form.set("sender[handle]", handle)
    form.set("body", "see file")
    form.set("metadata[external_id]", unique("ext"))
    form.set("metadata[external_conversation_id]", unique("thread"))
    form.set("attachments", new File([text], "a.txt", { type: "text/plain" }))
    const path = `/channels/${story.channelId}/inbound_messages`
    const { status } = await story.call("POST", path, { token: story.channelToken(), form })
    const name = createHash("sha256").update(text).digest("hex")
    return {
      status,
      folder: Number.parseInt(name.slice(0, 2), 16),
      path: join(story.server.dataDir, "files", name.slice(0, 2), name),
    }
  }
  const [refused, kept] = [await send("of nobody", null), await send("of a message", "mia")]
  expect([refused.status, kept.status]).toEqual([400, 202])
  const sweep = async () => {
    for (const { folder } of [refused, kept]) await sweepUnnamed(db, files, folder)
    return [existsSync(refused.path), existsSync(kept.path)]
  }
  expect(await sweep()).toEqual([true, true])
  const yesterday = (Date.now() - 25 * 3_600_000) / 1000
  for (const { path } of [refused, kept]) await utimes(path, yesterday, yesterday)
  // They are older than the company: a database that knows nothing of them may be the wrong one.
  expect(await sweep()).toEqual([true, true])
  await db.query({ text: "update company set created_at = now() - interval '2 days'" })
  expect(await sweep()).toEqual([false, true])
})

test("a file's address opens nothing by itself, and nothing after signing out or once its message is gone", async () => {
  const person = await hire(story, "Bo Reed")
  const form = new FormData()
  form.set("sender[handle]", "nia")
  form.set("body", "look")
  form.set("metadata[external_id]", unique("ext"))
  form.set("metadata[external_conversation_id]", unique("thread"))
  form.set("attachments", new File(["for teammates"], "a.txt", { type: "text/plain" }))
  const path = `/channels/${story.channelId}/inbound_messages`
  const written = await story.message(await story.call("POST", path, { token: story.channelToken(), form }))
  const [{ url }] = written.body.attachments
  const file = new URL(url).pathname
  expect((await person.call("GET", file)).text).toBe("for teammates")
  expect((await story.call("GET", file)).status).toBe(401)
  const headers = { origin: story.server.url }
  expect((await person.call("POST", "/causeway/auth/sign-out", { json: {}, headers })).status).toBe(200)
  expect((await person.call("GET", file)).status).toBe(401)
  const contact = (await story.call("GET", "/contacts/alt:custom:nia", { token: story.apiToken })).body.id
  expect((await story.call("GET", file, { token: story.apiToken })).status).toBe(200)
  const erased = await story.call("POST", `/causeway/contacts/${contact}/erasure`, {
    token: story.apiToken,
    json: { confirm: contact },
  })
  expect(erased.status, erased.text).toBe(201)
  expect((await story.call("GET", file, { token: story.apiToken })).status).toBe(404)
})
