import { createHmac, generateKeyPairSync, randomBytes, sign } from "node:crypto"
import { formatId } from "@causeway/contract/ids"
import { signWebhook, verifyWebhook } from "@causeway/contract/signature"
import { createTokenVerifier } from "@causeway/server/channels/token"
import { expect, test } from "vitest"
import { figure } from "../figure.ts"
import { seeded } from "../seeded.ts"

/** Each kind takes this many changed ones. */
const tries = 50_000
Error.stackTraceLimit = 0 // as many refusals are thrown here, and nobody reads where
const secret = "a secret of thirty-two characters"

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=. {}":,\u0000é\n'

/** One change to a text that makes it another: a character changed, taken out, put in or moved, its case, its end. */
function changed(text: string, next: () => number): string {
  for (;;) {
    const at = Math.floor(next() * text.length)
    const other = alphabet[Math.floor(next() * alphabet.length)] as string
    const [head, here, tail] = [text.slice(0, at), text[at] as string, text.slice(at + 1)]
    const ways = [
      () => head + other + tail,
      () => head + tail,
      () => head + here + other + tail,
      () => head + tail.slice(0, 1) + here + tail.slice(1),
      () => head + (here === here.toLowerCase() ? here.toUpperCase() : here.toLowerCase()) + tail,
      () => text.slice(0, at),
      () => text + other,
      () => other + text,
      () => text + text,
      () => head + String.fromCharCode(here.charCodeAt(0) ^ (1 << Math.floor(next() * 7))) + tail,
    ]
    const result = (ways[Math.floor(next() * ways.length)] as () => string)()
    if (result !== text) return result
  }
}

test(`${tries} webhooks with a changed signature, timestamp or body, none is taken for signed`, () => {
  const next = seeded(1)
  const nowMs = Date.UTC(2026, 0, 5)
  const body = '{"type":"message","payload":{"text":"Where is my order? Größe 42"}}'
  const good = { timestamp: String(nowMs), body, signature: signWebhook(secret, nowMs, body) }
  expect(verifyWebhook(secret, good, { nowMs })).toBe(true)
  const taken: object[] = []
  for (let i = 0; i < tries; i++) {
    const field = (["signature", "timestamp", "body"] as const)[i % 3] as keyof typeof good
    const bad = { ...good, [field]: changed(good[field], next) }
    if (verifyWebhook(secret, bad, { nowMs, maxAgeMs: Number.POSITIVE_INFINITY })) taken.push(bad)
  }
  figure("S7", `${tries} changed webhooks, ${taken.length} taken`)
  expect(taken).toEqual([])
})

test("no proper prefix and no extension of a signature is one, and neither is nothing", () => {
  const good = signWebhook(secret, 1, "{}")
  const holds = (signature: string) =>
    verifyWebhook(secret, { signature, timestamp: "1", body: "{}" }, { maxAgeMs: Number.POSITIVE_INFINITY })
  expect(holds(good)).toBe(true)
  for (let length = 0; length < good.length; length++) expect(holds(good.slice(0, length))).toBe(false)
  for (const end of ["=", " ", "\0", "A", "\n", good]) expect(holds(good + end)).toBe(false)
})

const channelId = 77
const app = { uid: "4711", companyId: 1, secrets: { current: secret, old: null } }
/** Another app has a channel and a secret of its own, under the same verifier. */
const otherSecret = "the secret of somebody else's app"
const verify = createTokenVerifier({
  apps: {
    find: async (uid: string) =>
      uid === app.uid ? app : uid === "4712" ? { ...app, uid, secrets: { current: otherSecret, old: null } } : null,
  },
  channels: { find: async (_company: number, id: number) => (id === channelId ? { id, appUid: app.uid } : null) },
} as unknown as Parameters<typeof createTokenVerifier>[0])
const holds = (token: string): Promise<boolean> =>
  verify(token).then(
    () => true,
    () => false,
  )
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")
const hmac = (signed: string, key: string | Buffer = secret, hash = "sha256") =>
  `${signed}.${createHmac(hash, key).update(signed).digest("base64url")}`
const exp = Math.floor(Date.now() / 1000) + 600
const claims = { iss: 4711, sub: formatId("cha", channelId), exp, jti: randomBytes(8).toString("hex") }
const token = (header: object = {}, over: object = {}) =>
  `${part({ typ: "JWT", alg: "HS256", ...header })}.${part({ ...claims, ...over })}`

test(`${tries} channel tokens with one change, none opens anything`, async () => {
  const next = seeded(2)
  const good = hmac(token())
  expect(await verify(good)).toMatchObject({ kind: "channel", channelId })
  const taken: string[] = []
  for (let i = 0; i < tries; i++) {
    const bad = changed(good, next)
    if (await holds(bad)) taken.push(bad)
  }
  figure("S7", `${tries} changed channel tokens, ${taken.length} taken`)
  expect(taken).toEqual([])
})

test("of more than thirty ways to confuse who checks a token, none opens anything", async () => {
  const keys = generateKeyPairSync("rsa", { modulusLength: 2048 })
  const pem = keys.publicKey.export({ type: "spki", format: "pem" }).toString()
  const rsa = (signed: string) =>
    `${signed}.${sign("sha256", Buffer.from(signed), keys.privateKey).toString("base64url")}`
  const bare = (signed: string) => `${signed}.`
  const [header = "", payload = "", mac = ""] = hmac(token()).split(".")
  const confused: Record<string, string> = {
    "alg none": bare(token({ alg: "none" })),
    "alg None": bare(token({ alg: "None" })),
    "alg NONE, signed": hmac(token({ alg: "NONE" })),
    "no alg": hmac(token({ alg: undefined })),
    "alg null": hmac(token({ alg: null })),
    "alg as a list": hmac(token({ alg: ["HS256"] })),
    "alg in other letters": hmac(token({ alg: "hs256" })),
    "alg HS384, signed with SHA-256": hmac(token({ alg: "HS384" })),
    "alg HS512, signed with it": hmac(token({ alg: "HS512" }), secret, "sha512"),
    "alg HS256, signed with SHA-1": hmac(token(), secret, "sha1"),
    "alg RS256 by a key of one's own": rsa(token({ alg: "RS256" })),
    "alg HS256 with an RSA signature": rsa(token()),
    "a public key as the secret": hmac(token(), pem),
    "the key in the header, jwk": rsa(token({ alg: "RS256", jwk: keys.publicKey.export({ format: "jwk" }) })),
    "the key behind jku": rsa(token({ alg: "RS256", jku: "https://evil.test/keys" })),
    "the key behind x5u": rsa(token({ alg: "RS256", x5u: "https://evil.test/cert" })),
    "the key in x5c": rsa(token({ alg: "RS256", x5c: [pem] })),
    "kid that leads to a file, an empty key": hmac(token({ kid: "../../dev/null" }), ""),
    "kid with SQL": hmac(token({ kid: "' union select 'x' --" }), "x"),
    "crit that nobody knows": hmac(token({ crit: ["b64"], b64: false })),
    "an empty key": hmac(token(), ""),
    "a key of zeros": hmac(token(), Buffer.alloc(32)),
    "another app's secret": hmac(token(), otherSecret),
    "another app's uid and secret, for this channel": hmac(token({}, { iss: 4712 }), otherSecret),
    "the secret in base64": hmac(token(), Buffer.from(secret).toString("base64")),
    "no signature": bare(token()),
    "no signature and no dot": token(),
    "a fourth part": `${hmac(token())}.x`,
    "five parts, as an encrypted one has": `${hmac(token())}..`,
    "the signature padded": `${hmac(token())}=`,
    "the signature in hex": `${header}.${payload}.${Buffer.from(mac, "base64url").toString("hex")}`,
    "the parts in base64 with padding": hmac(
      [
        { typ: "JWT", alg: "HS256" },
        { ...claims, x: "?>~" },
      ]
        .map((one) => Buffer.from(JSON.stringify(one)).toString("base64"))
        .join("."),
    ),
    "claims that are a list": hmac(`${header}.${part([claims])}`),
    "a header that is a text": hmac(`${part("HS256")}.${payload}`),
    "exp as a text": hmac(token({}, { exp: String(exp) })),
    "exp that is no number": hmac(token({}, { exp: "1e999" })),
    "exp in the past": hmac(token({}, { exp: 1 })),
    "no exp": hmac(token({}, { exp: undefined })),
    "nbf in the future": hmac(token({}, { nbf: exp + 600 })),
    "nbf as a text": hmac(token({}, { nbf: "0" })),
    "iss as a list": hmac(token({}, { iss: [4711] })),
    "iss with a space": hmac(token({}, { iss: " 4711" })),
    "iss in hexadecimal": hmac(token({}, { iss: "0x1267" })),
    "sub as a number": hmac(token({}, { sub: channelId })),
    "sub as a list": hmac(token({}, { sub: [claims.sub] })),
    "sub of another channel": hmac(token({}, { sub: formatId("cha", channelId + 1) })),
    "no sub": hmac(token({}, { sub: undefined })),
  }
  const ways = Object.keys(confused)
  const taken: string[] = []
  for (const way of ways) if (await holds(confused[way] as string)) taken.push(way)
  figure("S7", `${ways.length} ways to confuse who checks a token, ${taken.length} taken`)
  expect(ways.length).toBeGreaterThanOrEqual(30)
  expect(taken).toEqual([])
  expect(await holds(hmac(token()))).toBe(true)
})

test.runIf(process.env.CAUSEWAY_FULL)(
  "how long a comparison takes does not say how much of a signature is right",
  () => {
    const body = '{"type":"message"}'
    const timestamp = String(Date.now())
    const right = signWebhook(secret, timestamp, body)
    const flip = (at: number) => right.slice(0, at) + (right[at] === "A" ? "B" : "A") + right.slice(at + 1)
    const given = [flip(0), flip(right.length - 3)]
    const next = seeded(7)
    const took: [number[], number[]] = [[], []]
    for (let i = 0; i < 1_000_000; i++) {
      const which = next() < 0.5 ? 0 : 1
      const begun = process.hrtime.bigint()
      verifyWebhook(secret, { signature: given[which] as string, timestamp, body })
      took[which].push(Number(process.hrtime.bigint() - begun))
    }
    // What the machine did meanwhile is cut off alike on both sides; 4.5 is dudect's bound.
    const bound = [...took[0]].sort((a, b) => a - b)[Math.floor(took[0].length * 0.9)] as number
    const [first, last] = took.map((times) => momentsOf(times.filter((ns) => ns <= bound))) as [Moments, Moments]
    const t = (first.mean - last.mean) / Math.sqrt(first.variance / first.count + last.variance / last.count)
    figure("S7", `1,000,000 comparisons, t = ${t.toFixed(2)} (4.5 would tell)`)
    expect(Math.abs(t)).toBeLessThan(4.5)
  },
  120_000,
)

interface Moments {
  count: number
  mean: number
  variance: number
}

function momentsOf(values: readonly number[]): Moments {
  const count = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  return { count, mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1) }
}
