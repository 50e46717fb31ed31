import { afterAll, afterEach, beforeAll, expect, test } from "vitest"
import { startSmallServer } from "../../../test/small-server.ts"
import { type ChannelStory, channelStory } from "../channels/channels.story.ts"
import { ensureDemo } from "./demo.ts"

let story: ChannelStory
beforeAll(async () => {
  story = await channelStory()
})
afterEach(() => story.calm())
afterAll(() => story.close())

test("the demo is made once, with a channel that its partner authorized, and found again with the same ids", async () => {
  const fresh = await startSmallServer()
  try {
    const parts = {
      ...fresh,
      dialer: story.dialer,
      askPartner: story.asking(fresh),
      config: { dataDir: fresh.dataDir },
      startPartner: async () => story.partner.url,
    }
    const demo = await ensureDemo(parts)
    expect(demo).toMatchObject({
      teammate: { email: "demo@causeway.test" },
      channels: [{ id: demo?.channel_id, name: "Demo SMS" }],
    })
    expect(story.partner.received).toHaveLength(1)
    expect(await ensureDemo(parts)).toEqual(demo)
    expect((await fresh.call("GET", "/me", { as: demo?.api_token })).body.id).toBe(demo?.company_id)
    const body = { email: demo?.teammate.email, password: demo?.teammate.password }
    expect((await fresh.call("POST", "/causeway/auth/sign-in/email", { body })).status).toBe(200)
  } finally {
    await fresh.close()
  }
})

test("the demo leaves a company alone that somebody else set up", async () => {
  const parts = {
    ...story.server,
    dialer: story.dialer,
    askPartner: story.asking(story.server),
    config: { dataDir: story.server.dataDir },
    startPartner: async () => story.partner.url,
  }
  expect(await ensureDemo(parts)).toBe(null)
})
