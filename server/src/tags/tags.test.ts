import { parseId } from "@causeway/contract/ids"
import { afterAll, expect, test } from "vitest"
import { startStory } from "../../../test/story.ts"
import { hire, signIn } from "../teammates/people.story.ts"

const story = await startStory()
afterAll(() => story.close())
const bo = await hire(story, "Bo Reed")
const ola = await hire(story, "Ola Marsh", "observer")
const admin = await signIn(story)

const call = (method: string, path: string, json?: unknown) =>
  story.call(method, path, { token: story.apiToken, ...(json !== undefined && { json }) })
const names = (answer: { body: { _results: { name: string }[] } }) => answer.body._results.map(({ name }) => name)
const make = async (json: object, path = "/tags") => {
  const answer = await call("POST", path, json)
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}
const team = (await call("GET", "/teams")).body._results[0]

test("a tag made without an owner is the oldest team's, with every link on the origin that was called", async () => {
  const made = await make({
    name: "Urgent",
    description: "Now",
    highlight: "red",
    is_visible_in_conversation_lists: true,
  })
  const self = `${story.server.url}/tags/${made.id}`
  expect(made).toEqual({
    _links: {
      self,
      related: {
        conversations: `${self}/conversations`,
        owner: `${story.server.url}/teams/${team.id}`,
        parent_tag: null,
        children: null,
      },
    },
    id: expect.stringMatching(/^tag_[0-9a-z]+$/),
    name: "Urgent",
    description: "Now",
    highlight: "red",
    is_private: false,
    is_visible_in_conversation_lists: true,
    created_at: expect.any(Number),
    updated_at: expect.any(Number),
  })
  expect((await call("GET", `/tags/${made.id}`)).body).toEqual(made)
  expect(names(await call("GET", `/teams/${team.id}/tags`))).toContain("Urgent")
  expect(names(await call("GET", "/company/tags"))).not.toContain("Urgent")
})

test("a company's tag has no owner, a teammate's is private, and each is in its own list and in the list of all", async () => {
  const company = await make({ name: "Press" }, "/company/tags")
  const own = await make({ name: "Mine" }, `/teammates/alt:email:${bo.email}/tags`)
  expect(company._links.related.owner).toBeNull()
  expect(own).toMatchObject({
    is_private: true,
    _links: { related: { owner: `${story.server.url}/teammates/${bo.id}` } },
  })
  expect(names(await call("GET", "/company/tags"))).toEqual(["Press"])
  expect(names(await call("GET", `/teammates/${bo.id}/tags`))).toEqual(["Mine"])
  expect(names(await call("GET", "/tags"))).toEqual(expect.arrayContaining(["Press", "Mine"]))
})

test("what is a teammate's own is missing to everybody else who signs in", async () => {
  const own = await make({ name: "Bo only" }, `/teammates/${bo.id}/tags`)
  expect((await bo.call("GET", `/tags/${own.id}`)).status).toBe(200)
  const foreign = await admin("GET", `/tags/${own.id}`)
  const missing = await admin("GET", "/tags/tag_zzzzzzzz")
  expect(foreign.status).toBe(404)
  expect(foreign.text.replace(own.id, "ID")).toBe(missing.text.replace("tag_zzzzzzzz", "ID"))
  expect(names(await admin("GET", `/teammates/${bo.id}/tags`))).toEqual([])
  expect(names(await admin("GET", "/tags"))).not.toContain("Bo only")
  expect((await admin("DELETE", `/tags/${own.id}`)).status).toBe(404)
})

test("an admin makes shared tags, a teammate their own, and an observer none", async () => {
  expect((await admin("POST", "/tags", { json: { name: "Shared" } })).status).toBe(201)
  expect((await bo.call("POST", "/tags", { json: { name: "Shared" } })).status).toBe(403)
  expect((await bo.call("POST", `/teammates/${bo.id}/tags`, { json: { name: "Own" } })).status).toBe(201)
  expect((await bo.call("POST", `/teammates/${ola.id}/tags`, { json: { name: "Hers" } })).status).toBe(403)
  expect((await ola.call("POST", `/teammates/${ola.id}/tags`, { json: { name: "Own" } })).status).toBe(403)
})

test("a tag under another has its owner, and both know of each other", async () => {
  const parent = await make({ name: "Billing" }, "/company/tags")
  const child = await make({ name: "Refund" }, `/tags/${parent.id}/children`)
  expect(child._links.related).toMatchObject({ owner: null, parent_tag: `${story.server.url}/tags/${parent.id}` })
  expect((await call("GET", `/tags/${parent.id}`)).body._links.related.children).toBe(
    `${story.server.url}/tags/${parent.id}/children`,
  )
  expect(names(await call("GET", `/tags/${parent.id}/children`))).toEqual(["Refund"])
  expect(names(await call("GET", `/tags/${child.id}/children`))).toEqual([])
})

test("a change keeps what it does not name, and null takes the description, the colour and the parent away", async () => {
  const parent = await make({ name: "Parent" }, "/company/tags")
  const tag = await make({ name: "Leaf", description: "old", highlight: "blue" }, `/tags/${parent.id}/children`)
  expect((await call("PATCH", `/tags/${tag.id}`, { name: "Twig" })).status).toBe(204)
  const renamed = (await call("GET", `/tags/${tag.id}`)).body
  expect(renamed).toMatchObject({ name: "Twig", description: "old", highlight: "blue" })
  expect(renamed.updated_at).toBeGreaterThan(tag.updated_at)
  const cleared = { description: null, highlight: null, parent_tag_id: null }
  expect((await call("PATCH", `/tags/${tag.id}`, cleared)).status).toBe(204)
  expect((await call("GET", `/tags/${tag.id}`)).body).toMatchObject({
    description: null,
    highlight: null,
    _links: { related: { parent_tag: null } },
  })
})

test("no tag comes under itself, under one of its own, under another owner's or under nothing", async () => {
  const top = await make({ name: "Top" }, "/company/tags")
  const middle = await make({ name: "Middle" }, `/tags/${top.id}/children`)
  const leaf = await make({ name: "Leaf" }, `/tags/${middle.id}/children`)
  const teams = await make({ name: "Team's" })
  const put = async (id: string, parent: string) => (await call("PATCH", `/tags/${id}`, { parent_tag_id: parent })).body
  expect((await put(top.id, leaf.id))._error.message).toContain("names the tag itself or one under it")
  expect((await put(top.id, top.id))._error.message).toContain("names the tag itself or one under it")
  expect((await put(top.id, teams.id))._error.message).toContain("names a tag of another owner")
  expect((await put(top.id, "tag_zzzzzzzz"))._error.message).toContain("names no tag")
})

test("two moves at once never make a circle", async () => {
  const [a, b] = [await make({ name: "A" }, "/company/tags"), await make({ name: "B" }, "/company/tags")]
  const moves = await Promise.all([
    call("PATCH", `/tags/${a.id}`, { parent_tag_id: b.id }),
    call("PATCH", `/tags/${b.id}`, { parent_tag_id: a.id }),
  ])
  expect(moves.map(({ status }) => status).toSorted()).toEqual([204, 400])
})

test("a deleted tag is gone, and its children move up to where it was", async () => {
  const top = await make({ name: "Top" }, "/company/tags")
  const middle = await make({ name: "Middle" }, `/tags/${top.id}/children`)
  const leaf = await make({ name: "Leaf" }, `/tags/${middle.id}/children`)
  expect((await call("DELETE", `/tags/${middle.id}`)).status).toBe(204)
  expect((await call("GET", `/tags/${middle.id}`)).status).toBe(404)
  expect((await call("DELETE", `/tags/${middle.id}`)).status).toBe(404)
  expect((await call("GET", `/tags/${leaf.id}`)).body._links.related.parent_tag).toBe(
    `${story.server.url}/tags/${top.id}`,
  )
})

test("a deleted tag comes off every conversation that has it, and other tags stay", async () => {
  const { db } = story.server.services
  const accepted = await story.customerWrites("Where is it?")
  const message = (await story.message(accepted)).body
  const conversation = String(message._links.related.conversation).split("/").at(-1) as string
  const [gone, kept] = [await make({ name: "Gone" }), await make({ name: "Kept" })]
  for (const { id } of [gone, kept])
    await db.query({
      text: "insert into conversation_tag (company_id, conversation_id, tag_id) values ($1, $2, $3)",
      values: [parseId("cmp", story.companyId), parseId("cnv", conversation), parseId("tag", id)],
    })
  await call("DELETE", `/tags/${gone.id}`)
  expect(await db.query({ text: "select tag_id from conversation_tag" })).toEqual([{ tag_id: parseId("tag", kept.id) }])
})

test("a list pages through by id in both orders, and every tag comes once", async () => {
  const parent = await make({ name: "Many" }, "/company/tags")
  for (const i of [1, 2, 3, 4, 5]) await make({ name: `t${i}` }, `/tags/${parent.id}/children`)
  const walk = async (query: string) => {
    const found: string[] = []
    let next: string | null = `/tags/${parent.id}/children?limit=2${query}`
    while (next !== null) {
      const page = await call("GET", next.replace(story.server.url, ""))
      found.push(...names(page))
      expect(page.body._results.length).toBeLessThanOrEqual(2)
      next = page.body._pagination.next
    }
    return found
  }
  expect(await walk("")).toEqual(["t1", "t2", "t3", "t4", "t5"])
  expect(await walk("&sort_by=id&sort_order=desc")).toEqual(["t5", "t4", "t3", "t2", "t1"])
})

test.each([
  ["/tags", {}, "body.name is required"],
  ["/tags", { name: "" }, "body.name must not be empty"],
  ["/tags", { name: "x".repeat(65) }, "body.name is longer than 64 characters"],
  ["/tags", { name: 5 }, "body.name must be a string"],
  ["/tags", { name: "x\u0000" }, "must not contain the character U+0000"],
  ["/tags", { name: "x", highlight: "pale" }, "body.highlight must be one of"],
  ["/company/tags", { name: "x", is_visible_in_conversation_lists: "yes" }, "must be a boolean"],
])("POST %s %j is refused with the field's name", async (path, body, problem) => {
  const answer = await call("POST", path, body)
  expect(answer.status).toBe(400)
  expect(answer.body._error.message).toContain(problem)
})

test("a list refuses a page it never gave out and an order it does not have", async () => {
  for (const query of ["page_token=x", "page_token=99999999999999999999", "sort_by=name", "sort_order=up"])
    expect((await call("GET", `/tags?${query}`)).status, query).toBe(400)
})

test("the conversations that have a tag are listed with it", async () => {
  const message = (await story.message(await story.customerWrites("Where is it?"))).body
  const conversation = String(message._links.related.conversation).split("/").at(-1) as string
  const [on, off] = [await make({ name: "On it" }), await make({ name: "On it" })]
  await story.server.services.db.query({
    text: "insert into conversation_tag (company_id, conversation_id, tag_id) values ($1, $2, $3)",
    values: [parseId("cmp", story.companyId), parseId("cnv", conversation), parseId("tag", on.id)],
  })
  const list = await call("GET", `/tags/${on.id}/conversations`)
  expect(list.body._results).toMatchObject([{ id: conversation }])
  expect(list.body._pagination).toEqual({ next: null })
  expect((await call("GET", `/tags/${off.id}/conversations`)).body._results).toEqual([])
  expect((await call("GET", "/tags/tag_zzzzzzzz/conversations")).status).toBe(404)
})
