import { afterAll, expect, test } from "vitest"
import { startStory, unique } from "../../../test/story.ts"
import { hire } from "../teammates/people.story.ts"

const story = await startStory()
afterAll(() => story.close())
const bo = await hire(story, "Bo Reed")
const cy = await hire(story, "Cy Hall")

const call = (method: string, path: string, json?: unknown) =>
  story.call(method, path, { token: story.apiToken, ...(json !== undefined && { json }) })
const url = (path: string) => `${story.server.url}${path}`
const custom = (handle = unique("mia")) => ({ source: "custom", handle })
const make = async (json: object = {}, path = "/contacts") => {
  const answer = await call("POST", path, { handles: [custom()], ...json })
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}
const ids = (answer: { body: { _results: { id: string }[] } }) => answer.body._results.map(({ id }) => id)
const refused = async (answer: Promise<{ status: number; body: { _error: { message: string } } }>, status: number) => {
  const { status: got, body } = await answer
  expect([got, body._error.message]).toEqual([status, expect.any(String)])
  return body._error.message
}

test("a new contact is the company's, with every link on the origin that was called, and is found by id and by each of its handles", async () => {
  await call("POST", "/causeway/custom_fields", { resource: "contact", type: "string", name: "city" })
  const made = await make({
    name: "Mia Kovač",
    description: "Writes on Mondays",
    links: ["https://mia.example"],
    list_names: ["VIP"],
    custom_fields: { city: "Graz" },
    handles: [
      custom("@mia"),
      { source: "email", handle: " Mia@Example.test " },
      { source: "phone", handle: "+43 660 1234567" },
    ],
  })
  const self = url(`/contacts/${made.id}`)
  expect(made).toEqual({
    _links: { self, related: { notes: `${self}/notes`, conversations: `${self}/conversations`, owner: null } },
    id: expect.stringMatching(/^crd_[0-9a-z]+$/),
    name: "Mia Kovač",
    description: "Writes on Mondays",
    avatar_url: null,
    links: ["https://mia.example"],
    groups: made.lists,
    lists: [expect.objectContaining({ name: "VIP", is_private: false })],
    handles: [
      { source: "custom", handle: "@mia" },
      { source: "email", handle: "mia@example.test" },
      { source: "phone", handle: "+436601234567" },
    ],
    custom_fields: { city: "Graz" },
    is_private: false,
    updated_at: expect.any(Number),
  })
  for (const reference of [
    made.id,
    "alt:custom:@mia",
    "alt:email:MIA@example.test",
    "alt:phone:+43%20660%201234567",
    "alt:phone:%2B436601234567",
  ])
    expect((await call("GET", `/contacts/${reference}`)).body).toEqual(made)
})

test("whoever wrote is a contact of the channel's source at once, without anything that nobody said", async () => {
  const handle = unique("ben")
  await story.customerWrites("Hello", { sender: { handle } })
  const contact = (await call("GET", `/contacts/alt:custom:${handle}`)).body
  expect(contact).toMatchObject({
    name: null,
    description: "",
    avatar_url: null,
    links: [],
    lists: [],
    groups: [],
    custom_fields: {},
    is_private: false,
  })
  expect(contact.handles).toEqual([{ source: "custom", handle }])
})

test("a handle belongs to one contact: who brings it again is refused and told whose it is", async () => {
  const first = await make({ handles: [{ source: "phone", handle: "+1 415 555 0100" }] })
  const message = await refused(
    call("POST", "/contacts", { handles: [custom(), { source: "phone", handle: "(415) 555-0100" }] }),
    409,
  )
  expect(message).toContain(first.id)
  const second = await make()
  await refused(call("POST", `/contacts/${second.id}/handles`, { source: "phone", handle: "+14155550100" }), 409)
  expect((await call("GET", `/contacts/${second.id}`)).body.handles).toHaveLength(1)
})

test("of many who make a contact with one handle at the same moment, exactly one does", async () => {
  const handle = unique("rush")
  const made = await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      call("POST", "/contacts", { name: `${i}`, handles: [custom(handle), custom(`${handle}_${i}`)] }),
    ),
  )
  expect(made.map(({ status }) => status).toSorted()).toEqual([201, ...Array(7).fill(409)])
  const winner = made.find(({ status }) => status === 201)?.body
  expect((await call("GET", `/contacts/alt:custom:${handle}`)).body.id).toBe(winner.id)
})

test("a change replaces what it names and leaves the rest, and custom fields that are left out are erased", async () => {
  await call("POST", "/causeway/custom_fields", { resource: "contact", type: "number", name: "age" })
  const made = await make({
    name: "Ed",
    description: "d",
    links: ["https://a.example"],
    list_names: ["One", "Two"],
    custom_fields: { age: 7 },
  })
  expect((await call("PATCH", `/contacts/${made.id}`, { name: "Edith" })).status).toBe(204)
  expect((await call("GET", `/contacts/${made.id}`)).body).toEqual({
    ...made,
    name: "Edith",
    updated_at: expect.any(Number),
  })
  const change = {
    description: "",
    links: ["https://b.example"],
    list_names: ["Two", "Three"],
    custom_fields: { city: "Linz" },
  }
  expect(
    (await call("PATCH", `/contacts/${made.handles[0] && `alt:custom:${made.handles[0].handle}`}`, change)).status,
  ).toBe(204)
  const after = (await call("GET", `/contacts/${made.id}`)).body
  expect(after).toMatchObject({
    name: "Edith",
    description: "",
    links: ["https://b.example"],
    custom_fields: { city: "Linz" },
  })
  expect(after.lists.map(({ name }: { name: string }) => name).toSorted()).toEqual(["Three", "Two"])
  expect(after.updated_at).toBeGreaterThan(made.updated_at)
  expect((await call("PATCH", `/contacts/${made.id}`, { group_names: [] })).status).toBe(204)
  expect((await call("GET", `/contacts/${made.id}`)).body.groups).toEqual([])
  expect(await refused(call("PATCH", `/contacts/${made.id}`, { custom_fields: { shoe: 1 } }), 400)).toContain("shoe")
  expect(await refused(call("PATCH", `/contacts/${made.id}`, { list_names: [" "] }), 400)).toContain("list_names")
})

test("handles are added and taken away, and the last one goes only by force, with its contact", async () => {
  const made = await make({ handles: [custom("first_one")] })
  const path = `/contacts/${made.id}/handles`
  const second = { source: "email", handle: "Second@Example.test" }
  expect((await call("POST", path, second)).status).toBe(204)
  expect((await call("POST", path, second)).status).toBe(204)
  expect((await call("GET", `/contacts/alt:email:second@example.test`)).body.handles).toHaveLength(2)
  await refused(call("DELETE", path, custom("not_theirs")), 404)
  expect((await call("DELETE", path, custom("first_one"))).status).toBe(204)
  expect(await refused(call("DELETE", path, second), 400)).toContain("force")
  expect((await call("DELETE", path, { ...second, force: true })).status).toBe(204)
  await refused(call("GET", `/contacts/${made.id}`), 404)
})

test("a deleted contact leaves its conversations, and whoever writes from its handle is a new one", async () => {
  const handle = unique("gone")
  const metadata = { external_conversation_id: unique("thread") }
  const first = await story.message(
    await story.customerWrites("One", {
      sender: { handle, name: "Gil" },
      metadata: { ...metadata, external_id: unique("ext") },
    }),
  )
  const before = (await call("GET", `/contacts/alt:custom:${handle}`)).body
  expect((await call("DELETE", `/contacts/${before.id}`)).status).toBe(204)
  await refused(call("GET", `/contacts/${before.id}`), 404)
  await refused(call("GET", `/contacts/alt:custom:${handle}`), 404)
  const conversation = new URL(first.body._links.related.conversation).pathname
  expect((await call("GET", conversation)).body.recipient).toMatchObject({
    handle,
    _links: { related: { contact: null } },
  })
  await story.customerWrites("Two", { sender: { handle }, metadata: { ...metadata, external_id: unique("ext") } })
  const after = (await call("GET", `/contacts/alt:custom:${handle}`)).body
  expect(after.id).not.toBe(before.id)
  expect((await call("GET", conversation)).body.recipient._links.related.contact).toBe(url(`/contacts/${after.id}`))
})

test("a list of contacts is paged and sorted by when they were made or changed, and asked for by when they were changed", async () => {
  const made = [await make(), await make(), await make()]
  const [a, b, c] = made.map(({ id }) => id)
  const changedAfter = made[2].updated_at
  await call("PATCH", `/contacts/${a}`, { name: "Later" })
  expect(ids(await call("GET", "/contacts?limit=3"))).toEqual([c, b, a])
  expect(ids(await call("GET", "/contacts?limit=3&sort_by=updated_at&sort_order=desc"))).toEqual([a, c, b])
  const first = await call("GET", "/contacts?limit=2&sort_by=created_at")
  const next = new URL(first.body._pagination.next)
  expect(ids(await call("GET", next.pathname + next.search))[0]).toBe(a)
  const seen: string[] = []
  let path: string | null = "/contacts?limit=4&sort_by=updated_at&sort_order=asc"
  while (path !== null) {
    const page = await call("GET", path)
    seen.push(...ids(page))
    path =
      page.body._pagination.next &&
      new URL(page.body._pagination.next).pathname + new URL(page.body._pagination.next).search
  }
  expect(new Set(seen).size).toBe(seen.length)
  expect(seen.at(-1)).toBe(a)
  const since = (changedAfter + 0.001).toFixed(3)
  expect(ids(await call("GET", `/contacts?q[updated_after]=${since}`))).toEqual([a])
  expect(ids(await call("GET", `/contacts?q=${encodeURIComponent(`{"updated_after":${since}}`)}`))).toEqual([a])
  expect(ids(await call("GET", `/contacts?q[updated_before]=${since}`))).not.toContain(a)
  for (const query of ["sort_by=name", "page_token=nonsense", "q[updated_after]=yesterday", "q=x", "sort_order=up"])
    await refused(call("GET", `/contacts?${query}`), 400)
})

test("notes are told newest first with their author, and a session writes them in its own name", async () => {
  const { id } = await make()
  const path = `/contacts/${id}/notes`
  const made = await call("POST", path, { author_id: bo.id, body: "Likes tea" })
  expect(made.status).toBe(201)
  expect(made.body).toMatchObject({
    _links: { related: { author: url(`/teammates/${bo.id}`), owner: null } },
    author: { id: bo.id, email: bo.email },
    body: "Likes tea",
    is_private: false,
  })
  expect((await bo.call("POST", path, { json: { author_id: `alt:email:${bo.email}`, body: "And cake" } })).status).toBe(
    201,
  )
  const notes = await call("GET", path)
  expect([notes.status, notes.body._results.map(({ body }: { body: string }) => body)]).toEqual([
    202,
    ["And cake", "Likes tea"],
  ])
  await refused(bo.call("POST", path, { json: { author_id: cy.id, body: "x" } }), 403)
  await refused(call("POST", path, { author_id: "tea_zzzzzz", body: "x" }), 400)
})

test("a picture comes with a form, has an address of its own, and is taken away by null", async () => {
  const form = new FormData()
  form.set("handles[0][source]", "custom")
  form.set("handles[0][handle]", unique("pictured"))
  form.set("custom_fields[city]", "Wien")
  form.set("avatar", new File(["\x89PNG"], "me.png", { type: "image/png" }))
  const made = await story.call("POST", "/contacts", { token: story.apiToken, form })
  expect(made.status, made.text).toBe(201)
  expect(made.body.custom_fields).toEqual({ city: "Wien" })
  const { pathname, search } = new URL(made.body.avatar_url)
  const picture = await call("GET", pathname + search)
  expect([picture.status, picture.headers.get("content-type")]).toEqual([200, "image/png"])
  expect((await call("PATCH", `/contacts/${made.body.id}`, { avatar: null })).status).toBe(204)
  await refused(call("GET", pathname), 404)
  await refused(call("PATCH", `/contacts/${made.body.id}`, { avatar: "aGVsbG8=" }), 400)
  const page = new FormData()
  page.set("avatar", new File(["<script>"], "me.html", { type: "text/html" }))
  await refused(story.call("PATCH", `/contacts/${made.body.id}`, { token: story.apiToken, form: page }), 400)
})

test("what is no contact is refused as described", async () => {
  for (const json of [
    {},
    { handles: [] },
    { handles: [{ handle: "x" }] },
    { handles: [{ source: "fax", handle: "x" }] },
    { handles: [custom(" ")] },
  ])
    await refused(call("POST", "/contacts", json), 400)
  await refused(call("POST", "/contacts", { handles: [custom("a\u0000")] }), 400)
  await refused(call("POST", "/contacts", { handles: [custom("x".repeat(501))] }), 400)
  for (const reference of [
    "crd_",
    "crd_0",
    "cnv_1",
    "alt:fax:1",
    "alt:custom:",
    "alt:email:nobody@example.test",
    "nobody",
  ])
    await refused(call("GET", `/contacts/${reference}`), 404)
})
