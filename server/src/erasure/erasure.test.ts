import { createPublicKey, verify } from "node:crypto"
import { readdir, readFile, utimes } from "node:fs/promises"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { dump } from "../../../test/database.ts"
import { startStory, unique } from "../../../test/story.ts"
import { sweepFiles } from "../attachments/sweep.ts"
import { hire, signIn } from "../teammates/people.story.ts"

const story = await startStory()
afterAll(() => story.close())
const { db, files } = story.server.services
const admin = await signIn(story)
const token = story.apiToken
const ok = (answer: Awaited<ReturnType<typeof story.call>>) => {
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`)
  return answer
}

/** What must be nowhere afterwards; the store and the database are searched for each. */
const canary = {
  handle: "+4366012345678",
  name: "Mia Kanarienvogel",
  text: "my-secret-order-7781",
  reply: "our-secret-answer-42",
  note: "note-secret-vip",
  comment: "comment-secret-refund",
  file: "file-secret-bytes",
  filename: "passport-secret.txt",
  thread: "thread-secret-66012345678",
  transcript: "transcript-secret-street",
  summary: "summary-secret-moved",
  partner: "partner-secret-reason",
  cc: "mia.secret@example.test",
}

/** Everything in the database, a line a row. */
async function storePaths(): Promise<string[]> {
  const root = join(story.server.dataDir, "files")
  const found = await readdir(root, { recursive: true, withFileTypes: true })
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

const found = (text: string): string[] =>
  Object.entries(canary).flatMap(([name, secret]) => (text.includes(secret) ? [name] : []))

/** A customer who left traces everywhere. */
async function leaveTraces(): Promise<{ contactId: string; conversationId: string }> {
  const form = new FormData()
  form.set("sender[handle]", canary.handle)
  form.set("sender[name]", canary.name)
  form.set("body", canary.text)
  form.set("metadata[external_id]", unique("ext"))
  form.set("metadata[external_conversation_id]", canary.thread)
  form.set("attachments", new File([canary.file], canary.filename, { type: "text/plain" }))
  const accepted = ok(
    await story.call("POST", `/channels/${story.channelId}/inbound_messages`, { token: story.channelToken(), form }),
  )
  const message = ok(await story.message(accepted)).body
  const conversationId = message._links.related.conversation.split("/").at(-1)
  const conversation = ok(await story.call("GET", `/conversations/${conversationId}`, { token })).body
  const contactId = conversation.recipient._links.related.contact.split("/").at(-1)
  await story.settle()
  story.partner.answers({ status: 400, body: { type: "bad_request", message: `${canary.partner} ${canary.handle}` } })
  ok(await story.call("POST", `/conversations/${conversationId}/messages`, { token, json: { body: canary.reply } }))
  await story.settle()
  ok(await story.call("POST", `/conversations/${conversationId}/comments`, { token, json: { body: canary.comment } }))
  ok(
    await story.call("POST", `/contacts/${contactId}/notes`, {
      token,
      json: { author_id: await ana(), body: canary.note },
    }),
  )
  ok(
    await story.call("POST", `/contacts/${contactId}/handles`, { token, json: { source: "email", handle: canary.cc } }),
  )
  await makeCall()
  await mentionElsewhere()
  return { contactId, conversationId }
}

const ana = async (): Promise<string> => ok(await story.call("GET", "/teammates", { token })).body._results[0].id

async function makeCall(): Promise<void> {
  const call = (method: string, path: string, json: object) =>
    story.call(method, `/channels/${story.channelId}/calls${path}`, { token, json })
  const id = unique("call")
  ok(
    await call("POST", "", {
      external_call_id: id,
      initial_status: "ringing",
      direction: "inbound",
      from: { handle: canary.handle, name: canary.name },
      parent_external_call_id: "",
    }),
  )
  await db.query({
    text: "update call set summary = $1, transcript = $2 where external_id = $3",
    values: [canary.summary, JSON.stringify([{ text: canary.transcript }]), id],
  })
}

/** In somebody else's conversation they only got a copy. */
async function mentionElsewhere(): Promise<void> {
  await story.customerWrites("Unrelated", { sender: { handle: "+43660999", name: "Omar" } })
  await db.query({
    text: `update message set recipients = recipients || $1::jsonb where text = 'Unrelated'`,
    values: [JSON.stringify([{ role: "cc", handle: canary.cc, name: canary.name }])],
  })
}

test("after an erasure nothing of the person is in the database or the file store, and others keep what is theirs", async () => {
  const { contactId, conversationId } = await leaveTraces()
  const before = await dump(db)
  expect(found(before).sort()).toEqual(
    Object.keys(canary)
      .filter((name) => name !== "file")
      .sort(),
  )
  const held = (await admin("GET", `/causeway/contacts/${contactId}/held`)).body
  expect(held).toMatchObject({ messages: 3, calls: 1, comments: 1, files: 1, notes: 1, handles: 2, mentions: 1 })
  for (const path of await storePaths()) await utimes(path, 0, 0)

  const erased = await admin("POST", `/causeway/contacts/${contactId}/erasure`, { json: { confirm: contactId } })
  expect(erased.status).toBe(201)
  const after = await dump(db)
  // With the rows, so that a failure says where it is.
  expect([found(after), after.split("\n").filter((row) => found(row).length > 0)]).toEqual([[], []])
  expect(await storePaths()).toEqual([])
  expect((await story.call("GET", `/contacts/${contactId}`, { token })).status).toBe(404)
  expect((await story.call("GET", `/conversations/${conversationId}`, { token })).status).toBe(404)
  expect(await dump(db)).toContain("Unrelated")
})

test("the receipt counts what was removed, names nobody, and is proved by the installation's key", async () => {
  const { erasures, public_key: key } = (await admin("GET", "/causeway/erasures")).body
  const [{ receipt, signature }] = erasures
  expect(JSON.parse(receipt)).toMatchObject({ removed: { messages: 3, calls: 1, files: 1, mentions: 1 } })
  expect(found(receipt)).toEqual([])
  const publicKey = createPublicKey(key)
  expect(verify(null, Buffer.from(receipt), publicKey, Buffer.from(signature, "base64"))).toBe(true)
  const altered = Buffer.from(receipt.replace('"messages":3', '"messages":2'))
  expect(verify(null, altered, publicKey, Buffer.from(signature, "base64"))).toBe(false)
})

test("a repeat of an erased message is answered and not taken in again; a new one begins anew", async () => {
  const json = {
    sender: { handle: "+43111" },
    body: "Hello",
    metadata: { external_id: "again", external_conversation_id: "t9" },
  }
  const send = (over: object = {}) =>
    story.call("POST", `/channels/${story.channelId}/inbound_messages`, {
      token: story.channelToken(),
      json: { ...json, ...over },
    })
  const first = ok(await send())
  const conversation = (await story.message(first)).body._links.related.conversation
  const contact = ok(await story.call("GET", new URL(conversation).pathname, { token })).body.recipient._links.related
    .contact
  const id = contact.split("/").at(-1)
  ok(await admin("POST", `/causeway/contacts/${id}/erasure`, { json: { confirm: id } }))
  expect((await send()).body.message_uid).toBe(first.body.message_uid)
  expect((await story.message(first)).status).toBe(404)
  const next = ok(await send({ body: "Hi", metadata: { external_id: "new", external_conversation_id: "t9" } }))
  expect((await story.message(next)).body._links.related.conversation).not.toBe(conversation)
})

test("a file that somebody else has too stays, and a young one goes with the sweep", async () => {
  const write = async (handle: string) => {
    const form = new FormData()
    form.set("sender[handle]", handle)
    form.set("body", "see file")
    form.set("metadata[external_id]", unique("ext"))
    form.set("metadata[external_conversation_id]", unique("thread"))
    form.set("attachments", new File(["the same for both"], "a.txt", { type: "text/plain" }))
    ok(await story.call("POST", `/channels/${story.channelId}/inbound_messages`, { token: story.channelToken(), form }))
    return ok(await story.call("GET", `/contacts/alt:custom:${handle}`, { token })).body.id
  }
  const [first, second] = [await write("h1"), await write("h2")]
  const erase = async (id: string) =>
    ok(await admin("POST", `/causeway/contacts/${id}/erasure`, { json: { confirm: id } })).body
  for (const path of await storePaths()) await utimes(path, 0, 0)
  await erase(first)
  expect(await storePaths()).toHaveLength(1)
  const [path] = await storePaths()
  await utimes(path as string, new Date(), new Date())
  expect((await erase(second)).files_later).toBe(1)
  await utimes(path as string, 0, 0)
  await db.query({ text: "update file_removal set due_at = now()" })
  await sweepFiles(db, files)
  expect(await storePaths()).toEqual([])
})

test("an export holds everything about the person and is told of", async () => {
  const { contactId } = await leaveTraces()
  const { text, headers } = await admin("GET", `/causeway/contacts/${contactId}/export`)
  expect(headers.get("content-disposition")).toContain(`${contactId}.json`)
  const expected = ["handle", "name", "text", "reply", "note", "comment", "filename", "transcript", "summary", "cc"]
  expect(found(JSON.stringify(JSON.parse(text)))).toEqual(expect.arrayContaining(expected))
  for (const { id, link } of JSON.parse(text).conversations)
    expect(link).toBe(`${story.server.url}/app/inbox/open/${id}`)
  const [entry] = (await admin("GET", "/causeway/audit?noun=contact")).body.entries
  expect(entry).toMatchObject({ verb: "exported", target: contactId })
})

test("only an admin erases, and only who types the id again", async () => {
  const bo = await hire(story, "Bo Reed")
  const id = ok(await story.call("GET", `/contacts/alt:custom:${encodeURIComponent(canary.handle)}`, { token })).body.id
  const path = `/causeway/contacts/${id}`
  expect((await admin("POST", `${path}/erasure`, { json: { confirm: "yes" } })).status).toBe(400)
  for (const [method, place] of [
    ["POST", "/erasure"],
    ["GET", "/held"],
    ["GET", "/export"],
  ] as const)
    expect(
      (await bo.call(method, path + place, { json: method === "POST" ? { confirm: id } : undefined })).status,
    ).toBe(403)
  expect(await readFile(join(story.server.dataDir, "secret.key"), "utf8")).not.toBe("")
})

test("what was on its way to a partner during an erasure is not written down after it", async () => {
  const name = "Nia Unterwegs"
  const heldMs = 1_500
  story.partner.answers(() => ({ status: 200, body: {}, delayMs: heldMs }))
  const accepted = ok(await story.customerWrites("Where is it?", { sender: { handle: "+43660777", name } }))
  const told = () => story.partner.received.filter(({ raw }) => raw.includes(name)).length
  await expect.poll(told).toBe(1)
  const message = ok(await story.message(accepted)).body
  const conversation = ok(
    await story.call("GET", new URL(message._links.related.conversation).pathname, { token }),
  ).body
  const contactId = conversation.recipient._links.related.contact.split("/").at(-1)
  ok(await admin("POST", `/causeway/contacts/${contactId}/erasure`, { json: { confirm: contactId } }))
  const open = "select count(*)::int as count from attempt where finished_at is null"
  await expect.poll(async () => (await db.query({ text: open }))[0]).toEqual({ count: 0 })
  expect((await dump(db)).split("\n").filter((row) => row.includes(name))).toEqual([])
  story.partner.answers()
})
