import { afterAll, expect, test } from "vitest"
import { startStory, unique } from "../../../test/story.ts"
import { hire } from "../teammates/people.story.ts"

const story = await startStory()
afterAll(() => story.close())
const bo = await hire(story, "Bo Reed")

const call = (method: string, path: string, json?: unknown) =>
  story.call(method, path, { token: story.apiToken, ...(json !== undefined && { json }) })
const custom = (handle = unique("mia")) => ({ source: "custom", handle })
const make = async (json: object = {}, path = "/contacts") => {
  const answer = await call("POST", path, { handles: [custom()], ...json })
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}
const merge = (json: object) => call("POST", "/contacts/merge", json)
const writes = (handle: string, over: object = {}) => story.customerWrites("Hello", { sender: { handle, ...over } })
const contactOf = async (handle: string) => (await call("GET", `/contacts/alt:custom:${handle}`)).body
const conversationsOf = async (handle: string): Promise<(string | null)[]> => {
  const { db } = story.server.services
  const rows = await db.query<{ contact: number | null }>({
    text: "select contact_id as contact from conversation where recipient ->> 'handle' = $1",
    values: [handle],
  })
  return rows.map(({ contact }) => (contact === null ? null : `crd_${contact.toString(36)}`))
}

test("the target keeps its id and gets handles, notes, lists, links, custom fields and conversations; the others are gone", async () => {
  await call("POST", "/causeway/custom_fields", { resource: "contact", type: "string", name: "city" })
  await call("POST", "/causeway/custom_fields", { resource: "contact", type: "string", name: "car" })
  const [first, second] = [unique("ann"), unique("ann")]
  await writes(first, { name: "ann.k" })
  await writes(second)
  const [target, other] = [await contactOf(first), await contactOf(second)]
  await call("PATCH", `/contacts/${target.id}`, {
    description: "Target",
    links: ["https://a.example"],
    list_names: ["A"],
    custom_fields: { city: "Graz", car: "red" },
  })
  await call("PATCH", `/contacts/${other.id}`, {
    name: "Ann Kray",
    description: "Other",
    links: ["https://b.example", "https://a.example"],
    list_names: ["A", "B"],
    custom_fields: { city: "Linz" },
  })
  await call("POST", `/contacts/${other.id}/notes`, { author_id: bo.id, body: "Calls at noon" })
  const merged = await merge({ target_contact_id: target.id, contact_ids: [other.id] })
  expect(merged.status, merged.text).toBe(200)
  expect(merged.body).toMatchObject({
    id: target.id,
    name: "Ann Kray",
    description: "Target\nOther",
    links: ["https://a.example", "https://b.example"],
    handles: [custom(first), custom(second)],
    custom_fields: { city: "Linz", car: "red" },
  })
  expect(merged.body.lists.map(({ name }: { name: string }) => name)).toEqual(["A", "B"])
  expect((await call("GET", `/contacts/${target.id}`)).body).toEqual(merged.body)
  expect((await call("GET", `/contacts/${target.id}/notes`)).body._results).toMatchObject([{ body: "Calls at noon" }])
  expect((await call("GET", `/contacts/${other.id}`)).status).toBe(404)
  expect((await contactOf(second)).id).toBe(target.id)
  expect(await conversationsOf(second)).toEqual([target.id])
  await writes(second)
  expect(await conversationsOf(second)).toEqual([target.id, target.id])
})

test("without a target the oldest stays, and aliases name contacts as ids do", async () => {
  const [a, b, c] = [await make(), await make({ name: "Given" }), await make()]
  const merged = await merge({ contact_ids: [c.id, `alt:custom:${b.handles[0].handle}`, a.id] })
  expect(merged.body).toMatchObject({ id: a.id, name: "Given", handles: [...a.handles, ...b.handles, ...c.handles] })
})

test("what cannot be merged is refused and nothing moves", async () => {
  const [a, b] = [await make(), await make()]
  const own = (await bo.call("POST", `/teammates/${bo.id}/contacts`, { json: { handles: [custom()] } })).body
  const refusals: [object, number][] = [
    [{ contact_ids: [] }, 400],
    [{ contact_ids: [a.id] }, 400],
    [{ contact_ids: [a.id, a.id] }, 400],
    [{ target_contact_id: a.id, contact_ids: [a.id] }, 400],
    [{ contact_ids: [a.id, "crd_zzzzzz"] }, 400],
    [{ target_contact_id: "crd_zzzzzz", contact_ids: [a.id, b.id] }, 400],
    [{ contact_ids: Array(51).fill(a.id) }, 400],
  ]
  for (const [json, status] of refusals) expect((await merge(json)).status, JSON.stringify(json)).toBe(status)
  const cy = await hire(story, "Cy Hall")
  expect((await cy.call("POST", "/contacts/merge", { json: { contact_ids: [a.id, own.id] } })).status).toBe(400)
  for (const { id, handles } of [a, b]) expect((await call("GET", `/contacts/${id}`)).body.handles).toEqual(handles)
})

test("a private contact that is merged with a shared one is shared, and its handles reach it", async () => {
  const handle = unique("pal")
  const own = (
    await bo.call("POST", `/teammates/${bo.id}/contacts`, { json: { name: "Pal", handles: [custom(handle)] } })
  ).body
  const shared = await make({ name: "Paul Ash" })
  const merged = await bo.call("POST", "/contacts/merge", {
    json: { target_contact_id: own.id, contact_ids: [shared.id] },
  })
  expect(merged.body).toMatchObject({
    id: own.id,
    is_private: false,
    name: "Paul Ash",
    _links: { related: { owner: null } },
  })
  await writes(handle)
  expect(await conversationsOf(handle)).toEqual([own.id])
})

test("a private contact whose handle a third one has is not merged into shared ones without it", async () => {
  const handle = unique("third")
  const third = await make({ handles: [custom(handle)] })
  const own = (await bo.call("POST", `/teammates/${bo.id}/contacts`, { json: { handles: [custom(handle)] } })).body
  const shared = await make()
  const refused = await merge({ contact_ids: [own.id, shared.id] })
  expect([refused.status, refused.body._error.message]).toEqual([409, expect.stringContaining(third.id)])
  expect((await merge({ contact_ids: [own.id, shared.id, third.id] })).status).toBe(200)
})

test("messages that come in while contacts are merged and deleted lose nothing and lead to whoever is there afterwards", async () => {
  const handles = Array.from({ length: 6 }, () => unique("storm"))
  for (const handle of handles) await writes(handle)
  const [target] = handles as [string]
  const { id } = await contactOf(target)
  const arriving = Array.from({ length: 60 }, (_, i) => writes(handles[i % handles.length] as string))
  const merging = handles.slice(1).map(async (handle, i) => {
    if (i % 2 === 0) await arriving[i * 10]
    return merge({ target_contact_id: id, contact_ids: [`alt:custom:${handle}`] })
  })
  const doomed = unique("doomed")
  const deleting = Array.from({ length: 5 }, async () => {
    await writes(doomed)
    await call("DELETE", `/contacts/alt:custom:${doomed}`)
    await writes(doomed)
  })
  expect((await Promise.all(arriving)).map(({ status }) => status)).toEqual(Array(60).fill(202))
  expect((await Promise.all(merging)).map(({ status }) => status)).toEqual(Array(5).fill(200))
  await Promise.all(deleting)
  for (const handle of handles) {
    expect((await contactOf(handle)).id).toBe(id)
    expect(await conversationsOf(handle)).toEqual(Array(11).fill(id))
  }
  const last = (await call("GET", `/contacts/alt:custom:${doomed}`)).body.id ?? null
  const kept = await conversationsOf(doomed)
  expect(kept).toHaveLength(10)
  expect(kept.filter((contact) => contact !== null && contact !== last)).toEqual([])
})
