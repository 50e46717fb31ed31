import { createHmac } from "node:crypto"
import { expect, test } from "vitest"
import { explainMismatch, type Mismatch, signatureOf } from "./signature-mismatch.ts"

const secret = "s3cret"
const timestamp = "1700000000000"
const body = '{"b":"Grüße","a":[1,{"z":2,"y":3}]}'
const claimed = { secret, timestamp, body, signature: "" }
const sign = (text: string, encoding: "base64" | "hex" | "base64url" = "base64", key = secret, algorithm = "sha256") =>
  createHmac(algorithm, key).update(text).digest(encoding)
const explain = (signature: string, over: object = {}) => explainMismatch({ ...claimed, signature, ...over })

test("the right signature is nobody's mistake", () => {
  expect(explain(sign(`${timestamp}:${body}`))).toBeNull()
  expect(signatureOf(claimed)).toBe(sign(`${timestamp}:${body}`))
})

const spaced = '{"b": "Gr\\u00fc\\u00dfe", "a": [1, {"z": 2, "y": 3}]}'
const mistakes: [Mismatch["code"], string, object?][] = [
  ["hex", sign(`${timestamp}:${body}`, "hex")],
  ["hex", sign(`${timestamp}:${body}`, "hex").toUpperCase()],
  ["base64url", sign(`${timestamp}:${body}`, "base64url")],
  ["old_secret", sign(`${timestamp}:${body}`, "base64", "old"), { oldSecret: "old" }],
  ["reserialised", sign(`${timestamp}:{"a":[1,{"y":3,"z":2}],"b":"Grüße"}`)],
  ["reserialised", sign(`${timestamp}:${spaced}`)],
  ["reserialised", sign(`${timestamp}:${body}`), { body: body.replace(":", ": ") }],
  ["pretty", sign(`${timestamp}:${JSON.stringify(JSON.parse(body), null, 2)}`)],
  ["trailing_newline", sign(`${timestamp}:${body}\n`)],
  ["trailing_newline", sign(`${timestamp}:${body}`), { body: `${body}\n` }],
  ["seconds", sign(`1700000000:${body}`)],
  ["missing_colon", sign(timestamp + body)],
  ["body_only", sign(body)],
  ["body_only", sign(body, "hex")],
  ["sha1", sign(body, "base64", secret, "sha1")],
  ["unknown", sign(`${timestamp}:${body}`, "base64", "another")],
  ["unknown", "nonsense"],
]

test.each(mistakes)("%s is named, with what to change", (code, signature, over = {}) => {
  const found = explain(signature, over)
  expect(found).toMatchObject({ code })
  expect(found?.fix).not.toBe("")
})
