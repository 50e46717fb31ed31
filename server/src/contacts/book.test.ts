import { afterAll, expect, test } from "vitest"
import { startStory, unique } from "../../../test/story.ts"
import { hire, type Person, signIn } from "../teammates/people.story.ts"

const story = await startStory()
afterAll(() => story.close())
const ana = await signIn(story)
const bo = await hire(story, "Bo Reed")
const ola = await hire(story, "Ola Marsh", "observer")

type Json = Record<string, unknown>
type Entry = { id: string; name: string | null; handles: { handle: string }[] } & Json
const put = (method: string, path: string, json: object) => story.call(method, path, { token: story.apiToken, json })
const make = async (name: string | null, handles: object[] = [], more: object = {}): Promise<string> => {
  const all = handles.length > 0 ? handles : [{ source: "custom", handle: unique("h") }]
  const made = await put("POST", "/contacts", { ...(name !== null && { name }), handles: all, ...more })
  expect(made.status, made.text).toBe(201)
  return made.body.id
}
const browse = async (query: Record<string, string>, call: Person["call"] = ana) => {
  const answer = await call("GET", `/causeway/contacts?${new URLSearchParams(query)}`)
  expect(answer.status, answer.text).toBe(200)
  return answer.body as { contacts: Entry[]; next: string | null; total: number | null }
}
const names = async (query: Record<string, string>, call?: Person["call"]) =>
  (await browse(query, call)).contacts.map(({ name }) => name)

test("contacts are read by name page after page, the nameless last, each once", async () => {
  const list = unique("by name")
  for (const name of ["Émile Zola", "anna Berg", "Zoe Lind", null, "Anna Berg"])
    await make(name, [], { list_names: [list] })
  const { lists } = (await ana("GET", "/causeway/contact_lists")).body
  const { id, contact_count } = lists.find((one: Json) => one.name === list)
  expect(contact_count).toBe(5)
  const seen: (string | null)[] = []
  let token = ""
  for (let pages = 0; pages < 5; pages++) {
    const page = await browse({ list_id: id, limit: "2", ...(token && { page_token: token }) })
    expect(page.total).toBe(pages === 0 ? 5 : null)
    seen.push(...page.contacts.map(({ name }) => name))
    if (page.next === null) break
    token = page.next
  }
  expect(seen).toEqual(["anna Berg", "Anna Berg", "Zoe Lind", "Émile Zola", null])
  const recent = await names({ list_id: id, sort: "updated", limit: "1" })
  expect(recent).toEqual(["Anna Berg"])
  const answer = await ana("GET", "/causeway/contacts?page_token=bm9uc2Vuc2U")
  expect([answer.status, answer.text]).toEqual([400, expect.stringContaining("page_token")])
})

test("words find names, and the beginning of an address or a number however it is typed", async () => {
  const mark = unique("quince")
  await make(`Ida ${mark}`, [
    { source: "email", handle: `${mark}@Example.test` },
    { source: "phone", handle: "+43 660 555 0199" },
  ])
  expect(await names({ q: mark.slice(0, -1) })).toEqual([`Ida ${mark}`])
  expect(await names({ q: `${mark.toUpperCase()}@exam` })).toEqual([`Ida ${mark}`])
  for (const typed of ["+43 660 555", "0043 660 5550199", "+436605550199"])
    expect(await names({ q: typed }), typed).toEqual([`Ida ${mark}`])
  expect(await names({ q: "%" })).toEqual([])
  expect((await browse({ q: unique("nobody") })).total).toBe(0)
})

test("a contact tells its conversations as far as they are open to whoever looks, and a teammate's own is theirs alone", async () => {
  const handle = unique("writes")
  await story.customerWrites("Hello", { sender: { handle, name: `Wren ${handle}` } })
  const [entry] = (await browse({ q: handle })).contacts
  expect(entry).toMatchObject({ conversation_count: 1, handle_count: 1, last_activity_at: expect.any(Number) })
  const own = unique("own")
  await bo.call("POST", `/teammates/${bo.id}/contacts`, {
    json: { name: own, handles: [{ source: "custom", handle: own }] },
  })
  expect(await names({ q: own }, bo.call)).toEqual([own])
  expect(await names({ q: own })).toEqual([])
})

test("pairs that share an address, a number or a full name are suggested until somebody says that they are two", async () => {
  const mark = unique("pair")
  const one = await make(`Lea ${mark}`, [{ source: "email", handle: `${mark}@example.test` }])
  const other = await make("L.", [{ source: "custom", handle: `${mark}@example.test` }])
  const twin = await make(`lea ${mark}`)
  const similar = async () =>
    (await ana("GET", "/causeway/contacts/similar")).body.pairs
      .filter(({ contact, other }: Record<string, Entry>) => [contact?.id, other?.id].includes(one))
      .map(({ contact, other, matches, has_same_name }: Record<string, Entry>) => [
        contact?.id === one ? other?.id : contact?.id,
        matches,
        has_same_name,
      ])
  expect(await similar()).toEqual([
    [other, [`${mark}@example.test`], false],
    [twin, [], true],
  ])
  const same = async () =>
    (await ana("GET", `/causeway/contacts/${one}/context`)).body.same_person.map(({ id }: { id: string }) => id)
  expect(await same()).toEqual([other, twin])
  const say = (method: string, call = bo.call) =>
    call(method, `/causeway/contacts/${twin}/different_people`, { json: { contact_ids: [one] } })
  expect((await say("POST", ola.call)).status).toBe(403)
  expect((await say("POST")).status).toBe(204)
  expect([await same(), (await similar()).length]).toEqual([[other], 1])
  expect((await say("DELETE")).status).toBe(204)
  expect(await same()).toEqual([other, twin])
})

test("what a merge will make is shown before, and is what it makes", async () => {
  const mark = unique("merge")
  const one = await make(`Kim ${mark}`, [], { description: "First", links: ["https://a.example"] })
  const other = await make(`Kim B. ${mark}`, [], { description: "Second", list_names: [`list ${mark}`] })
  const body = { target_contact_id: one, contact_ids: [other] }
  const preview = await ana("POST", "/causeway/contacts/merge_preview", { json: body })
  expect(preview.body).toMatchObject({ gone: [{ id: other }], conversation_count: 0, note_count: 0 })
  expect((await ola.call("POST", "/causeway/contacts/merge_preview", { json: body })).status).toBe(403)
  const merged = await put("POST", "/contacts/merge", body)
  const { lists, ...same } = preview.body.contact
  expect(merged.body).toMatchObject(same)
  expect(merged.body.lists.map(({ name }: { name: string }) => name)).toEqual(lists)
})

test("an admin takes contacts along as a table or as JSON; formulas are text, and the audit log says so", async () => {
  const mark = unique("export")
  await make(`=HYPERLINK("${mark}")`, [{ source: "phone", handle: "+436605550111" }], {
    description: 'Says "hi", often',
    list_names: [mark],
  })
  const { lists } = (await ana("GET", "/causeway/contact_lists")).body
  const { id } = lists.find((list: Json) => list.name === mark)
  const csv = await ana("GET", `/causeway/contacts/export?list_id=${id}`)
  const [head, row] = csv.text.split("\r\n")
  expect(head).toContain("id,name,description,handles")
  expect(row).toContain(`,"'=HYPERLINK(""${mark}"")","Says ""hi"", often",phone:+436605550111,`)
  const json = await ana("GET", `/causeway/contacts/export?list_id=${id}&format=json`)
  expect(JSON.parse(json.text)).toMatchObject([{ handles: [{ handle: "+436605550111" }], lists: [mark] }])
  expect((await bo.call("GET", "/causeway/contacts/export")).status).toBe(403)
  const { entries } = (await ana("GET", "/causeway/audit?noun=contact")).body
  expect(entries[0]).toMatchObject({ verb: "exported", target: "several", after: { format: "json", list: id } })
})

test("a list gets another name, unless another of the same owner has it or it is somebody else's", async () => {
  const [first, second] = [unique("list"), unique("list")]
  const made = await bo.call("POST", `/teammates/${bo.id}/contact_lists`, { json: { name: first } })
  await bo.call("POST", `/teammates/${bo.id}/contact_lists`, { json: { name: second } })
  const path = `/causeway/contact_lists/${String(made.headers.get("location")).split("/").at(-1)}`
  const rename = (name: string, call = bo.call) => call("PATCH", path, { json: { name } })
  expect((await rename(second)).status).toBe(400)
  expect((await rename("Renamed", ana)).status).toBe(404)
  expect((await rename(" Renamed ")).body).toMatchObject({ name: "Renamed", is_private: true })
})
