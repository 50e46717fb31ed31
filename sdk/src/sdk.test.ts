import { createHmac } from "node:crypto"
import { expect, test } from "vitest"
import { channelToken, signWebhook, verifyWebhook } from "./index.ts"

test("a channel token names its app and channel, ends soon, and is signed with the app's secret by HS256", () => {
  const token = channelToken({ appUid: "714285", secret: "s3cret", channelId: "cha_abc" })
  const [header = "", claims = "", signature] = token.split(".")
  const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString())
  expect(read(header)).toEqual({ typ: "JWT", alg: "HS256" })
  expect(read(claims)).toMatchObject({ iss: "714285", sub: "cha_abc" })
  expect(read(claims).exp - Date.now() / 1000).toBeGreaterThan(8)
  expect(read(claims).exp - Date.now() / 1000).toBeLessThanOrEqual(10)
  expect(signature).toBe(createHmac("sha256", "s3cret").update(`${header}.${claims}`).digest("base64url"))
})

test("two tokens for the same channel are never the same", () => {
  const options = { appUid: "714285", secret: "s3cret", channelId: "cha_abc", expiresInSeconds: 60 }
  expect(channelToken(options)).not.toBe(channelToken(options))
})

test("a signed webhook is recognised, and one changed byte is enough to refuse it", () => {
  const body = JSON.stringify({ type: "message", payload: { text: "Grüße 🌉" } })
  const timestamp = String(Date.now())
  const signature = signWebhook("s3cret", timestamp, body)
  expect(verifyWebhook("s3cret", { signature, timestamp, body: Buffer.from(body) })).toBe(true)
  expect(verifyWebhook("s3cret", { signature, timestamp, body: body.replace("Grüße", "Grusse") })).toBe(false)
  expect(verifyWebhook("other", { signature, timestamp, body })).toBe(false)
})
