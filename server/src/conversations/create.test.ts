import { afterAll, expect, test } from "vitest"
import { startStory } from "../../../test/story.ts"
import { hire } from "../teammates/people.story.ts"

const story = await startStory()
afterAll(() => story.close())
const bo = await hire(story, "Bo Reed")
const ola = await hire(story, "Ola Marsh", "observer")

const call = (method: string, path: string, json?: unknown) =>
  story.call(method, path, { token: story.apiToken, ...(json !== undefined && { json }) })
const expectDone = async (method: string, path: string, json?: unknown) => {
  const answer = await call(method, path, json)
  expect(answer.status, answer.text).toBe(204)
}

test("a discussion begins with a comment, in an inbox or between teammates, and takes no messages", async () => {
  const shared = await call("POST", "/conversations", {
    type: "discussion",
    subject: "Lunch",
    inbox_id: story.inboxId,
    comment: { body: "Where to, @nobody?", author_id: bo.id },
  })
  expect(shared.status, shared.text).toBe(201)
  expect(shared.body).toMatchObject({ type: "discussion", subject: "Lunch", recipient: null, is_private: false })
  const comments = await call("GET", `/conversations/${shared.body.id}/comments`)
  expect(comments.body._results).toMatchObject([{ body: "Where to, @nobody?", author: { id: bo.id } }])
  expect((await call("POST", `/conversations/${shared.body.id}/messages`, { body: "x" })).status).toBe(400)
  const form = new FormData()
  for (const [name, value] of [
    ["type", "discussion"],
    ["subject", "Plan"],
    ["teammate_ids[0]", bo.id],
    ["comment[body]", "see file"],
  ])
    form.append(name as string, value as string)
  form.append("comment[attachments][0]", new Blob(["plan"], { type: "text/plain" }), "plan.txt")
  const between = await story.call("POST", "/conversations", { token: story.apiToken, form })
  expect(between.status, between.text).toBe(201)
  expect(between.body.is_private).toBe(true)
  const [comment] = (await call("GET", `/conversations/${between.body.id}/comments`)).body._results
  expect(comment.attachments).toMatchObject([{ filename: "plan.txt" }])
  expect((await bo.call("GET", `/conversations/${between.body.id}`)).status).toBe(200)
  expect((await ola.call("GET", `/conversations/${between.body.id}`)).status).toBe(404)
})

test("a task has a description and a time it is due, and begins without a comment", async () => {
  const due_at = Math.ceil(Date.now() / 1000) + 1000
  const task = await call("POST", "/conversations", {
    type: "task",
    subject: "Call back",
    inbox_id: story.inboxId,
    due_at,
  })
  expect(task.body).toMatchObject({ type: "task", description: null, due_at })
  await expectDone("PATCH", `/conversations/${task.body.id}`, { description: "before noon", due_at: null })
  expect((await call("GET", `/conversations/${task.body.id}`)).body).toMatchObject({
    description: "before noon",
    due_at: null,
  })
})

test.each([
  [{ type: "discussion", subject: "x", inbox_id: "own" }, "body.comment is required"],
  [{ type: "discussion", subject: "x", comment: { body: "y" } }, "either inbox_id or teammate_ids"],
  [
    {
      type: "discussion",
      subject: "x",
      inbox_id: "own",
      teammate_ids: ["alt:email:ana@example.test"],
      comment: { body: "y" },
    },
    "either",
  ],
  [{ type: "discussion", subject: "x", teammate_ids: ["tea_zzzz"], comment: { body: "y" } }, "names no teammate"],
  [{ type: "discussion", subject: "x", inbox_id: "inb_zzzz", comment: { body: "y" } }, "names no inbox"],
  [{ type: "discussion", subject: "x", inbox_id: "own", due_at: 2e9, comment: { body: "y" } }, "only for tasks"],
  [{ type: "task", subject: "x", inbox_id: "own", due_at: 1 }, "in the future"],
])("a discussion or task as %j is refused", async (json, message) => {
  const refused = await call("POST", "/conversations", {
    ...json,
    ...("inbox_id" in json && json.inbox_id === "own" && { inbox_id: story.inboxId }),
  })
  expect(refused.status).toBe(400)
  expect(refused.body._error.message).toContain(message)
})
