import { afterAll, expect, test } from "vitest"
import { startStory } from "../../../test/story.ts"

const story = await startStory()
afterAll(() => story.close())

test("the OpenAPI document holds every operation of the route table, each with an identifier of its own", async () => {
  const { status, body } = await story.call("GET", "/openapi.json")
  expect(status).toBe(200)
  expect(body.openapi).toBe("3.1.0")
  expect(body.servers).toEqual([{ url: story.server.url }])
  const operations = Object.values(body.paths).flatMap((methods) => Object.values(methods as object))
  expect(operations).toHaveLength(story.server.endpoints.length)
  const ids = operations.map(({ operationId }) => operationId)
  expect(new Set(ids).size).toBe(ids.length)
  expect(operations.filter(({ summary }) => !summary?.endsWith("."))).toEqual([])
})

test("an operation that asks again who somebody is lists the refusal that says so", async () => {
  const { body } = await story.call("GET", "/openapi.json")
  const operations: Record<string, object>[] = Object.values(body.paths).flatMap((methods) =>
    Object.values(methods as object),
  )
  const delicate = operations.filter((operation) => operation["x-delicate"])
  expect(delicate).toHaveLength(story.server.endpoints.filter((one) => one.delicate).length)
  expect(delicate.length).toBeGreaterThan(3)
  for (const { responses } of delicate)
    expect(responses).toMatchObject({ 403: { description: expect.stringContaining("prove") } })
})

test("every reference in the document leads to a component", async () => {
  const { body, text } = await story.call("GET", "/openapi.json")
  const references = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => String(name))
  expect(references.filter((name) => !(name in body.components.schemas))).toEqual([])
  expect(Object.keys(body.components.schemas)).toEqual(expect.arrayContaining(["Message", "Teammate", "Error"]))
})

test("the documents come compressed to those who take that, and plain to all others", async () => {
  const as = async (accepted: string) => {
    const answer = await fetch(`${story.server.url}/openapi.json`, { headers: { "accept-encoding": accepted } })
    return {
      coding: answer.headers.get("content-encoding"),
      vary: answer.headers.get("vary"),
      text: await answer.text(),
    }
  }
  const plain = await as("identity")
  expect(plain).toMatchObject({ coding: null, vary: "accept-encoding" })
  for (const accepted of ["gzip", "br, gzip;q=0.5, *;q=0"])
    expect(await as(accepted)).toEqual({ ...plain, coding: "gzip" })
  for (const accepted of ["gzip;q=0", "gzip;q=0.0, identity", "xgzip"]) expect(await as(accepted)).toEqual(plain)
})

test("/docs shows it to people without a script, under a policy that lets none in", async () => {
  const { status, headers, text } = await story.call("GET", "/docs")
  expect(status).toBe(200)
  expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'sha256-/)
  expect(text).not.toMatch(/<script|javascript:|onload=/i)
  expect(text).toContain("/channels/{channel_id}/inbound_messages")
})

test("the body of every webhook is published as a JSON Schema", async () => {
  const schema = await story.call("GET", "/schemas/webhooks/message_imported.json")
  expect(schema.status).toBe(200)
  expect(schema.body).toMatchObject({ type: "object", required: ["type", "payload", "metadata"] })
  expect((await story.call("GET", "/schemas/webhooks/nothing.json")).status).toBe(404)
})
