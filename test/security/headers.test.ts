import { type Socket, connect as tcp } from "node:net"
import { hire, signIn } from "@causeway/server/teammates/people.story"
import { afterAll, expect, test } from "vitest"
import { startStory, unique } from "../story.ts"

const story = await startStory()
afterAll(() => story.close())
const admin = await signIn(story)

test("headers that only a proxy may set change nothing", async () => {
  const lies = {
    "x-forwarded-for": "203.0.113.9",
    "x-real-ip": "203.0.113.9",
    forwarded: "for=203.0.113.9;host=evil.test;proto=https",
    "x-forwarded-host": "evil.test",
    "x-forwarded-proto": "https",
    "x-forwarded-user": "ana@example.test",
    "remote-user": "ana@example.test",
    "x-http-method-override": "DELETE",
    "x-original-url": "/causeway/audit",
  }
  expect((await story.call("GET", "/causeway/audit", { headers: lies })).status).toBe(401)
  const seen = await story.call("GET", "/inboxes", { token: story.apiToken, headers: lies })
  expect(seen.status).toBe(200)
  expect(seen.text).toContain(new URL(story.server.url).host)
  expect(seen.text).not.toContain("evil.test")
  const made = await admin("POST", "/causeway/tokens", {
    json: { name: "from where?", scopes: ["conversations:read"] },
    headers: lies,
  })
  expect(made.status, made.text).toBe(201)
  const entries = (await admin("GET", "/causeway/audit")).text
  expect(entries).toContain("127.0.0.1")
  expect(entries).not.toContain("203.0.113.9")
})

test("fields that an operation does not know set nothing", async () => {
  const bo = await hire(story, "Bo Reed")
  const more = {
    role: "admin",
    is_admin: true,
    is_developer: true,
    is_blocked: false,
    company_id: 1,
    id: "tea_1",
    __typename: "x",
  }
  await bo.call("PATCH", `/teammates/${bo.id}`, { json: { first_name: "Bob", ...more } })
  expect((await bo.call("GET", "/causeway/audit")).status).toBe(403)
  expect(
    (await admin("GET", "/causeway/teammates")).body.teammates.find(({ id }: { id: string }) => id === bo.id),
  ).toMatchObject({
    role: "teammate",
    is_developer: false,
  })
  const changed = await story.call("PATCH", `/channels/${story.channelId}`, {
    token: story.apiToken,
    json: {
      name: "Renamed",
      inbox_id: "inb_1",
      company_id: 1,
      app_uid: "1",
      webhook_url: "http://evil.test",
      settings: { bcc: "evil@evil.test" },
    },
  })
  expect([204, 400, 404]).toContain(changed.status)
  expect((await story.call("GET", `/channels/${story.channelId}`, { token: story.apiToken })).text).not.toContain(
    "evil",
  )
  for (const raw of [
    '{"name":"x","__proto__":{"role":"admin"}}',
    '{"name":"x","constructor":{"prototype":{"role":"admin"}}}',
  ])
    expect(
      (
        await story.call("PATCH", `/channels/${story.channelId}`, {
          token: story.apiToken,
          raw,
          headers: { "content-type": "application/json" },
        })
      ).status,
    ).toBe(400)
})

test("a body of a kind that an operation does not take is refused unread", async () => {
  const form = new FormData()
  form.set("name", "x".repeat(1_000_000))
  const answer = await story.call("POST", "/causeway/tokens", { token: story.apiToken, form })
  expect(answer.status).toBe(415)
  for (const type of ["application/xml", "application/x-www-form-urlencoded", "text/html", "application/x-yaml"])
    expect(
      (
        await story.call("POST", "/causeway/tokens", {
          token: story.apiToken,
          raw: "<x/>",
          headers: { "content-type": type },
        })
      ).status,
    ).toBe(415)
  const squeezed = await story.call("POST", "/causeway/tokens", {
    token: story.apiToken,
    json: { name: "x", scopes: [] },
    headers: { "content-encoding": "gzip" },
  })
  expect(squeezed.status).toBe(415)
})

test("an expectation that nobody knows is passed over, and the answer is in the usual form", async () => {
  const { hostname, port } = new URL(story.server.url)
  const answerTo = (method: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = tcp(Number(port), hostname)
      let heard = ""
      socket.on("error", reject)
      socket.on("data", (bytes) => {
        heard += bytes.toString("latin1")
      })
      socket.on("close", () => resolve(heard))
      socket.end(`${method} /inboxes HTTP/1.1\r\nhost: x\r\nexpect: 200-maybe\r\nconnection: close\r\n\r\n`)
    })
  for (const method of ["GET", "POST"]) {
    const heard = await answerTo(method)
    expect(heard).toMatch(/^HTTP\/1\.1 40[14] /)
    expect(heard).toContain('{"_error":{"status":40')
  }
})

test("the pages of the inbox run our own scripts alone, can be framed by nobody, and no answer is sniffed", async () => {
  const page = await story.call("GET", "/app/")
  const policy = page.headers.get("content-security-policy") ?? ""
  for (const part of [
    "default-src 'none'",
    "script-src 'self';",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "require-trusted-types-for 'script'",
  ])
    expect(policy).toContain(part)
  expect(policy).not.toContain("unsafe")
  expect(page.headers.get("referrer-policy")).toBe("same-origin")
  for (const path of ["/app/", "/healthz", "/inboxes", "/nowhere", "/openapi.json"]) {
    const answer = await story.call("GET", path)
    expect([path, answer.headers.get("x-content-type-options")]).toEqual([path, "nosniff"])
    if (path !== "/app/")
      expect([path, answer.headers.get("content-security-policy"), answer.headers.get("cache-control")]).toEqual([
        path,
        "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
        "no-store",
      ])
    expect([path, answer.headers.get("referrer-policy")]).toEqual([
      path,
      path === "/app/" ? "same-origin" : "no-referrer",
    ])
    expect([path, answer.headers.get("x-powered-by"), answer.headers.get("server")]).toEqual([path, null, null])
  }
  const led = await story.call("GET", "/")
  expect([led.status, led.headers.get("content-security-policy"), led.headers.get("referrer-policy")]).toEqual([
    302,
    "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "no-referrer",
  ])
})

test("hundreds of clients that never finish their requests keep nobody else waiting", async () => {
  const { hostname, port } = new URL(story.server.url)
  const slow: Socket[] = []
  const beginnings = [
    "POST /causeway/setup HTTP/1.1\r\nhost: x\r\n",
    `POST /channels/${story.channelId}/inbound_messages HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${story.channelToken()}\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{`,
    "GET /app/ HTTP/1.1\r\nhost: x\r\nx: ",
    "",
  ]
  try {
    for (let i = 0; i < 500; i++) {
      const socket = tcp(Number(port), hostname)
      socket.on("error", () => {})
      socket.write(beginnings[i % beginnings.length] as string)
      slow.push(socket)
    }
    for (let i = 0; i < 20; i++) {
      const answer = await story.customerWrites(`still here ${unique("n")}`)
      expect(answer.status).toBe(202)
    }
  } finally {
    for (const socket of slow) socket.destroy()
  }
})
