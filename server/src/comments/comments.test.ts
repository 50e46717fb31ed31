import { formatId, parseId } from "@causeway/contract/ids"
import { afterAll, expect, test } from "vitest"
import { startStory, unique } from "../../../test/story.ts"
import { hire, signIn } from "../teammates/people.story.ts"
import { namesIn } from "./mentions.ts"

const story = await startStory()
afterAll(() => story.close())
const bo = await hire(story, "Bo Reed")
const ola = await hire(story, "Ola Marsh", "observer")
const admin = await signIn(story)
const { db } = story.server.services
const companyId = parseId("cmp", story.companyId) as number

const call = (method: string, path: string, json?: unknown) =>
  story.call(method, path, { token: story.apiToken, ...(json !== undefined && { json }) })

async function conversation(): Promise<string> {
  const accepted = await story.customerWrites("Is my order late?")
  const message = await story.message(accepted)
  return String(message.body._links.related.conversation).split("/").at(-1) as string
}
const usernameOf = async (id: string): Promise<string> => (await call("GET", `/teammates/${id}`)).body.username
const events = (conversationId: string) =>
  db.query<{ type: string; source: object; target: { comment_id: number } | null; is_public: boolean }>({
    text: "select type, source, target, is_public from event where company_id = $1 and conversation_id = $2 and type in ('comment', 'mention', 'comment_changed') order by position",
    values: [companyId, parseId("cnv", conversationId)],
  })
const followers = async (conversationId: string) =>
  (
    await db.query<{ teammate_id: number }>({
      text: "select teammate_id from conversation_follower where company_id = $1 and conversation_id = $2 order by teammate_id",
      values: [companyId, parseId("cnv", conversationId)],
    })
  ).map((row) => formatId("tea", row.teammate_id))

test("a comment of a token is its bot's, in the vendor's shape, and comes back the same from every path", async () => {
  const cnv = await conversation()
  const made = await call("POST", `/conversations/${cnv}/comments`, { body: "Ask **Mia** first", is_pinned: true })
  expect(made.status, made.text).toBe(201)
  const self = `${story.server.url}/comments/${made.body.id}`
  expect(made.body).toEqual({
    _links: {
      self,
      related: {
        conversation: `${story.server.url}/conversations/${cnv}`,
        mentions: `${self}/mentions`,
        comment_replied_to: null,
      },
    },
    id: expect.stringMatching(/^com_[0-9a-z]+$/),
    author: expect.objectContaining({ type: "api", is_admin: false, first_name: expect.any(String) }),
    body: "Ask **Mia** first",
    posted_at: expect.any(Number),
    attachments: [],
    is_pinned: true,
  })
  expect((await call("GET", `/comments/${made.body.id}`)).body).toEqual(made.body)
  expect((await call("GET", `/conversations/${cnv}/comments`)).body._results).toEqual([made.body])
  expect(await events(cnv)).toEqual([
    {
      type: "comment",
      is_public: true,
      source: { type: "api" },
      target: { type: "comment", comment_id: parseId("com", made.body.id) },
    },
  ])
})

test("the list is newest first, and the screens' list oldest first with HTML that is safe", async () => {
  const cnv = await conversation()
  for (const body of ["one", "two <script>alert(1)</script>"])
    await bo.call("POST", `/conversations/${cnv}/comments`, { json: { body } })
  const listed = await call("GET", `/conversations/${cnv}/comments`)
  expect(listed.body._results.map(({ body }: { body: string }) => body.slice(0, 2))).toEqual(["tw", "on"])
  const views = await bo.call("GET", `/causeway/conversations/${cnv}/comments`)
  expect(views.body.comments.map(({ html }: { html: string }) => html)).toEqual([
    "<p>one</p>\n",
    "<p>two &lt;script&gt;alert(1)&lt;/script&gt;</p>\n",
  ])
  expect(views.body.comments[0].author).toEqual({ id: bo.id, name: "Bo Reed" })
})

test("whom a comment names with an @ is listed, follows and is told; its author follows; an address names nobody", async () => {
  const cnv = await conversation()
  const [boName, olaName] = [await usernameOf(bo.id), await usernameOf(ola.id)]
  const body = `@${olaName.toUpperCase()} and @${boName}, twice @${boName}; mail to x@${olaName}, @nobody_9`
  const made = await admin("POST", `/conversations/${cnv}/comments`, { json: { body } })
  const mentions = await call("GET", `/comments/${made.body.id}/mentions`)
  expect(mentions.body._results.map(({ id }: { id: string }) => id)).toEqual([ola.id, bo.id])
  expect(await followers(cnv)).toEqual([made.body.author.id, bo.id, ola.id].sort())
  expect((await events(cnv)).map(({ type }) => type)).toEqual(["comment", "mention"])
  expect((await events(cnv)).at(1)?.source).toMatchObject({ type: "teammate" })
  const edited = await admin("PATCH", `/comments/${made.body.id}`, { json: { body: `only @${boName}` } })
  expect(edited.body.body).toBe(`only @${boName}`)
  expect((await events(cnv)).map(({ type }) => type)).toEqual(["comment", "mention", "comment_changed"])
  expect((await call("GET", `/comments/${made.body.id}/mentions`)).body._results).toHaveLength(1)
})

test("a name goes on as long as it may, and begins after no letter", () => {
  expect(namesIn("@Ana_1, (@bo) @bo. me@ana.test @@x a/@y")).toEqual(["ana_1", "bo"])
})

test("a reply names the comment that it answers", async () => {
  const cnv = await conversation()
  const first = (await call("POST", `/conversations/${cnv}/comments`, { body: "Who knows?" })).body
  const reply = await bo.call("POST", `/comments/${first.id}/replies`, { json: { body: "I do" } })
  expect(reply.status).toBe(201)
  expect(reply.body._links.related.comment_replied_to).toBe(`${story.server.url}/comments/${first.id}`)
  expect((await call("POST", "/comments/com_zzzzzz/replies", { body: "x" })).status).toBe(404)
})

test("the text is changed by the credential that wrote it and nobody else, the pin by everybody but observers", async () => {
  const cnv = await conversation()
  const ofToken = (await call("POST", `/conversations/${cnv}/comments`, { body: "from the API" })).body
  const other = await call("POST", "/causeway/tokens", { name: "other", scopes: ["comments:write"] })
  const byOther = (json: object) => story.call("PATCH", `/comments/${ofToken.id}`, { token: other.body.token, json })
  expect((await byOther({ body: "x" })).status).toBe(403)
  expect((await byOther({ is_pinned: true })).body.is_pinned).toBe(true)
  expect((await admin("PATCH", `/comments/${ofToken.id}`, { json: { body: "x" } })).status).toBe(403)
  expect((await ola.call("PATCH", `/comments/${ofToken.id}`, { json: { is_pinned: false } })).status).toBe(403)
  const trailing = await call("PATCH", `/comments/${ofToken.id}/`, { body: "from the API, better" })
  expect(trailing.body).toMatchObject({ body: "from the API, better", is_pinned: true })
  const ofOla = await ola.call("POST", `/conversations/${cnv}/comments`, { json: { body: "seen" } })
  expect(ofOla.status).toBe(201)
  expect((await ola.call("PATCH", `/comments/${ofOla.body.id}`, { json: { body: "seen it" } })).status).toBe(200)
  const before = (await events(cnv)).length
  expect((await ola.call("PATCH", `/comments/${ofOla.body.id}`, { json: { body: "seen it" } })).status).toBe(200)
  expect(await events(cnv)).toHaveLength(before)
})

test("a token writes in a teammate's name, and in nobody's who is not there", async () => {
  const cnv = await conversation()
  const path = `/conversations/${cnv}/comments`
  const made = await call("POST", path, { body: "x", author_id: `alt:email:${bo.email}` })
  expect(made.body.author).toMatchObject({ id: bo.id, type: "user" })
  expect((await bo.call("PATCH", `/comments/${made.body.id}`, { json: { body: "mine" } })).status).toBe(200)
  const missing = await call("POST", path, { body: "x", author_id: "tea_zzzzzz" })
  expect(missing.status).toBe(400)
  expect(missing.text).toContain("body.author_id names no teammate")
  expect((await call("POST", path, { body: "" })).status).toBe(400)
  expect((await call("POST", path, { body: "x".repeat(100_001) })).status).toBe(400)
})

test("a file of a comment comes from its link to who may see the comment, and not over another's path", async () => {
  const cnv = await conversation()
  const form = new FormData()
  form.set("body", "the contract")
  form.set("is_pinned", "true")
  form.set("attachments[0]", new File(["signed"], "Vertrag.txt", { type: "text/plain" }))
  const made = await story.call("POST", `/conversations/${cnv}/comments`, { token: story.apiToken, form })
  expect(made.status, made.text).toBe(201)
  const [file] = made.body.attachments
  expect(made.body.is_pinned).toBe(true)
  expect(file).toMatchObject({ filename: "Vertrag.txt", content_type: "text/plain", size: 6 })
  expect(file.url).toBe(`${story.server.url}/comments/${made.body.id}/download/${file.id}`)
  for (const path of [`/comments/${made.body.id}/download/${file.id}`, `/download/${file.id}`])
    expect((await call("GET", path)).text).toBe("signed")
  const other = (await call("POST", `/conversations/${cnv}/comments`, { body: "x" })).body
  expect((await call("GET", `/comments/${other.id}/download/${file.id}`)).status).toBe(404)
})

test("a channel's token reaches the comments of its own conversations only, as an application", async () => {
  const cnv = await conversation()
  const path = `/conversations/${cnv}/comments`
  const own = { token: story.channelToken() }
  const made = await story.call("POST", path, { ...own, json: { body: "The number is blocked" } })
  expect(made.body.author).toMatchObject({ type: "application", first_name: "Acme SMS" })
  expect((await story.call("GET", path, own)).body._results).toHaveLength(1)
  const second = { token: story.channelToken({ sub: await story.connect(unique("Second")) }) }
  const foreign = await story.call("GET", path, second)
  const missing = await story.call("GET", "/conversations/cnv_zzzzzz/comments", second)
  expect(foreign.status).toBe(404)
  expect(foreign.text.replace(cnv, "ID")).toBe(missing.text.replace("cnv_zzzzzz", "ID"))
  expect((await story.call("GET", `/comments/${made.body.id}`, own)).status).toBe(403)
})
test("who cannot open the inbox gets a comment in it like a missing one", async () => {
  const cnv = await conversation()
  const made = (await call("POST", `/conversations/${cnv}/comments`, { body: "secret" })).body
  await db.query({ text: "update inbox set is_public = false where company_id = $1", values: [companyId] })
  try {
    const foreign = await bo.call("GET", `/comments/${made.id}`)
    expect(foreign.status).toBe(404)
    expect(foreign.text.replace(made.id, "ID")).toBe(
      (await bo.call("GET", "/comments/com_zzzzzz")).text.replace("com_zzzzzz", "ID"),
    )
    expect((await admin("GET", `/comments/${made.id}`)).status).toBe(200)
  } finally {
    await db.query({ text: "update inbox set is_public = true where company_id = $1", values: [companyId] })
  }
})
