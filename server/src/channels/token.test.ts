import { createHmac, generateKeyPairSync, randomBytes, sign } from "node:crypto"
import { formatId } from "@causeway/contract/ids"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type SmallServer, startSmallServer } from "../../../test/small-server.ts"
import type { AppValues } from "../apps/store.ts"

interface Story {
  uid: string
  secret: string
  channelId: string
  id: number
}

let server: SmallServer
let companyId: number
let acme: Story
let other: Story

const values: AppValues = {
  name: "Acme SMS",
  webhookUrl: "https://hooks.acme.test/",
  serverAuth: { type: "none" },
  serverSecrets: {},
  contactType: "custom",
  composer: "basic",
  features: [],
  strict: false,
}

async function connected(name: string): Promise<Story> {
  const { uid, secret } = await server.apps.insert(server.db, companyId, values)
  await server.ids.reserve(1)
  const id = server.ids.take()
  const kind = {
    contactType: "custom" as const,
    status: "ok" as const,
    statusReason: null,
    credentials: {},
    webhookUrl: null,
  }
  await server.channels.insert(server.db, {
    companyId,
    id,
    inboxId: 1,
    appUid: uid,
    name,
    address: name,
    undoSendSeconds: 0,
    allTeammatesCanReply: true,
    autoAssign: true,
    replyMode: "same_channel",
    composeMode: "normal",
    ...kind,
  })
  return { uid, secret, channelId: formatId("cha", id), id }
}

beforeAll(async () => {
  server = await startSmallServer()
  companyId = Number.parseInt((await server.setUp()).companyId.slice(4), 36)
  acme = await connected("acme")
  other = await connected("other")
})
afterAll(() => server.close())

const part = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url")
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds
const claims = () => ({ iss: acme.uid, sub: acme.channelId, exp: inSeconds(10) }) as Record<string, unknown>

function signed(
  body: Record<string, unknown> = claims(),
  header: unknown = { alg: "HS256" },
  secret = acme.secret,
): string {
  const text = `${part(header)}.${part(body)}`
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`
}

const me = (token: string) => server.call("GET", "/me", { as: token })
const refusal = async (token: string): Promise<string> => {
  const { status, body } = await me(token)
  expect(status).toBe(401)
  return body._error.message
}

test("tokens as live clients make them hold: iss as number or string, with and without typ, iat and jti, for 5 s or for hours, and again", async () => {
  const ways: Record<string, unknown>[] = [
    { iss: Number(acme.uid), exp: inSeconds(5), jti: Math.random().toString(36) },
    { exp: inSeconds(10), iat: inSeconds(0), jti: randomBytes(4).toString("hex") },
    { exp: inSeconds(30), iat: inSeconds(3600) },
    { exp: inSeconds(300), jti: 7 },
    { exp: inSeconds(30_000) + 0.5, iat: "soon" },
  ]
  for (const way of ways) {
    const token = signed(
      { ...claims(), ...way },
      way.jti === undefined ? { alg: "HS256" } : { typ: "JWT", alg: "HS256" },
    )
    for (let use = 0; use < 3; use++) expect((await me(token)).status).toBe(200)
  }
})

test("an expired token is refused, also when it was good a moment ago", async () => {
  expect(await refusal(signed({ ...claims(), exp: inSeconds(-1) }))).toMatch(
    /JSON Web Token error: it expired \d+ s ago/,
  )
  const brief = signed({ ...claims(), exp: Date.now() / 1000 + 0.4 })
  expect((await me(brief)).status).toBe(200)
  await expect.poll(async () => (await me(brief)).status, { timeout: 2000 }).toBe(401)
})

test("exp must be a number: missing, null, text and infinity are refused", async () => {
  for (const exp of [undefined, null, "9999999999", [9999999999], {}])
    expect(await refusal(signed({ ...claims(), exp }))).toContain("exp must be a time in seconds")
  expect(await refusal(`${part({ alg: "HS256" })}.${part(`{"exp":1e999}`)}.AAAA`)).toContain(
    "exp must be a time in seconds",
  )
})

test("only HS256 counts: none in any spelling, other hashes and other families are refused", async () => {
  for (const alg of ["none", "None", "NONE", "", "HS384", "HS512", "RS256", "hs256", null, undefined, ["HS256"]]) {
    expect(await refusal(signed(claims(), { alg }))).toContain("alg must be HS256")
  }
  const unsigned = `${part({ alg: "none" })}.${part(claims())}.`
  expect(await refusal(unsigned)).toContain("JSON Web Token error")
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  const text = `${part({ alg: "RS256" })}.${part(claims())}`
  expect(await refusal(`${text}.${sign("sha256", Buffer.from(text), privateKey).toString("base64url")}`)).toContain(
    "alg must be HS256",
  )
  expect(await refusal(signed(claims(), { alg: "HS256", crit: ["exp"] }))).toContain("crit is not supported")
})

test("a wrong secret, a cut signature and changed claims are refused", async () => {
  expect(await refusal(signed(claims(), { alg: "HS256" }, "wrong"))).toContain(
    "the signature does not match the secret of app",
  )
  const good = signed()
  expect(await refusal(good.slice(0, -2))).toContain("signature")
  const [header, , signature] = good.split(".")
  expect(await refusal(`${header}.${part({ ...claims(), exp: inSeconds(9999) })}.${signature}`)).toContain("signature")
  expect(await refusal(signed(claims(), { alg: "HS256" }, other.secret))).toContain("signature")
})

test("sub must be a channel of the app that signed: foreign, missing and deleted ones are answered alike", async () => {
  for (const sub of [other.channelId, "cha_zzzzzz", "", undefined, 12, acme.channelId.toUpperCase()])
    expect(await refusal(signed({ ...claims(), sub }))).toContain("sub must name a channel of app")
  const gone = await connected("gone")
  const token = signed({ iss: gone.uid, sub: gone.channelId, exp: inSeconds(60) }, { alg: "HS256" }, gone.secret)
  expect((await me(token)).status).toBe(200)
  await server.channels.remove(server.db, companyId, gone.id)
  server.channels.forget(companyId, gone.id)
  expect(await refusal(token)).toContain("sub must name a channel of app")
})

test("iss must be an app: unknown uids and other shapes are refused", async () => {
  for (const iss of [
    "1",
    1,
    "",
    null,
    undefined,
    `0${acme.uid}`,
    Number(acme.uid) + 0.5,
    -Number(acme.uid),
    [acme.uid],
    "1e3",
  ]) {
    expect(await refusal(signed({ ...claims(), iss }))).toContain("iss must be the uid of an app")
  }
})

test("garbage in three parts, a token of another kind and a huge one are 401, at once", async () => {
  for (const junk of [
    "a.b.c",
    "..",
    "...",
    "a..c",
    `${part("[]")}.${part("{}")}.x`,
    `${part("{")}.${part("{}")}.x`,
    "é.é.é".normalize(),
  ]) {
    const answer = await server.call("GET", "/me", { headers: { authorization: `Bearer ${encodeURIComponent(junk)}` } })
    expect(answer.status).toBe(401)
  }
  expect(await refusal(signed({ ...claims(), pad: "x".repeat(5000) }))).toContain("longer than 4096 characters")
})

test("after a rotation tokens of both secrets hold until the overlap ends, then only the new one's, remembered tokens included", async () => {
  const story = await connected("rotated")
  const app = await server.apps.get(companyId, story.uid)
  const body = () => ({ iss: story.uid, sub: story.channelId, exp: inSeconds(600) })
  const old = signed(body(), { alg: "HS256" }, story.secret)
  const { secret } = await server.apps.rotate(server.db, app, 400, true)
  server.apps.forget(story.uid)
  const rotated = await server.apps.get(companyId, story.uid)
  expect(rotated.signingSecret).toBe(story.secret)
  expect([(await me(old)).status, (await me(signed(body(), { alg: "HS256" }, secret))).status]).toEqual([200, 200])
  await expect.poll(async () => (await me(old)).status, { timeout: 2000 }).toBe(401)
  expect((await me(signed(body(), { alg: "HS256" }, secret))).status).toBe(200)
  expect((await server.apps.get(companyId, story.uid)).signingSecret).toBe(secret)
})
