import { cp } from "node:fs/promises"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { emptyDatabase, temporaryDir } from "../../../test/database.ts"
import { startStory } from "../../../test/story.ts"
import { migrate, migrationsDir } from "../database/migrate.ts"
import { createPool } from "../database/pool.ts"
import { createLog } from "../log.ts"
import { hire } from "../teammates/people.story.ts"

const story = await startStory()
afterAll(() => story.close())
const { server, inboxId } = story
const bo = await hire(story, "Bo Reed")
const mo = await hire(story, "Mo Hill")

const call = (method: string, path: string, json?: unknown) =>
  story.call(method, path, { token: story.apiToken, ...(json !== undefined && { json }) })
const make = async (json: object = {}) => {
  const answer = await call("POST", "/causeway/teams", { name: "Night", ...json })
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}
const members = async (id: string): Promise<string[]> =>
  (await call("GET", `/teams/${id}`)).body.members.map((member: { id: string }) => member.id)
const [first] = (await call("GET", "/teams")).body._results

test("a company begins with one team, which has its first inbox and everybody", async () => {
  expect(first).toEqual({
    _links: { self: `${server.url}/teams/${first.id}` },
    id: expect.stringMatching(/^tim_[0-9a-z]+$/),
    name: "Acme",
  })
  const team = (await call("GET", `/teams/${first.id}`)).body
  expect(team.inboxes.map(({ id }: { id: string }) => id)).toEqual([inboxId])
  expect(team.members).toHaveLength(3)
  expect(team.members[1]).toMatchObject({ id: bo.id, email: bo.email })
})

test("a company from before there were teams gets one, with everybody and every inbox in it", async () => {
  const connection = { connectionString: await emptyDatabase() }
  const folder = await temporaryDir("first-migration")
  await cp(join(migrationsDir, "0001_channels.sql"), join(folder, "0001_channels.sql"))
  const log = createLog("silent")
  await migrate(connection, log, { folder })
  const db = createPool(connection)
  await db.query({ text: "insert into company (id, name) values (1000, 'Old'), (1001, 'Older')" })
  await db.query({ text: "insert into inbox (company_id, id, name) values (1000, 1, 'Support')" })
  await db.query({
    text: `insert into teammate (company_id, id, email, username, first_name, last_name)
           values (1000, 2, 'a@old.test', 'a', 'A', ''), (1000, 3, 'b@old.test', 'b', 'B', '')`,
  })
  await migrate(connection, log)
  const teams = await db.query({
    text: `select team.name, array(select teammate_id from team_teammate where team_id = team.id order by 1) as members,
             array(select id from inbox where team_id = team.id) as inboxes from team order by name`,
  })
  expect(teams).toEqual([
    { name: "Old", members: [2, 3], inboxes: [1] },
    { name: "Older", members: [], inboxes: [] },
  ])
  await db.close()
})

test("teammates join and leave a team, and leaving closes its inboxes to them", async () => {
  const night = await make({ teammate_ids: [bo.id] })
  const json = { name: "Night desk", is_public: false, teammate_ids: [bo.id, mo.id] }
  const inbox = (await call("POST", `/teams/${night.id}/inboxes`, json)).body
  const change = (method: string, teammate_ids: string[]) =>
    call(method, `/teams/${night.id}/teammates`, { teammate_ids })
  expect((await change("POST", [mo.id, bo.id])).status).toBe(204)
  expect(await members(night.id)).toEqual([bo.id, mo.id])
  expect((await change("DELETE", [mo.id])).status).toBe(204)
  expect(await members(night.id)).toEqual([bo.id])
  expect((await mo.call("GET", `/inboxes/${inbox.id}`)).status).toBe(404)
  expect((await bo.call("GET", `/inboxes/${inbox.id}`)).status).toBe(200)
  expect((await change("POST", ["tea_zzzzzzzz"])).status).toBe(400)
})

test("a teammate sees of a team the inboxes that are open to them", async () => {
  const night = await make()
  await call("POST", `/teams/${night.id}/inboxes`, { name: "Closed", is_public: false })
  await call("POST", `/teams/${night.id}/inboxes`, { name: "Open" })
  const names = async (answer: Promise<{ body: { inboxes: { name: string }[] } }>) =>
    (await answer).body.inboxes.map(({ name }) => name)
  expect(await names(bo.call("GET", `/teams/${night.id}`))).toEqual(["Open"])
  expect(await names(call("GET", `/teams/${night.id}`))).toEqual(["Closed", "Open"])
})

test("a team is renamed, and deleted once it owns nothing; the last one stays", async () => {
  const night = await make()
  const renamed = await call("PATCH", `/causeway/teams/${night.id}`, { name: "Late" })
  expect(renamed.body).toMatchObject({ id: night.id, name: "Late" })
  const tag = (await call("POST", `/teams/${night.id}/tags`, { name: "Late" })).body
  const refused = await call("DELETE", `/causeway/teams/${night.id}`)
  expect(refused.status).toBe(409)
  await call("DELETE", `/tags/${tag.id}`)
  expect((await call("DELETE", `/causeway/teams/${night.id}`)).status).toBe(204)
  expect((await call("GET", `/teams/${night.id}`)).status).toBe(404)
  for (const { id } of (await call("GET", "/teams")).body._results.slice(1)) {
    for (const inbox of (await call("GET", `/teams/${id}`)).body.inboxes)
      await server.services.db.query({ text: "delete from inbox where name = $1", values: [inbox.name] })
    expect((await call("DELETE", `/causeway/teams/${id}`)).status).toBe(204)
  }
  expect((await call("DELETE", `/causeway/teams/${first.id}`)).body._error.message).toContain("last team")
})

test("what is made for a team while it is deleted is either refused or keeps the team", async () => {
  for (let i = 0; i < 5; i++) {
    const night = await make()
    const [tag, deleted] = await Promise.all([
      call("POST", `/teams/${night.id}/tags`, { name: "Late" }),
      call("DELETE", `/causeway/teams/${night.id}`),
    ])
    expect([
      [201, 409],
      [404, 204],
    ]).toContainEqual([tag.status, deleted.status])
    if (tag.status === 201) await call("DELETE", `/tags/${tag.body.id}`)
  }
})

test("teams are an admin's to change", async () => {
  expect((await bo.call("GET", "/teams")).status).toBe(200)
  expect((await bo.call("POST", "/causeway/teams", { json: { name: "x" } })).status).toBe(403)
  expect((await bo.call("PATCH", `/causeway/teams/${first.id}`, { json: { name: "x" } })).status).toBe(403)
  expect((await bo.call("DELETE", `/causeway/teams/${first.id}`)).status).toBe(403)
  const json = { teammate_ids: [bo.id] }
  expect((await bo.call("DELETE", `/teams/${first.id}/teammates`, { json })).status).toBe(403)
})

test("tickets are off: there is no status, and every one is missing", async () => {
  const list = await call("GET", "/company/statuses")
  expect(list.status).toBe(200)
  expect(list.body).toEqual({
    _pagination: { next: null },
    _links: { self: `${server.url}/company/statuses` },
    _results: [],
  })
  expect((await call("GET", "/company/statuses/sts_1")).status).toBe(404)
})
