import { expect, test } from "vitest"
import { createComposing } from "./compose-together.ts"
import type { ClaimedDelivery, Outgoing } from "./engine.ts"
import { createTurns } from "./turns.ts"

const lane = (channelId: number) => ({ companyId: 1, channelId, token: 1 })
const delivery = (id: number, sequence: ClaimedDelivery["sequence"]) => ({ id, sequence }) as ClaimedDelivery

test("notices that one lane claimed together are composed in one turn, replies in one each, and what fails is its own", async () => {
  const turns: string[] = []
  const take = createTurns({ max: 1 })
  const compose = createComposing(
    {
      async compose({ id }) {
        if (id === 2) throw new Error("unreadable")
        return { url: `https://partner.example/${id}` } as Outgoing
      },
    },
    (work, whose) => {
      turns.push(whose ?? "")
      return take(work, whose)
    },
  )
  const asked = [
    ...[1, 2, 3].map((id) => compose(lane(1), delivery(id, "notice"))),
    ...[4, 5].map((id) => compose(lane(1), delivery(id, "send"))),
    compose(lane(2), delivery(6, "notice")),
  ]
  const results = await Promise.allSettled(asked)
  expect(
    results.map((result) => (result.status === "fulfilled" ? (result.value as Outgoing).url.at(-1) : "-")),
  ).toEqual(["1", "-", "3", "4", "5", "6"])
  expect(turns).toEqual(["1/1", "1/1", "1/1", "1/2"])
  await compose(lane(1), delivery(7, "notice"))
  expect(turns).toHaveLength(5)
})
