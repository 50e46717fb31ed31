import { afterAll, expect, test } from "vitest"
import { startStory, unique } from "../../../test/story.ts"
import { hire, signIn } from "../teammates/people.story.ts"
import { readPhone } from "./context.ts"

const story = await startStory()
afterAll(() => story.close())
const ana = await signIn(story)
const make = async (name: string, ...handles: { source: string; handle: string }[]) => {
  const made = await story.call("POST", "/contacts", { token: story.apiToken, json: { name, handles } })
  expect(made.status, made.text).toBe(201)
  return made.body.id as string
}
const contextOf = async (reference: string, call = ana) => {
  const answer = await call("GET", `/causeway/contacts/${encodeURIComponent(reference)}/context`)
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}

test("a number is told as its country writes it, and one of nowhere as it is", () => {
  expect(readPhone("+436601234567")).toEqual({ handle: "+436601234567", shown: "+43 660 1234567", country: "AT" })
  expect(readPhone("12345")).toEqual({ handle: "12345", shown: "12345", country: null })
})

test("contacts that have the same address or number under another source may be the same person", async () => {
  const email = `${unique("mia")}@example.test`
  const mia = await make("Mia Kovač", { source: "email", handle: email }, { source: "phone", handle: "+436601234567" })
  const byChat = await make("Mia", { source: "custom", handle: email })
  const byPhone = await make("M. Kovač", { source: "custom", handle: "436601234567" })
  await make("Omar", { source: "custom", handle: unique("omar") })
  await story.customerWrites("Hello", { sender: { handle: email } })

  const { same_person: found, phones } = await contextOf(mia)
  expect(
    found.map(({ id, matches, conversation_count }: Record<string, unknown>) => ({ id, matches, conversation_count })),
  ).toEqual([
    { id: byChat, matches: [email], conversation_count: 1 },
    { id: byPhone, matches: ["436601234567"], conversation_count: 0 },
  ])
  const { conversations } = await contextOf(byChat)
  expect(conversations.map(({ preview, channel_name }: Record<string, unknown>) => [preview, channel_name])).toEqual([
    ["Hello", "Acme SMS"],
  ])
  expect(phones).toEqual([{ handle: "+436601234567", shown: "+43 660 1234567", country: "AT" }])
  expect((await contextOf(`alt:custom:${email}`)).same_person.map(({ id }: { id: string }) => id)).toEqual([mia])
})

test("a teammate's own contact is like nobody else's, and what is not theirs is missing", async () => {
  const bo = await hire(story, "Bo Reed")
  const handle = `${unique("friend")}@example.test`
  await make("Friend", { source: "custom", handle })
  const own = await bo.call("POST", `/teammates/${bo.id}/contacts`, {
    json: { handles: [{ source: "email", handle }] },
  })
  expect((await contextOf(own.body.id, bo.call)).same_person).toEqual([])
  expect((await ana("GET", `/causeway/contacts/${own.body.id}/context`)).status).toBe(404)
})
