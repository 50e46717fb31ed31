import { afterAll, expect, test } from "vitest"
import { startStory } from "../../../test/story.ts"
import { hire, signIn } from "../teammates/people.story.ts"

const story = await startStory()
afterAll(() => story.close())
const { server, inboxId } = story
const bo = await hire(story, "Bo Reed")
const admin = await signIn(story)

const call = (method: string, path: string, json?: unknown) =>
  story.call(method, path, { token: story.apiToken, ...(json !== undefined && { json }) })
const make = async (path: string, json: object) => {
  const answer = await call("POST", path, json)
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}
const template = (json: object = {}, path = "/message_templates") =>
  make(path, { name: "Hello", body: "<p>Hello</p>", ...json })
const folder = (json: object = {}, path = "/message_template_folders") => make(path, { name: "Folder", ...json })
const namesAt = async (path: string): Promise<string[]> =>
  (await call("GET", path)).body._results.map(({ name }: { name: string }) => name)
const team = (await call("GET", "/teams")).body._results[0]

test("a message template is shown as it was made, in safe HTML", async () => {
  const made = await template({ subject: "Hi", body: '<p onclick="x()">Hello <b>you</b><script>x()</script></p>' })
  expect(made).toEqual({
    _links: {
      self: `${server.url}/message_templates/${made.id}`,
      related: { owner: `${server.url}/teams/${team.id}`, parent_folder: null },
    },
    id: expect.stringMatching(/^rsp_[0-9a-z]+$/),
    name: "Hello",
    subject: "Hi",
    body: "<p>Hello <b>you</b></p>",
    attachments: [],
    is_available_for_all_inboxes: true,
    inbox_ids: null,
  })
  expect((await call("GET", `/message_templates/${made.id}`)).body).toEqual(made)
})

test("inbox_ids limit where it is offered, and null takes the limit away", async () => {
  const made = await template({ inbox_ids: [inboxId, inboxId] })
  expect(made).toMatchObject({ is_available_for_all_inboxes: false, inbox_ids: [inboxId] })
  const opened = await call("PATCH", `/message_templates/${made.id}`, { inbox_ids: null })
  expect(opened.status).toBe(200)
  expect(opened.body).toMatchObject({ is_available_for_all_inboxes: true, inbox_ids: null })
  for (const inbox_ids of [[], ["inb_zzzzzzzz"], ["x"]])
    expect((await call("PATCH", `/message_templates/${made.id}`, { inbox_ids })).status).toBe(400)
})

test("files come as a form, are downloaded whole, replaced by new ones, and taken away by an empty list", async () => {
  const bytes = Buffer.from([0x25, 0x50, 0x00, 0xff])
  const form = new FormData()
  form.set("name", "With files")
  form.set("body", "<p>See attached</p>")
  form.set("inbox_ids[0]", inboxId)
  form.set("attachments[0]", new File([bytes], "terms.pdf", { type: "application/pdf" }))
  form.set("attachments[1]", new File(["b"], "b.txt", { type: "text/plain" }))
  const made = await story.call("POST", "/message_templates", { token: story.apiToken, form })
  expect(made.status, made.text).toBe(201)
  expect(made.body.inbox_ids).toEqual([inboxId])
  const [first, second] = made.body.attachments
  expect(first).toEqual({
    id: expect.stringMatching(/^fil_/),
    filename: "terms.pdf",
    url: `${server.url}/message_templates/${made.body.id}/download/${first.id}`,
    content_type: "application/pdf",
    size: 4,
    metadata: { is_inline: false },
  })
  const file = await fetch(first.url, { headers: { authorization: `Bearer ${story.apiToken}` } })
  expect(file.headers.get("content-type")).toBe("application/pdf")
  expect(file.headers.get("content-length")).toBe("4")
  expect(Buffer.from(await file.arrayBuffer())).toEqual(bytes)

  const renamed = await call("PATCH", `/message_templates/${made.body.id}`, { name: "Still with files" })
  expect(renamed.body.attachments).toEqual([first, second])
  const replacing = new FormData()
  replacing.set("attachments", new File(["c"], "c.txt", { type: "text/plain" }))
  const replaced = await story.call("PATCH", `/message_templates/${made.body.id}`, {
    token: story.apiToken,
    form: replacing,
  })
  expect(replaced.body.attachments.map(({ filename }: { filename: string }) => filename)).toEqual(["c.txt"])
  expect((await call("GET", new URL(first.url).pathname)).status).toBe(404)
  const emptied = await call("PATCH", `/message_templates/${made.body.id}`, { attachments: [] })
  expect(emptied.body.attachments).toEqual([])
})

test("a file is found under its own template only, with the scope for files", async () => {
  const form = new FormData()
  form.set("name", "One")
  form.set("body", "x")
  form.set("attachments", new File(["a"], "a.txt"))
  const made = (await story.call("POST", "/message_templates", { token: story.apiToken, form })).body
  const other = await template()
  const id = made.attachments[0].id
  expect((await call("GET", `/message_templates/${other.id}/download/${id}`)).status).toBe(404)
  const json = { name: "t", scopes: ["message_templates:read"] }
  const { token } = (await call("POST", "/causeway/tokens", json)).body
  expect((await story.call("GET", `/message_templates/${made.id}/download/${id}`, { token })).status).toBe(403)
})

test("a teammate's templates are private, with whatever inboxes were named left out", async () => {
  const own = await template({ name: "Bo's", inbox_ids: [inboxId] }, `/teammates/${bo.id}/message_templates`)
  expect(own).toMatchObject({
    inbox_ids: null,
    _links: { related: { owner: `${server.url}/teammates/${bo.id}` } },
  })
  expect(await namesAt(`/teammates/alt:email:${bo.email}/message_templates`)).toEqual(["Bo's"])
  expect((await bo.call("GET", `/message_templates/${own.id}`)).status).toBe(200)
  expect((await bo.call("PATCH", `/message_templates/${own.id}`, { json: { name: "Mine" } })).status).toBe(200)
  expect((await admin("GET", `/message_templates/${own.id}`)).status).toBe(404)
  expect((await admin("DELETE", `/message_templates/${own.id}`)).status).toBe(404)
  const shared = await template()
  expect((await bo.call("PATCH", `/message_templates/${shared.id}`, { json: { name: "x" } })).status).toBe(403)
  expect((await bo.call("POST", "/message_templates", { json: { name: "x", body: "x" } })).status).toBe(403)
})

test("folders lie in folders, and what is made in one has its owner", async () => {
  const outer = await folder({ name: "Outer" }, `/teams/${team.id}/message_template_folders`)
  const inner = await folder({ name: "Inner" }, `/message_template_folders/${outer.id}/message_template_folders`)
  const inside = await template({ name: "Inside" }, `/message_template_folders/${inner.id}/message_templates`)
  expect(inner._links.related).toEqual({
    owner: `${server.url}/teams/${team.id}`,
    parent_folder: `${server.url}/message_template_folders/${outer.id}`,
    child_folders: null,
    child_answers: null,
  })
  expect(inside._links.related.parent_folder).toBe(`${server.url}/message_template_folders/${inner.id}`)
  const { related } = (await call("GET", `/message_template_folders/${inner.id}`)).body._links
  expect(related.child_answers).toBe(`${server.url}/message_template_folders/${inner.id}/message_templates`)
  expect(await namesAt(`/message_template_folders/${outer.id}/message_template_folders`)).toEqual(["Inner"])
  expect(await namesAt(`/message_template_folders/${inner.id}/message_templates`)).toEqual(["Inside"])
  expect(await namesAt(`/teams/${team.id}/message_template_folders`)).toEqual(
    expect.arrayContaining(["Outer", "Inner"]),
  )
})

test("a folder is never inside itself, one of its own, another owner's or nothing", async () => {
  const outer = await folder()
  const inner = await folder({ parent_folder_id: outer.id })
  const own = await folder({}, `/teammates/${bo.id}/message_template_folders`)
  const put = async (id: string, parent_folder_id: string) =>
    (await call("PATCH", `/message_template_folders/${id}`, { parent_folder_id })).body._error.message
  expect(await put(outer.id, inner.id)).toContain("names the folder itself or one inside it")
  expect(await put(outer.id, outer.id)).toContain("names the folder itself or one inside it")
  expect(await put(outer.id, own.id)).toContain("names a folder of another owner")
  expect(await put(outer.id, "rsf_zzzzzzzz")).toContain("names no folder")
  const moved = await call("PATCH", `/message_template_folders/${inner.id}`, { name: "Out", parent_folder_id: null })
  expect(moved.body).toMatchObject({ name: "Out", _links: { related: { parent_folder: null } } })
  expect((await call("POST", "/message_templates", { name: "x", body: "x", folder_id: own.id })).status).toBe(400)
})

test("two folders that move into each other at once do not both succeed", async () => {
  const [a, b] = [await folder(), await folder()]
  const moves = await Promise.all([
    call("PATCH", `/message_template_folders/${a.id}`, { parent_folder_id: b.id }),
    call("PATCH", `/message_template_folders/${b.id}`, { parent_folder_id: a.id }),
  ])
  expect(moves.map(({ status }) => status).toSorted()).toEqual([200, 400])
})

test("folders do not lie deeper in each other than 20", async () => {
  let parent = await folder({ name: "1" })
  for (let i = 2; i <= 20; i++) parent = await folder({ name: String(i), parent_folder_id: parent.id })
  const deeper = await call("POST", "/message_template_folders", { name: "21", parent_folder_id: parent.id })
  expect(deeper.body._error.message).toContain("lies too deep")
})

test("a folder goes with everything in it", async () => {
  const outer = await folder()
  const inner = await folder({ parent_folder_id: outer.id })
  const inside = await template({ folder_id: inner.id })
  const gone = await call("DELETE", `/message_template_folders/${outer.id}`)
  expect(gone.status).toBe(202)
  expect(gone.body).toEqual({ status: "accepted", message_template_folder_id: outer.id })
  for (const path of [
    `/message_template_folders/${outer.id}`,
    `/message_template_folders/${inner.id}`,
    `/message_templates/${inside.id}`,
  ])
    expect((await call("GET", path)).status, path).toBe(404)
})

test("a list pages in the order of making and of changing, and every template comes once", async () => {
  const place = await folder()
  const made = []
  for (const name of ["a", "b", "c", "d", "e"]) made.push(await template({ name, folder_id: place.id }))
  await call("PATCH", `/message_templates/${made[1].id}`, { name: "b2" })
  const walk = async (query: string) => {
    const found: string[] = []
    let next: string | null = `/message_template_folders/${place.id}/message_templates?limit=2&${query}`
    while (next !== null) {
      const { body } = await call("GET", next.replace(server.url, ""))
      found.push(...body._results.map(({ name }: { name: string }) => name))
      next = body._pagination.next
    }
    return found
  }
  expect(await walk("")).toEqual(["a", "b2", "c", "d", "e"])
  expect(await walk("sort_by=created_at&sort_order=desc")).toEqual(["e", "d", "c", "b2", "a"])
  expect(await walk("sort_by=updated_at")).toEqual(["a", "c", "d", "e", "b2"])
  expect((await call("GET", "/message_templates?sort_by=name")).status).toBe(400)
  expect((await call("GET", "/message_templates?page_token=1")).status).toBe(400)
})

test.each([
  [{ body: "x" }, "body.name is required"],
  [{ name: "x" }, "body.body is required"],
  [{ name: "x", body: "" }, "body.body must not be empty"],
  [{ name: "x", body: "x", folder_id: "rsf_zzzzzzzz" }, "body.folder_id names no folder"],
  [{ name: "x", body: "x", attachments: ["x"] }, "body.attachments"],
  [{ name: "x".repeat(501), body: "x" }, "body.name is longer than 500 characters"],
])("a message template %j is refused", async (json, problem) => {
  const answer = await call("POST", "/message_templates", json)
  expect(answer.status).toBe(400)
  expect(answer.body._error.message).toContain(problem)
})

test("a deleted template is gone", async () => {
  const made = await template()
  expect((await call("DELETE", `/message_templates/${made.id}`)).status).toBe(204)
  expect((await call("GET", `/message_templates/${made.id}`)).status).toBe(404)
  expect((await call("DELETE", `/message_templates/${made.id}`)).status).toBe(404)
})
