import { afterAll, expect, test } from "vitest"
import { startStory } from "../../../test/story.ts"
import { begin } from "../conversations/conversations.story.ts"
import { hire } from "../teammates/people.story.ts"

const story = await startStory()
afterAll(() => story.close())
const at = "/causeway/notifications/preferences"
const bo = await hire(story, "Bo Reed")
const ola = await hire(story, "Ola Marsh", "observer")

test("a teammate is told of what is theirs or nobody's until they choose, an observer of nothing", async () => {
  expect((await bo.call("GET", at)).body).toMatchObject({
    inboxes: [{ id: story.inboxId, level: "mine" }],
    sound: "background",
    quiet_hours: null,
    following: [],
  })
  expect((await ola.call("GET", at)).body.inboxes).toMatchObject([{ level: "none" }])
})

test("a change holds for what it names, and for nobody else", async () => {
  const levels = { [story.inboxId]: "all" }
  const changed = await bo.call("PATCH", at, { json: { levels, quiet_hours: { from: 1320, to: 420 } } })
  expect(changed).toMatchObject({
    status: 200,
    body: { inboxes: [{ level: "all" }], sound: "background", quiet_hours: { from: 1320, to: 420 } },
  })
  await bo.call("PATCH", at, { json: { sound: "off" } })
  expect((await bo.call("GET", at)).body).toMatchObject({
    inboxes: [{ level: "all" }],
    sound: "off",
    quiet_hours: { from: 1320, to: 420 },
  })
  expect((await bo.call("PATCH", at, { json: { quiet_hours: null } })).body.quiet_hours).toBeNull()
  expect((await ola.call("GET", at)).body).toMatchObject({ inboxes: [{ level: "none" }], sound: "background" })
})

test("an inbox that is closed to the teammate is like a missing one, and hours outside the day are refused", async () => {
  const closed = await bo.call("PATCH", at, { json: { levels: { inb_zzzz: "all" } } })
  expect(closed.status).toBe(400)
  expect(closed.text).toContain("body.levels.inb_zzzz")
  expect((await bo.call("PATCH", at, { json: { quiet_hours: { from: 1440, to: 0 } } })).status).toBe(400)
  expect((await bo.call("PATCH", at, { json: { levels: { [story.inboxId]: "some" } } })).status).toBe(400)
})

test("what a teammate follows is listed", async () => {
  const { id } = await begin(story)
  await bo.call("POST", `/conversations/${id}/followers`, { json: { teammate_ids: [bo.id] } })
  expect((await bo.call("GET", at)).body.following).toEqual([id])
})
