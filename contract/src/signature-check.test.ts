import { createHmac } from "node:crypto"
import { expect, test } from "vitest"
import { signWebhook } from "./signature.ts"
import { explainSignature, type SignatureMistake } from "./signature-check.ts"

const secret = "s3cret"
const timestamp = "1795000000000"
const body = '{"type":"message","payload":{"text":"Grüße","b":1,"a":"x/y"}}'
const by = (over: string, key = secret) => createHmac("sha256", key).update(over)
const explain = (given: string, over: object = {}) => explainSignature({ secret, timestamp, body, given, ...over })

test("a signature that holds is equal, and stale when its moment is more than five minutes away", () => {
  const given = signWebhook(secret, timestamp, body)
  expect(explain(given)).toMatchObject({ isEqual: true, mistake: null, skewMs: null })
  expect(explain(given, { nowMs: 1795000000000 + 299_000 })).toMatchObject({ mistake: null, skewMs: 299_000 })
  expect(explain(given, { nowMs: 1795000000000 + 301_000 })).toMatchObject({ mistake: "stale" })
})

const parsed = JSON.parse(body)
const wrong: [SignatureMistake, string][] = [
  ["re_serialised", by(`${timestamp}:${JSON.stringify(parsed, null, 2)}`).digest("base64")],
  [
    "re_serialised",
    by(`${timestamp}:{"type": "message", "payload": {"text": "Gr\\u00fc\\u00dfe", "b": 1, "a": "x/y"}}`).digest(
      "base64",
    ),
  ],
  ["re_serialised", by(`${timestamp}:{"payload":{"a":"x/y","b":1,"text":"Grüße"},"type":"message"}`).digest("base64")],
  ["hex", by(`${timestamp}:${body}`).digest("hex")],
  ["base64url", by(`${timestamp}:${body}`).digest("base64url")],
  ["seconds", by(`1795000000:${body}`).digest("base64")],
  ["missing_colon", by(`${timestamp}${body}`).digest("base64")],
  ["body_only", by(body).digest("base64")],
  ["trailing_newline", by(`${timestamp}:${body}\n`).digest("base64")],
  ["trimmed_secret", by(`${timestamp}:${body}`, `${secret}\n`).digest("base64")],
  ["old_secret", by(`${timestamp}:${body}`, "before").digest("base64")],
  ["sha1", createHmac("sha1", secret).update(body).digest("base64")],
  ["missing", ""],
  ["unknown", "bm9uc2Vuc2U="],
]

test.each(wrong)("a signature that is wrong by %s is named so (%#)", (mistake, given) => {
  expect(explain(given, { others: [{ secret: "before", is: "old_secret" }] })).toMatchObject({
    isEqual: false,
    mistake,
  })
})
