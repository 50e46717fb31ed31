import { createHmac, randomBytes } from "node:crypto"
import { formatId } from "@causeway/contract/ids"
import { signWebhook, verifyWebhook } from "@causeway/contract/signature"
import { createTokenVerifier } from "@causeway/server/channels/token"
import { expect, test } from "vitest"
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

test(`${tries} channel tokens with one change, none opens anything`, async () => {
  const next = seeded(2)
  const channelId = 77
  const app = { uid: "4711", companyId: 1, secrets: { current: secret, old: null } }
  const verify = createTokenVerifier({
    apps: { find: async (uid: string) => (uid === app.uid ? app : null) },
    channels: { find: async (_company: number, id: number) => (id === channelId ? { id, appUid: app.uid } : null) },
  } as unknown as Parameters<typeof createTokenVerifier>[0])
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
  const exp = Math.floor(Date.now() / 1000) + 600
  const signed = `${part({ typ: "JWT", alg: "HS256" })}.${part({ iss: 4711, sub: formatId("cha", channelId), exp, jti: randomBytes(8).toString("hex") })}`
  const good = `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`
  expect(await verify(good)).toMatchObject({ kind: "channel", channelId })
  const taken: string[] = []
  for (let i = 0; i < tries; i++) {
    const bad = changed(good, next)
    if (
      await verify(bad).then(
        () => true,
        () => false,
      )
    )
      taken.push(bad)
  }
  expect(taken).toEqual([])
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
