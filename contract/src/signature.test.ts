import { createHmac } from "node:crypto"
import { expect, test } from "vitest"
import { signCustom, signWebhook, verifyWebhook } from "./signature.ts"

const secret = "an app's secret"
const body = JSON.stringify({ type: "message", payload: { text: "Zürich — 東京 🎉 a/b" } })
const nowMs = 1_760_000_000_000
const timestamp = String(nowMs)
const signature = signWebhook(secret, nowMs, body)

test("a webhook is signed with base64 HMAC-SHA256 over the timestamp, a colon and the body as UTF-8", () => {
  expect(signature).toBe(
    createHmac("sha256", secret)
      .update(Buffer.from(`${nowMs}:${body}`))
      .digest("base64"),
  )
  expect(signature).toMatch(/^[A-Za-z0-9+/]{43}=$/)
})

test("a custom channel's webhook is signed with base64 HMAC-SHA1 over the body alone", () => {
  expect(signCustom(secret, body)).toBe(createHmac("sha1", secret).update(body).digest("base64"))
})

test("a signed webhook is verified from its text and from its bytes", () => {
  expect(verifyWebhook(secret, { signature, timestamp, body }, { nowMs })).toBe(true)
  expect(verifyWebhook(secret, { signature, timestamp, body: Buffer.from(body) }, { nowMs })).toBe(true)
})

test.each([
  ["another secret", { secret: "another" }],
  ["a changed body", { body: `${body} ` }],
  ["another timestamp", { timestamp: String(nowMs + 1) }],
  ["a timestamp that is no number", { timestamp: "now" }],
  ["no timestamp", { timestamp: undefined }],
  ["no signature", { signature: null }],
  ["half a signature", { signature: signature.slice(0, 20) }],
  ["a signature without padding", { signature: signature.slice(0, -1) }],
])("%s is refused", (_what, change) => {
  const webhook = { secret, signature, timestamp, body, ...change }
  expect(verifyWebhook(webhook.secret, webhook, { nowMs })).toBe(false)
})

test("a webhook older than five minutes, or as far ahead, is refused unless any age is allowed", () => {
  const webhook = { signature, timestamp, body }
  expect(verifyWebhook(secret, webhook, { nowMs: nowMs + 300_000 })).toBe(true)
  expect(verifyWebhook(secret, webhook, { nowMs: nowMs + 300_001 })).toBe(false)
  expect(verifyWebhook(secret, webhook, { nowMs: nowMs - 300_001 })).toBe(false)
  expect(verifyWebhook(secret, webhook, { nowMs: nowMs * 2, maxAgeMs: Infinity })).toBe(true)
})
