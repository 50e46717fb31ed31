import type { Session } from "@causeway/contract/endpoints/simulator"
import { afterAll, expect, test } from "vitest"
import { type CallOptions, startStory } from "../../../test/story.ts"
import { signIn } from "./people.story.ts"

const publicUrl = "https://inbox.acme.test"
const story = await startStory({ publicUrl, trustedProxies: ["loopback"] })
afterAll(() => story.close())

test("links that open an account lead to the operator's address, whatever Host a request gives", async () => {
  const admin = await signIn(story)
  const { id } = (await admin("GET", "/causeway/session")).body.teammate
  for (const host of ["evil.test", "evil.test:443", "inbox.acme.test.evil.test", "inbox.acme.test@evil.test"]) {
    const headers = { host, "x-forwarded-host": host, forwarded: `host=${host}` }
    const invited = await admin("POST", "/causeway/invitations", { json: { email: "zoe@example.test" }, headers })
    const reset = await admin("POST", `/causeway/teammates/${id}/password_reset`, { json: {}, headers })
    for (const { status, body, text } of [invited, reset])
      expect([status, String(body.url).split("#")[0]], text).toEqual([201, `${publicUrl}/app/welcome`])
  }
})

test("a session under https replays what was recorded: its replies are the person's, though they come over plain HTTP", async () => {
  const https = { "x-forwarded-proto": "https" }
  const signedIn = await story.call("POST", "/causeway/auth/sign-in/email", {
    json: { email: "ana@example.test", password: "correct horse battery" },
    headers: https,
  })
  const cookie = String(signedIn.headers.get("set-cookie")).split(";")[0] as string
  expect(cookie).toMatch(/^__Host-causeway/)
  const browser = (method: string, path: string, json?: unknown, options: CallOptions = {}) =>
    story.call(method, path, {
      ...(json !== undefined && { json }),
      headers: { ...https, cookie, "sec-fetch-site": "same-origin" },
      ...options,
    })
  const { id } = (await browser("POST", "/causeway/simulator/channels", { name: "Phone" })).body
  const path = `/causeway/simulator/channels/${id}`
  const session: Session = (await browser("POST", `${path}/run`, { seed: 3, steps: 4, fault_rate: 0, calls: false }))
    .body.session
  expect(session.steps.map((step) => step.do)).toContain("reply")
  const replayed = await browser("POST", `${path}/replay`, { session })
  expect([replayed.status, replayed.body.differences], replayed.text).toEqual([200, []])
})
