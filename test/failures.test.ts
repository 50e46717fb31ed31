import { parseId } from "@causeway/contract/ids"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { axe, describeInBrowser, openBrowser, type TestBrowser } from "./browser.ts"
import type { Script } from "./partner.ts"
import { inbound, type Story, startStory } from "./story.ts"

/** A reply that does not arrive: what the partner does, and what its writer reads and can do first. */
interface Case {
  name: string
  partner?: Script
  /** Of a channel of its own, since what happens changes the channel too: where its messages are sent; "": to the partner. */
  url?: string
  heading: string
  explanation: string
  /** The reason as shown; null: none is. */
  reason: string | RegExp | null
  first: string
}

const refused = (type: string, heading: string, explanation: string, first: string): Case[] =>
  ["It says why", null].map((message) => ({
    name: `${type} ${message === null ? "without" : "with"} a message`,
    partner: { status: 400, body: { type, ...(message !== null && { message }) } },
    heading,
    explanation,
    reason: message,
    first,
  }))

const unreached = {
  heading: "Could not reach the channel",
  explanation: "The message did not leave us.",
  first: "Retry",
}
const notAsAgreed = "The channel answered, but not as agreed"

const cases: Case[] = [
  ...refused("bad_request", "The channel rejected this message", "Usually its length", "Edit and resend"),
  ...refused("forbidden", "Not allowed to send here", "the time to reply is over", "Edit and resend"),
  ...refused("not_found", "The channel does not know this recipient", "no longer exists there", "Check the contact"),
  ...refused("request_timeout", "No answer within 7 seconds", "It may still have arrived.", "Retry"),
  ...refused("too_many_requests", "The channel is limiting how fast we send", "a longer pause", "Retry"),
  ...refused("internal_error", "The channel had an error", "Nothing is wrong with your message.", "Retry"),
  {
    ...unreached,
    name: "a refused connection",
    url: "http://127.0.0.1:1/",
    reason: /refused the connection on port 1$/,
  },
  { ...unreached, name: "a name that does not exist", url: "http://nowhere.invalid/", reason: /nowhere\.invalid/ },
  { ...unreached, name: "TLS with whoever speaks none", url: "https://PARTNER/", reason: /TLS|secure/i },
  {
    name: "an answer that breaks off",
    partner: "cut",
    heading: "No answer within 7 seconds",
    explanation: "It may still have arrived.",
    reason: /./,
    first: "Retry",
  },
  {
    name: "a redirection",
    partner: { status: 302, headers: { location: "https://elsewhere.test/" } },
    heading: notAsAgreed,
    explanation: "Its address leads somewhere else.",
    reason: /./,
    first: "Open the delivery",
  },
  ...refused("authentication_required", "This channel is signed out", "Nothing goes out", "Reconnect the channel").map(
    (one) => ({ ...one, url: "" }),
  ),
]

describeInBrowser("a reply that does not arrive", () => {
  let story: Story
  let browser: TestBrowser
  let page: Page
  const conversations = new Map<Case | null, string>()
  beforeAll(async () => {
    story = await startStory()
    browser = await openBrowser()
    conversations.set(null, await begun(story.channelId))
    for (const one of cases.filter(({ url }) => url !== undefined)) {
      const channelId = await story.connect(`Channel of ${one.name}`)
      conversations.set(one, await begun(channelId))
      if (one.url) await sendTo(channelId, one.url.replace("PARTNER", new URL(story.partner.url).host))
    }
    // Another process reads the channels anew.
    await story.restart()
    page = await browser.signedIn(story.server.url)
  })
  afterAll(async () => {
    await browser?.close()
    await story?.close()
  })
  const bubble = (text: string) =>
    page.getByRole("region", { name: "Messages" }).getByRole("article").filter({ hasText: text })

  /** A conversation of a channel, by what a customer wrote. */
  async function begun(channelId: string): Promise<string> {
    const token = story.channelToken({ sub: channelId })
    const path = `/channels/${channelId}/inbound_messages`
    const accepted = await story.call("POST", path, { token, json: inbound("Is my order late?") })
    const message = await story.call("GET", `/messages/alt:uid:${accepted.body.message_uid}`, { token })
    return String(message.body._links.related.conversation).split("/").at(-1) as string
  }

  /** As if its app had moved there. */
  async function sendTo(channelId: string, url: string): Promise<void> {
    const { db } = story.server.services
    const values = [parseId("cha", channelId), url]
    await db.query({ text: "update channel set webhook_url = $2 where id = $1", values })
  }

  async function reply(conversation: string, text: string): Promise<void> {
    const sent = await story.call("POST", `/conversations/${conversation}/messages`, {
      token: story.apiToken,
      json: { body: text, options: { archive: true } },
    })
    expect(sent.status, sent.text).toBe(202)
    await story.settle()
  }

  /** Until nothing is tried again. */
  async function runOut(): Promise<void> {
    for (const ms of [1_000, 5_000, 15_000]) {
      story.server.services.clock.advance(ms)
      await story.settle()
    }
  }

  async function open(conversation: string): Promise<void> {
    const path = `/app/inbox/open/${conversation}`
    if (!page.url().endsWith(path)) await page.goto(story.server.url + path)
  }

  async function check(
    { heading, explanation, reason, first }: Case,
    conversation: string,
    text: string,
  ): Promise<void> {
    const card = bubble(text)
    await card.getByText(heading).waitFor()
    await card.getByText(explanation).waitFor()
    if (reason !== null) await card.getByText(reason).first().waitFor()
    else expect(await card.getByText("From the channel").count()).toBe(0)
    expect(
      await card
        .getByRole("button", { name: /^(?!Message actions)/ })
        .first()
        .textContent(),
    ).toBe(first)
    expect(await card.getByText("Sent", { exact: true }).count()).toBe(0)
    const { body } = await story.call("GET", `/conversations/${conversation}`, { token: story.apiToken })
    expect(body.status).toBe("unassigned")
  }

  test.each(
    cases,
  )("$name is told with heading, explanation and what to do first; the conversation is back", async (one) => {
    const text = `Reply to ${one.name}.`
    const conversation = conversations.get(one) ?? (conversations.get(null) as string)
    await open(conversation)
    story.partner.answers(...(one.partner === undefined ? [] : [one.partner]))
    await reply(conversation, text)
    if (one.url) await runOut()
    await check(one, conversation, text)
  })

  test("a reply that a strict app answers without ids, and one that the channel reports as failed later, are told too", async () => {
    await story.call("PATCH", `/causeway/apps/${story.app.uid}`, { token: story.apiToken, json: { strict: true } })
    const conversation = conversations.get(null) as string
    await open(conversation)
    story.partner.answers({ body: { type: "success" } })
    await reply(conversation, "Without ids.")
    await check(
      { name: "", heading: notAsAgreed, explanation: "A developer", reason: /external_/, first: "Open the delivery" },
      conversation,
      "Without ids.",
    )
    const ids = { external_id: "lost-1", external_conversation_id: "lost-thread" }
    story.partner.answers({ body: { type: "success", ...ids } })
    await reply(conversation, "Lost later.")
    await bubble("Lost later.").getByText("Sent", { exact: true }).waitFor()
    const path = `/channels/${story.channelId}/conversations/${ids.external_conversation_id}/messages/${ids.external_id}/status`
    const told = await story.call("PUT", path, {
      token: story.channelToken(),
      json: { status: "failed", reason: "The number was switched off" },
    })
    expect(told.status, told.text).toBe(204)
    await check(
      {
        name: "",
        heading: "Delivery failed later",
        explanation: "then reported that it did not arrive",
        reason: "The number was switched off",
        first: "Retry",
      },
      conversation,
      "Lost later.",
    )
    expect(await axe(page)).toEqual([])
  })
})
