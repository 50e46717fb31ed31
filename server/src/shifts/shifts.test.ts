import { afterAll, expect, test } from "vitest"
import { startStory } from "../../../test/story.ts"
import { hire } from "../teammates/people.story.ts"

const story = await startStory()
afterAll(() => story.close())
const bo = await hire(story, "Bo Reed")
const mo = await hire(story, "Mo Hill")

const call = (method: string, path: string, json?: unknown) =>
  story.call(method, path, { token: story.apiToken, ...(json !== undefined && { json }) })
const early = {
  name: "Early",
  color: "teal",
  timezone: "Europe/Berlin",
  times: { mon: { start: "06:00", end: "14:30" }, sat: { start: "08:00", end: "24:00" } },
  teammate_ids: [] as string[],
}
const make = async (json: object = {}, path = "/shifts") => {
  const answer = await call("POST", path, { ...early, ...json })
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}
const workers = async (id: string): Promise<string[]> =>
  (await call("GET", `/shifts/${id}/teammates`)).body._results.map((teammate: { id: string }) => teammate.id)
const idsAt = async (path: string): Promise<string[]> =>
  (await call("GET", path)).body._results.map(({ id }: { id: string }) => id)
const team = (await call("GET", "/teams")).body._results[0]

test("a shift is the oldest team's, shown as it was made, and in the lists of its team and its people", async () => {
  const shift = await make({ teammate_ids: [bo.id, `alt:email:${mo.email.toUpperCase()}`, bo.id] })
  const self = `${story.server.url}/shifts/${shift.id}`
  expect(shift).toEqual({
    _links: { self, related: { teammates: `${self}/teammates`, owner: `${story.server.url}/teams/${team.id}` } },
    id: expect.stringMatching(/^shf_[0-9a-z]+$/),
    name: "Early",
    color: "teal",
    timezone: "Europe/Berlin",
    times: early.times,
    created_at: expect.any(Number),
    updated_at: expect.any(Number),
  })
  expect((await call("GET", `/shifts/${shift.id}`)).body).toEqual(shift)
  expect(await workers(shift.id)).toEqual([bo.id, mo.id])
  for (const path of ["/shifts", `/teams/${team.id}/shifts`, `/teammates/${mo.id}/shifts`])
    expect(await idsAt(path), path).toContain(shift.id)
})

test("teammates are added and taken out, and one who is named twice is there once", async () => {
  const shift = await make()
  const change = (method: string, teammate_ids: string[]) =>
    call(method, `/shifts/${shift.id}/teammates`, { teammate_ids })
  expect((await change("POST", [bo.id, mo.id])).status).toBe(204)
  expect((await change("POST", [bo.id])).status).toBe(204)
  expect(await workers(shift.id)).toEqual([bo.id, mo.id])
  expect((await change("DELETE", [bo.id])).status).toBe(204)
  expect((await change("DELETE", [bo.id])).status).toBe(204)
  expect(await workers(shift.id)).toEqual([mo.id])
  const refused = await change("POST", [mo.id, "tea_zzzzzzzz"])
  expect(refused.status).toBe(400)
  expect(refused.body._error.message).toContain("body.teammate_ids[1] names no teammate")
})

test("a change replaces what it names and keeps the rest", async () => {
  const shift = await make({ teammate_ids: [bo.id] })
  const times = { sun: { start: "00:00", end: "23:59" } }
  expect((await call("PATCH", `/shifts/${shift.id}`, { times, color: "red" })).status).toBe(204)
  expect((await call("GET", `/shifts/${shift.id}`)).body).toMatchObject({ name: "Early", color: "red", times })
  expect(await workers(shift.id)).toEqual([bo.id])
  expect((await call("PATCH", `/shifts/${shift.id}`, { teammate_ids: [mo.id] })).status).toBe(204)
  expect(await workers(shift.id)).toEqual([mo.id])
})

test("only people of the shift's team work in it, and who leaves the team leaves its shifts", async () => {
  const night = (await call("POST", "/causeway/teams", { name: "Night", teammate_ids: [bo.id] })).body
  const shift = await make({ teammate_ids: [bo.id] }, `/teams/${night.id}/shifts`)
  const refused = await call("POST", `/shifts/${shift.id}/teammates`, { teammate_ids: [mo.id] })
  expect(refused.status).toBe(400)
  expect(refused.body._error.message).toContain(`names ${mo.id}, who is not in the shift's team`)
  await call("DELETE", `/teams/${night.id}/teammates`, { teammate_ids: [bo.id] })
  expect(await workers(shift.id)).toEqual([])
})

test.each([
  [{ color: "beige" }, "body.color must be one of: black"],
  [{ timezone: "Berlin" }, "body.timezone is no time zone"],
  [{ times: { mon: { start: "9:00", end: "17:00" } } }, "body.times.mon.start"],
  [{ times: { mon: { start: "09:00", end: "25:00" } } }, "body.times.mon.end"],
  [{ times: { mon: { start: "17:00", end: "09:00" } } }, "body.times.mon.end must be after its start (17:00)"],
  [{ times: { mon: { start: "09:00" } } }, "body.times.mon.end is required"],
  [{ times: { monday: { start: "09:00", end: "17:00" } } }, "body.times"],
  [{ teammate_ids: ["tea_zzzzzzzz"] }, "body.teammate_ids[0] names no teammate"],
  [{ teammate_ids: undefined }, "body.teammate_ids is required"],
  [{ name: "" }, "body.name must not be empty"],
])("a shift with %j is refused, when it is made and when it is changed", async (json, problem) => {
  const made = await call("POST", "/shifts", { ...early, ...json })
  expect(made.status).toBe(400)
  expect(made.body._error.message).toContain(problem)
  if ("teammate_ids" in json && json.teammate_ids === undefined) return
  const shift = await make()
  expect((await call("PATCH", `/shifts/${shift.id}`, json)).body._error.message).toContain(problem)
})

test("shifts are an admin's to change", async () => {
  const shift = await make()
  expect((await bo.call("GET", `/shifts/${shift.id}`)).status).toBe(200)
  expect((await bo.call("POST", "/shifts", { json: early })).status).toBe(403)
  expect((await bo.call("PATCH", `/shifts/${shift.id}`, { json: { name: "x" } })).status).toBe(403)
  expect((await bo.call("POST", `/shifts/${shift.id}/teammates`, { json: { teammate_ids: [bo.id] } })).status).toBe(403)
  expect((await call("GET", "/shifts/shf_zzzzzzzz")).status).toBe(404)
})
