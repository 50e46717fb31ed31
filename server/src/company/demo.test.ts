import { afterAll, afterEach, beforeAll, expect, test } from "vitest"
import { startSmallServer } from "../../../test/small-server.ts"
import { type ChannelStory, channelStory } from "../channels/channels.story.ts"
import { type DemoKind, type DemoPlace, demoKinds, ensureDemo } from "./demo.ts"

let story: ChannelStory
beforeAll(async () => {
  story = await channelStory()
})
afterEach(() => story.calm())
afterAll(() => story.close())

/** All of the demo's partners are the same one here. */
const places = () =>
  Object.fromEntries(
    demoKinds.map((kind) => [
      kind,
      { webhookUrl: story.partner.url, pageUrl: kind === "chat" ? "http://localhost/" : null },
    ]),
  ) as Record<DemoKind, DemoPlace>

test("the demo is made once, with channels that its partners authorized, and found again with the same ids", async () => {
  const fresh = await startSmallServer()
  try {
    const parts = {
      ...fresh,
      dialer: story.dialer,
      askPartner: story.asking(fresh),
      config: { dataDir: fresh.dataDir },
      startPartner: async () => places(),
    }
    const demo = await ensureDemo(parts)
    expect(demo).toMatchObject({
      teammate: { email: "demo@causeway.test" },
      channels: [
        { id: demo?.channel_id, name: "Demo SMS" },
        { name: "Website chat", page: "http://localhost/" },
        { name: "Text messages" },
        { name: "Telephone" },
      ],
    })
    expect(story.partner.received).toHaveLength(4)
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
    startPartner: async () => places(),
  }
  expect(await ensureDemo(parts)).toBe(null)
})
