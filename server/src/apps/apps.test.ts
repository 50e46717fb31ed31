import { afterAll, beforeAll, expect, test } from "vitest"
import { type SmallServer, startSmallServer } from "../../../test/small-server.ts"
import { appRoutes } from "./routes.ts"
import { webUrlProblem } from "./server-auth.ts"

let server: SmallServer
let token: string
beforeAll(async () => {
  server = await startSmallServer(appRoutes)
  token = (await server.setUp()).token
})
afterAll(() => server.close())

const acme = { name: "Acme SMS", webhook_url: "https://hooks.acme.test/" }
const make = (body: object) => server.call("POST", "/causeway/apps", { as: token, body })

test("a new app has a uid of digits, which a client may send as a number, and shows its secret once", async () => {
  const { status, body } = await make(acme)
  expect(status).toBe(201)
  expect(body).toEqual({
    uid: expect.stringMatching(/^[1-9][0-9]{8,14}$/),
    secret: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
  expect(String(Number(body.uid))).toBe(body.uid)
  const shown = await server.call("GET", `/causeway/apps/${body.uid}`, { as: token })
  expect(shown.body).toMatchObject({
    ...acme,
    server_auth: { type: "none" },
    contact_type: "custom",
    composer: "basic",
    features: ["compose", "reply", "attachments"],
    strict: false,
  })
  expect(JSON.stringify(shown.body)).not.toContain(body.secret)
  const [row] = await server.db.query<{ sealed: string }>({
    text: "select encode(secret_sealed, 'escape') as sealed from app where uid = $1",
    values: [body.uid],
  })
  expect(row?.sealed).not.toContain(body.secret)
})

test("an address that webhooks cannot go to is refused in a sentence that says what is wrong", async () => {
  for (const [url, sentence] of [
    ["hooks.acme.test", "must be a whole URL such as https://hooks.acme.test/ (was hooks.acme.test)"],
    ["ftp://acme.test/", "must begin with https:// or http:// (was ftp://acme.test/)"],
    ["https://user:pass@acme.test/", "must not carry a user name or password"],
    ["https://acme.test/#here", "must not have a fragment (#here)"],
  ] as const) {
    const { status, body } = await make({ ...acme, webhook_url: url })
    expect(status).toBe(400)
    expect(body._error.message).toContain(`body.webhook_url ${sentence}`)
  }
  expect(webUrlProblem("http://127.0.0.1:9000/x?y=1")).toBe(null)
})

test("server_auth: every documented type is kept, unknown ones are named with those there are, oauth2 hides its secrets", async () => {
  for (const type of ["none", "api_key", "basic", "bearer"])
    expect((await make({ ...acme, server_auth: { type } })).status).toBe(201)
  const unknown = await make({ ...acme, server_auth: { type: "kerberos" } })
  expect(unknown.body._error.message).toContain(
    "body.server_auth.type must be one of: none, api_key, basic, bearer, oauth2 (was kerberos)",
  )
  const oauth = { type: "oauth2", grant: "authorization_code", token_url: "https://acme.test/token" }
  expect((await make({ ...acme, server_auth: oauth })).body._error.message).toContain(
    "body.server_auth.authorize_url is required",
  )
  const whole = { ...oauth, authorize_url: "https://acme.test/authorize", client_id: "id", client_secret: "hidden" }
  const { body } = await make({ ...acme, server_auth: whole })
  const shown = await server.call("GET", `/causeway/apps/${body.uid}`, { as: token })
  expect(shown.body.server_auth).toEqual({
    type: "oauth2",
    grant: "authorization_code",
    token_url: "https://acme.test/token",
    authorize_url: "https://acme.test/authorize",
  })
  const app = await server.apps.find(body.uid)
  expect(app?.serverSecrets).toEqual({ client_id: "id", client_secret: "hidden" })
})

test("an app can be changed, listed and deleted; afterwards it is 404 like one that never was", async () => {
  const { body } = await make(acme)
  const path = `/causeway/apps/${body.uid}`
  const changed = await server.call("PATCH", path, { as: token, body: { name: "Acme Text", strict: true } })
  expect(changed.body).toMatchObject({ name: "Acme Text", strict: true, webhook_url: acme.webhook_url })
  expect((await server.call("PATCH", path, { as: token, body: { composer: "fancy" } })).status).toBe(400)
  const { body: list } = await server.call("GET", "/causeway/apps", { as: token })
  expect(list.apps.map((app: { uid: string }) => app.uid)).toContain(body.uid)
  expect((await server.call("DELETE", path, { as: token })).status).toBe(204)
  for (const gone of [path, "/causeway/apps/123", "/causeway/apps/abc"])
    expect((await server.call("GET", gone, { as: token })).status).toBe(404)
})

test("rotating shows a new secret once and says how long the old one holds; with no overlap it ends at once", async () => {
  const { body: app } = await make(acme)
  const rotated = await server.call("POST", `/causeway/apps/${app.uid}/rotate`, { as: token })
  expect(rotated.body.secret).not.toBe(app.secret)
  expect(rotated.body.old_secret_until - Date.now() / 1000).toBeGreaterThan(86_000)
  expect((await server.apps.find(app.uid))?.secrets).toMatchObject({ current: rotated.body.secret, old: app.secret })
  const again = await server.call("POST", `/causeway/apps/${app.uid}/rotate?overlap_hours=0`, { as: token })
  expect((await server.apps.find(app.uid))?.secrets).toMatchObject({ current: again.body.secret, old: null })
})

test("webhooks carry the old secret's signature until the operator switches", async () => {
  const { body: app } = await make(acme)
  const path = `/causeway/apps/${app.uid}`
  const rotated = (await server.call("POST", `${path}/rotate`, { as: token })).body
  expect((await server.call("GET", path, { as: token })).body.signs_with_old).toBe(true)
  expect((await server.apps.find(app.uid))?.signingSecret).toBe(app.secret)
  const switched = await server.call("POST", `${path}/switch`, { as: token })
  expect([switched.status, switched.body.signs_with_old]).toEqual([200, false])
  expect((await server.apps.find(app.uid))?.signingSecret).toBe(rotated.secret)
  expect((await server.apps.find(app.uid))?.secrets.old).toBe(app.secret)
})

test("another company's app is answered like a missing one", async () => {
  const { body: app } = await make(acme)
  const second = { company: "Second", name: "Bo", email: "bo@second.test", password: "another long one" }
  const { body } = await server.call("POST", "/causeway/companies", { as: server.installationToken, body: second })
  const foreign = await server.call("GET", `/causeway/apps/${app.uid}`, { as: body.api_token })
  expect(foreign.status).toBe(404)
  expect(foreign.body._error.message).toBe(`Unknown app ID ${app.uid}`)
})
