import type { Endpoint } from "@causeway/contract/endpoint"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { idOf, leastOf, ownWorld, type World } from "../access-world.ts"
import { type CallOptions, type Reply, type Story, startStory } from "../story.ts"
import corrections from "./corrections.json" with { type: "json" }
import { operations, problemsOf } from "./facts.ts"
import { furnish, recipes } from "./recipes.ts"
import { vendorChecks } from "./vendor.ts"

/**
 * Every operation in scope is called on a company that has something of everything, and its answer held against the facts: always those that are kept
 * here, and the vendor's own schemas where their documents are at hand.
 */
const turns = ["POST", "PUT", "PATCH", "GET", "DELETE"]
const inScope = Object.keys(operations).toSorted((a, b) => turnOf(a) - turnOf(b))
const checkVendor = vendorChecks()

/** Makers first, readers when there is something to read, destroyers last. */
function turnOf(operation: string): number {
  return turns.indexOf(operation.split(" ")[0] as string)
}

/** The vendor's schemas know no null in the fields of corrections.json: what they say of those is not counted. */
const nullable = Object.values(corrections.nullable).flatMap((fields) => Object.keys(fields))
const isCorrected = (problem: string): boolean =>
  Object.keys(corrections.types).some((field) => problem.split(" ")[0]?.endsWith(`/${field}`)) ||
  Object.keys(corrections.undefined).some((field) => problem.endsWith(`required property '${field}'`)) ||
  nullable.some((field) => problem.split(" ")[0]?.endsWith(`/${field.replaceAll(".", "/")}`))

const shapeOf = (path: string): string => path.replace(/\{\w+\}|:\w+/g, "*")

let story: Story
let world: World
const passed = { channel: 0, core: 0 }

beforeAll(async () => {
  story = await startStory()
  world = await ownWorld(story)
  await furnish(story, world)
})
afterAll(async () => {
  const total = (api: "channel" | "core") =>
    Object.values(operations).filter((operation) => operation.apis.includes(api)).length
  process.stdout.write(
    `conformance, passed / in scope: Channel API ${passed.channel}/${total("channel")}, Core API ${passed.core}/${total("core")}${checkVendor ? ", held against the vendor's schemas too" : ""}\n`,
  )
  await story?.close()
})

describe.each(inScope)("%s", (operation) => {
  test("answers as the facts say", async () => {
    const facts = operations[operation] as (typeof operations)[string]
    const answer = await perform(operation)
    const recipe = recipes[operation] ?? {}
    expect(answer.status, answer.text.slice(0, 300)).toBe(recipe.status ?? facts.status)
    if (facts.schema !== null && recipe.status === undefined) {
      expect(problemsOf(facts.schema, answer.body)).toEqual([])
      const problems = checkVendor?.(operation, answer.status, answer.body) ?? []
      expect(problems.filter((problem) => !isCorrected(problem))).toEqual([])
      if (Array.isArray(answer.body?._results) && !recipe.isEmpty)
        expect(answer.body._results.length, "a list that is empty proves nothing").toBeGreaterThan(0)
    }
    for (const api of facts.apis) passed[api]++
  })
})

async function perform(operation: string): Promise<Reply> {
  const [method, path] = operation.split(" ") as [string, string]
  const endpoint = story.server.endpoints.find((each) => each.method === method && shapeOf(each.path) === shapeOf(path))
  if (endpoint === undefined) return story.call(method, path, { token: world.token })
  const recipe = recipes[operation] ?? {}
  const given = await recipe.prepare?.(story, world)
  const filled = await fill(path, endpoint, given?.ids ?? {})
  const options: CallOptions = { token: world.token, ...(recipe.channel && { token: channelTokenOf() }) }
  if (given?.form) options.form = given.form
  else if (endpoint.body) options.json = given?.json ?? leastOf(endpoint.body)
  return story.call(method, filled + (given?.query ?? ""), options)
}

const channelTokenOf = (): string => story.channelToken({ iss: world.app.uid, sub: world.channelId }, world.app.secret)

async function fill(path: string, _endpoint: Endpoint, ids: Record<string, string>): Promise<string> {
  let filled = path
  for (const [, name] of path.matchAll(/\{(\w+)\}/g)) {
    const id = ids[name as string] ?? (await idOf(story, story.server.endpoints, world, name as string))
    filled = filled.replace(`{${name}}`, encodeURIComponent(id ?? "unknown"))
  }
  return filled
}
