import { afterAll, expect, test } from "vitest"
import { startStory, unique } from "../../../test/story.ts"
import { hire } from "../teammates/people.story.ts"

const story = await startStory()
afterAll(() => story.close())
const bo = await hire(story, "Bo Reed")
const cy = await hire(story, "Cy Hall")
const ola = await hire(story, "Ola Marsh", "observer")

const call = (method: string, path: string, json?: unknown) =>
  story.call(method, path, { token: story.apiToken, ...(json !== undefined && { json }) })
const names = async (path: string) => (await call("GET", path)).body._results.map(({ name }: { name: string }) => name)
const ids = async (path: string) => (await call("GET", path)).body._results.map(({ id }: { id: string }) => id)
const make = async (path = "/contact_lists", name = unique("list")): Promise<string> => {
  const answer = await call("POST", path, { name })
  expect([answer.status, answer.text]).toEqual([204, ""])
  return String(answer.headers.get("location")).split("/").at(-1) as string
}
const contact = async () =>
  (await call("POST", "/contacts", { handles: [{ source: "custom", handle: unique("mia") }] })).body
const team = (await call("GET", "/teams")).body._results[0]

test("lists and groups are the same, of the oldest team unless said, and of a team or a teammate when asked for", async () => {
  const id = await make("/contact_lists", "Customers")
  const self = `${story.server.url}/contact_lists/${id}`
  const list = {
    _links: { self, related: { contacts: `${self}/contacts`, owner: `${story.server.url}/teams/${team.id}` } },
    id,
    name: "Customers",
    is_private: false,
  }
  for (const path of [
    "/contact_lists",
    "/contact_groups",
    `/teams/${team.id}/contact_lists`,
    `/teams/${team.id}/contact_groups`,
  ])
    expect((await call("GET", path)).body._results).toEqual([list])
  await make(`/teams/${team.id}/contact_groups`, "Press")
  await make(`/teammates/alt:email:${bo.email}/contact_lists`, "Friends")
  expect(await names("/contact_lists")).toEqual(["Customers", "Press", "Friends"])
  expect(await names(`/teammates/${bo.id}/contact_groups`)).toEqual(["Friends"])
  expect(await names(`/teams/${team.id}/contact_lists`)).toEqual(["Customers", "Press"])
})

test("an owner has one list of a name, however many make it at once", async () => {
  const made = await Promise.all(Array.from({ length: 5 }, () => call("POST", "/contact_lists", { name: " Twice " })))
  expect(made.map(({ status }) => status).toSorted()).toEqual([204, 400, 400, 400, 400])
  expect((await call("POST", `/teammates/${bo.id}/contact_lists`, { name: "Twice" })).status).toBe(204)
  const contacts = await Promise.all(Array.from({ length: 4 }, contact))
  const named = await Promise.all(
    contacts.map(({ id }) => call("PATCH", `/contacts/${id}`, { list_names: ["Named B", "Named A", "Twice"] })),
  )
  expect(named.map(({ status }) => status)).toEqual([204, 204, 204, 204])
  expect(
    (await names(`/teams/${team.id}/contact_lists`)).filter((name: string) => /Named|Twice/.test(name)),
  ).toHaveLength(3)
})

test("contacts are added by id and by alias, listed in pages, and taken off; whoever is there already or not at all is no trouble", async () => {
  const id = await make()
  const [a, b, c] = [await contact(), await contact(), await contact()]
  const path = `/contact_lists/${id}/contacts`
  expect((await call("POST", path, { contact_ids: [a.id, `alt:custom:${b.handles[0].handle}`, a.id] })).status).toBe(
    204,
  )
  expect((await call("POST", `/contact_groups/${id}/contacts`, { contact_ids: [a.id, c.id] })).status).toBe(204)
  expect(await ids(path)).toEqual([c.id, b.id, a.id])
  const page = await call("GET", `/contact_groups/${id}/contacts?limit=2`)
  const next = new URL(page.body._pagination.next)
  expect(await ids(next.pathname + next.search)).toEqual([a.id])
  expect((await call("GET", `/contacts/${a.id}`)).body.groups).toMatchObject([{ id }])
  expect((await call("DELETE", path, { contact_ids: [a.id, b.id] })).status).toBe(204)
  expect((await call("DELETE", path, { contact_ids: [a.id] })).status).toBe(204)
  expect(await ids(path)).toEqual([c.id])
})

test("an unknown contact refuses the whole change", async () => {
  const id = await make()
  const { id: known } = await contact()
  for (const json of [
    { contact_ids: [known, "crd_zzzzzz"] },
    { contact_ids: [known, "alt:custom:nobody"] },
    {},
    { contact_ids: "x" },
  ])
    expect((await call("POST", `/contact_lists/${id}/contacts`, json)).status).toBe(400)
  expect((await call("DELETE", `/contact_lists/${id}/contacts`, { contact_ids: Array(51).fill(known) })).status).toBe(
    400,
  )
  expect(await ids(`/contact_lists/${id}/contacts`)).toEqual([])
})

test("a deleted list is missing, and its contacts stay", async () => {
  const id = await make()
  const mia = await contact()
  await call("POST", `/contact_lists/${id}/contacts`, { contact_ids: [mia.id] })
  expect((await call("DELETE", `/contact_groups/${id}`)).status).toBe(204)
  for (const [method, path] of [
    ["GET", `/contact_lists/${id}/contacts`],
    ["DELETE", `/contact_lists/${id}`],
  ] as const)
    expect((await call(method, path)).body._error.message).toBe(`Unknown contact list ID ${id}`)
  expect((await call("GET", `/contacts/${mia.id}`)).body.lists).toEqual([])
})

test("a teammate's own list is missing to everybody else who signs in, and a contact does not tell them of it", async () => {
  const id = await make(`/teammates/${bo.id}/contact_lists`)
  const mia = await contact()
  expect((await bo.call("POST", `/contact_lists/${id}/contacts`, { json: { contact_ids: [mia.id] } })).status).toBe(204)
  expect((await bo.call("GET", `/contacts/${mia.id}`)).body.lists).toMatchObject([{ id, is_private: true }])
  expect((await cy.call("GET", `/contacts/${mia.id}`)).body.lists).toEqual([])
  const missing = await cy.call("GET", "/contact_lists/grp_zzzzzz/contacts")
  expect((await cy.call("GET", `/contact_lists/${id}/contacts`)).text).toBe(missing.text.replace("grp_zzzzzz", id))
  expect((await cy.call("DELETE", `/contact_lists/${id}`)).status).toBe(404)
  expect((await cy.call("POST", `/teammates/${bo.id}/contact_lists`, { json: { name: "x" } })).status).toBe(403)
  expect((await call("PATCH", `/contacts/${mia.id}`, { list_names: [] })).status).toBe(204)
  expect((await bo.call("GET", `/contacts/${mia.id}`)).body.lists).toMatchObject([{ id }])
})

test("an observer reads lists and changes none", async () => {
  const id = await make()
  expect((await ola.call("GET", "/contact_lists")).status).toBe(200)
  expect((await ola.call("GET", `/contact_lists/${id}/contacts`)).status).toBe(200)
  expect((await ola.call("POST", "/contact_lists", { json: { name: "x" } })).status).toBe(403)
  expect((await ola.call("DELETE", `/contact_lists/${id}`)).status).toBe(403)
  expect((await ola.call("POST", `/contact_lists/${id}/contacts`, { json: { contact_ids: [] } })).status).toBe(403)
})

test("a team that has contacts or lists is not deleted from under them", async () => {
  const made = await call("POST", "/causeway/teams", { name: "Sales" })
  expect(made.status, made.text).toBeLessThan(300)
  await make(`/teams/${made.body.id}/contact_lists`)
  expect((await call("DELETE", `/causeway/teams/${made.body.id}`)).status).toBe(409)
})
