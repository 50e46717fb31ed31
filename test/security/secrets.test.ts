import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { Writable } from "node:stream"
import { createLog } from "@causeway/server/log"
import { afterAll, expect, test } from "vitest"
import { dump } from "../database.ts"
import { figure } from "../figure.ts"
import { startStory } from "../story.ts"

/** Each is somebody's credential; none may be found anywhere but where it belongs. */
const canaries = {
  apiKey: "canary-api-key-93f1",
  basicPassword: "canary-basic-password-2b7c",
  bearer: "canary-bearer-token-7d1e",
  oauthSecret: "canary-oauth-secret-5a90",
  password: "canary teammate password 61",
}

const lines: string[] = []
const heard = new Writable({
  write(chunk, _encoding, done) {
    lines.push(String(chunk))
    done()
  },
})
// As the server makes it, at its most talkative, into memory.
const log = createLog("trace", heard)

const story = await startStory({}, { log })
afterAll(() => story.close())

test("no credential is in the log, in an error, in the metrics or in a dump of the database", async () => {
  const errors: string[] = []
  const asked = async (...args: Parameters<typeof story.call>) => {
    const answer = await story.call(...args)
    if (answer.status >= 400) errors.push(answer.text)
    return answer
  }
  const token = story.apiToken
  const credentials: [object, object][] = [
    [{ type: "api_key" }, { api_key: canaries.apiKey }],
    [{ type: "basic" }, { username: "acme", password: canaries.basicPassword }],
    [{ type: "bearer" }, { access_token: canaries.bearer }],
  ]
  for (const [server_auth, given] of credentials) {
    const app = await asked("POST", "/causeway/apps", {
      token,
      json: { name: "Acme", webhook_url: `${story.partner.url}/hooks`, server_auth },
    })
    expect(app.status, app.text).toBe(201)
    const connect = (json: object) =>
      asked("POST", `/inboxes/${story.inboxId}/channels`, {
        token,
        json: { type: "custom", name: "Acme", application_uid: app.body.uid, ...json },
      })
    story.partner.answers({
      status: 401,
      body: { type: "authentication_required", message: `no: ${JSON.stringify(given)}` },
    })
    await connect({ credentials: given })
    story.partner.answers()
    expect((await connect({ credentials: given })).status).toBe(204)
    await connect({ credentials: { ...given, surplus: { deep: given } } })
  }
  await asked("POST", "/causeway/apps", {
    token,
    json: {
      name: "OAuth",
      webhook_url: `${story.partner.url}/hooks`,
      server_auth: {
        type: "oauth2",
        grant: "client_credentials",
        token_url: `${story.partner.url}/token`,
        client_id: "acme",
        client_secret: canaries.oauthSecret,
      },
    },
  })
  await asked("POST", "/causeway/auth/sign-in/email", {
    json: { email: "ana@example.test", password: canaries.password },
    headers: { origin: story.server.url },
  })
  await story.customerWrites("hello")
  await story.settle()
  const installation = (await readFile(join(story.server.dataDir, "installation-token"), "utf8")).trim()
  const link = await asked("POST", "/causeway/invitations", { token, json: { email: "zoe@example.test" } })
  const invitation = new URL(link.body.url).hash.slice(1)
  const carried = await listened()

  const everything = { ...canaries, apiToken: token, appSecret: story.app.secret, installation, invitation }
  const places = {
    log: lines.join(""),
    errors: errors.join("\n"),
    metrics: (await asked("GET", "/metrics", { token: installation })).text,
    calls: (await asked("GET", "/causeway/log?limit=100", { token })).text,
    deliveries: (await asked("GET", "/causeway/deliveries?limit=100", { token })).text,
    database: await dump(story.server.services.db),
  }
  await carried.end()
  expect(places.log).toContain("delivery.attempted")
  expect(places.database.length).toBeGreaterThan(10_000)
  expect(places.database).toContain(carried.mark)
  expect(places.metrics).toContain("causeway_http_request_seconds")
  expect(places.calls).toContain("inbound_messages")
  const found = Object.entries(places).flatMap(([place, text]) =>
    Object.entries(everything).flatMap(([name, secret]) =>
      [secret, Buffer.from(secret).toString("base64").replace(/=+$/, ""), Buffer.from(secret).toString("hex")].some(
        (form) => text.includes(form),
      )
        ? [`${name} in ${place}`]
        : [],
    ),
  )
  figure(
    "S12",
    `${Object.keys(everything).length} secrets in 3 forms, ${Object.keys(places).length} places, found ${found.length} times`,
  )
  expect(found).toEqual([])
})

/** A listener that has been handed a question with its credential, and has not answered: what the database holds of it then. */
async function listened(): Promise<{ mark: string; end(): Promise<unknown> }> {
  const token = story.apiToken
  const mark = "https://partner.example.test/carried"
  const app = await story.call("POST", "/causeway/apps", {
    token,
    json: { name: "Carried", webhook_url: mark, server_auth: { type: "bearer" } },
  })
  const listener = await story.call("POST", `/causeway/apps/${app.body.uid}/listener`, { token, json: {} })
  const path = `/causeway/listeners/${listener.body.listener_id}`
  const connecting = story.call("POST", `/inboxes/${story.inboxId}/channels`, {
    token,
    json: {
      type: "custom",
      name: "Carried",
      application_uid: app.body.uid,
      credentials: { access_token: canaries.bearer },
    },
  })
  const handed = await story.call("POST", `${path}/next`, { token, json: { turn: 1, wait_seconds: 10 } })
  expect(handed.body.webhooks[0].request.headers.authorization).toBe(`Bearer ${canaries.bearer}`)
  return {
    mark,
    async end() {
      const answer = { relay_id: handed.body.webhooks[0].id, status: 200, body: '{"type":"success"}' }
      await story.call("POST", `${path}/answers`, { token, json: answer })
      expect((await connecting).status).toBe(204)
      await story.call("DELETE", path, { token })
    },
  }
}
