import { parseId } from "@causeway/contract/ids"
import { afterAll, expect, test } from "vitest"
import { startStory, unique } from "../../../test/story.ts"
import { hire } from "../teammates/people.story.ts"

const story = await startStory()
afterAll(() => story.close())
const bo = await hire(story, "Bo Reed")
const ola = await hire(story, "Ola Marsh", "observer")

const call = (method: string, path: string, json?: unknown) =>
  story.call(method, path, { token: story.apiToken, ...(json !== undefined && { json }) })
const make = async (json: object = {}) => {
  const answer = await call("POST", "/links", { external_url: `https://crm.test/${unique("order")}`, ...json })
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}

test("a link is shown as it was made, and named after its URL unless it has a name", async () => {
  const named = await make({ name: "Order 7", external_url: "https://crm.test/#/orders/7" })
  expect(named).toEqual({
    _links: { self: `${story.server.url}/links/${named.id}` },
    id: expect.stringMatching(/^top_[0-9a-z]+$/),
    name: "Order 7",
    type: "web",
    external_url: "https://crm.test/#/orders/7",
    custom_fields: {},
  })
  expect((await call("GET", `/links/${named.id}`)).body).toEqual(named)
  const bare = await make()
  expect(bare.name).toBe(bare.external_url)
})

test("a URL has one link, however often and however many at once make it", async () => {
  const external_url = `https://crm.test/${unique("same")}`
  const made = await Promise.all(Array.from({ length: 8 }, () => call("POST", "/links", { external_url })))
  expect(made.map(({ status }) => status)).toEqual(made.map(() => 201))
  expect(new Set(made.map(({ body }) => body.id)).size).toBe(1)
  expect((await make({ external_url, name: "Later" })).name).toBe(external_url)
})

test("a link is renamed, and its URL stays", async () => {
  const link = await make()
  expect((await call("PATCH", `/links/${link.id}`, { name: "Renamed", external_url: "https://x.test/" })).status).toBe(
    204,
  )
  expect((await call("GET", `/links/${link.id}`)).body).toEqual({ ...link, name: "Renamed" })
})

test.each([
  [{}, "body.external_url is required"],
  [{ pattern: "ORDER-7" }, "body.pattern matches no application object"],
  [{ external_url: "https://x.test/", pattern: "x" }, "body.pattern cannot be combined"],
  [{ external_url: "javascript:alert(1)" }, "body.external_url must be a whole URL"],
  [{ external_url: "https://" }, "body.external_url must be a whole URL"],
  [{ external_url: `https://x.test/${"x".repeat(2000)}` }, "body.external_url is longer than 2000 characters"],
])("POST /links %j is refused", async (json, problem) => {
  const answer = await call("POST", "/links", json)
  expect(answer.status).toBe(400)
  expect(answer.body._error.message).toContain(problem)
})

test("a list keeps the types that q names, in JSON or in brackets, and pages by id", async () => {
  for (let i = 0; i < 3; i++) await make()
  const all = (await call("GET", "/links")).body._results.map(({ id }: { id: string }) => id)
  const ids = async (query: string) =>
    (await call("GET", `/links?${query}`)).body._results.map(({ id }: { id: string }) => id)
  expect(await ids(`q=${encodeURIComponent('{"types":["web"]}')}`)).toEqual(all)
  expect(await ids("q[types][]=web&q[types][]=jira")).toEqual(all)
  expect(await ids("q[types]=jira")).toEqual([])
  expect(await ids("sort_by=id&sort_order=desc")).toEqual(all.toReversed())
  const first = await call("GET", "/links?limit=2&q[types]=web")
  const second = await call("GET", String(first.body._pagination.next).replace(story.server.url, ""))
  const pages = [...first.body._results, ...second.body._results].map(({ id }) => id)
  expect(pages).toEqual(all.slice(0, 4))
  for (const query of ["q=types", "q={", "q[types][x]=1", "sort_by=name", "page_token=-1"])
    expect((await call("GET", `/links?${query}`)).status, query).toBe(400)
})

test("a teammate makes links and an observer only reads them; a missing one is 404", async () => {
  const json = { external_url: "https://crm.test/by-bo" }
  const made = await bo.call("POST", "/links", { json })
  expect(made.status).toBe(201)
  expect((await ola.call("GET", `/links/${made.body.id}`)).status).toBe(200)
  expect((await ola.call("POST", "/links", { json })).status).toBe(403)
  expect((await ola.call("PATCH", `/links/${made.body.id}`, { json: { name: "x" } })).status).toBe(403)
  expect((await call("GET", "/links/top_zzzzzzzz")).status).toBe(404)
})

test("the conversations that have a link are listed with it", async () => {
  const message = (await story.message(await story.customerWrites("Where is it?"))).body
  const conversation = String(message._links.related.conversation).split("/").at(-1) as string
  const [on, off] = [await make(), await make()]
  await story.server.services.db.query({
    text: "insert into conversation_link (company_id, conversation_id, link_id) values ($1, $2, $3)",
    values: [parseId("cmp", story.companyId), parseId("cnv", conversation), parseId("top", on.id)],
  })
  const list = await call("GET", `/links/${on.id}/conversations`)
  expect(list.body._results).toMatchObject([{ id: conversation }])
  expect(list.body._pagination).toEqual({ next: null })
  expect((await call("GET", `/links/${off.id}/conversations`)).body._results).toEqual([])
  expect((await call("GET", "/links/top_zzzzzzzz/conversations")).status).toBe(404)
})
