import { createHmac } from "node:crypto"
import { Agent } from "node:http"
import { Agent as HttpsAgent } from "node:https"
import { signatureHeader, timestampHeader } from "@causeway/contract/signature"
import { alive, check, refuses, survives } from "./check.ts"
import { type Check, fail, isTaken, mustBeRefused, mustBeSent, pass, said, skipped, warn } from "./verdict.ts"

const hmac = (algorithm: string, key: string, text: string, form: "hex" | "base64") =>
  createHmac(algorithm, key).update(text).digest(form)
const compute = "Check base64(HMAC-SHA256(secret, timestamp + ':' + raw body)) in constant time before anything else."
const window = "Refuse timestamps more than 5 minutes from now; they are milliseconds."
export const signatures = (secret: string): Check[] => [
  check("SIG-01", "Another secret's signature is refused", compute, refuses({ secret: `${secret}-wrong` })),
  check(
    "SIG-02",
    "A body changed after signing is refused",
    compute,
    refuses({
      tamper: (r) => {
        r.body = r.body.replace("Conformance", "Changed")
      },
    }),
  ),
  check("SIG-03", "A signature older than 5 minutes is refused", window, refuses({ at: Date.now() - 6 * 60_000 })),
  check("SIG-04", "A signature of the future is refused", window, async (p) => {
    const answer = await p.send(p.message(), { at: Date.now() + 10 * 60_000 })
    return mustBeRefused(answer).result === "pass" ? pass : warn(`got ${said(answer)}`)
  }),
  check(
    "SIG-05",
    "A request without a signature is refused",
    compute,
    refuses({
      tamper: (r) => {
        delete r.headers[signatureHeader]
      },
    }),
  ),
  check(
    "SIG-06",
    "A request without a timestamp is refused",
    window,
    refuses({
      tamper: (r) => {
        delete r.headers[timestampHeader]
      },
    }),
  ),
  check(
    "SIG-07",
    "An empty signature is refused",
    compute,
    refuses({
      tamper: (r) => {
        r.headers[signatureHeader] = ""
      },
    }),
  ),
  check(
    "SIG-08",
    "A signature over the body alone is refused",
    compute,
    refuses({
      tamper: (r) => {
        r.headers[signatureHeader] = hmac("sha256", secret, r.body, "base64")
      },
    }),
  ),
  check(
    "SIG-09",
    "A SHA-1 signature is refused",
    compute,
    refuses({
      tamper: (r) => {
        r.headers[signatureHeader] = hmac("sha1", secret, r.body, "base64")
      },
    }),
  ),
  check(
    "SIG-10",
    "A changed timestamp is refused",
    compute,
    refuses({
      tamper: (r) => {
        r.headers[timestampHeader] = String(Number(r.headers[timestampHeader]) + 1)
      },
    }),
  ),
  check(
    "SIG-11",
    "A cut signature is refused",
    compute,
    refuses({
      tamper: (r) => {
        r.headers[signatureHeader] = r.headers[signatureHeader]?.slice(0, 10) ?? ""
      },
    }),
  ),
  check("SIG-12", "A signature four minutes old is taken", window, async (p) =>
    mustBeSent(await p.send(p.message(), { at: Date.now() - 4 * 60_000 })),
  ),
  check(
    "SIG-13",
    "A refused request leaves nothing behind",
    "Check the signature before you remember payload.id.",
    async (p) => {
      const message = p.message()
      await p.send(message, { secret: `${secret}-wrong` })
      return mustBeSent(await p.send(message))
    },
  ),
]

export const errors: Check[] = [
  check(
    "ERR-01",
    "An unknown type is refused, and the server lives on",
    alive,
    survives(() => ({ type: "typing", payload: {} })),
  ),
  check(
    "ERR-02",
    "A body that is not JSON is refused",
    alive,
    survives(() => "{"),
  ),
  check(
    "ERR-03",
    "An empty body is refused",
    alive,
    survives(() => ""),
  ),
  check(
    "ERR-04",
    "A list instead of an object is refused",
    alive,
    survives(() => "[]"),
  ),
  check(
    "ERR-05",
    "A payload of null is refused",
    alive,
    survives(() => '{"type":"message","payload":null}'),
  ),
  check(
    "ERR-06",
    "A message without recipients is answered",
    alive,
    survives((p) => p.message({ recipients: [] })),
  ),
  check(
    "ERR-07",
    "JSON nested 2000 deep is answered",
    alive,
    survives(() => `{"type":"message","payload":${"[".repeat(2000)}${"]".repeat(2000)}}`),
  ),
  check(
    "ERR-08",
    "A refusal says type and message",
    'Answer {"type":"bad_request","message":"why"}: teammates read it.',
    async (p) => {
      const { json } = await p.send({ type: "typing", payload: {} })
      return typeof json?.type === "string" && typeof json.message === "string"
        ? pass
        : warn("no JSON with type and message")
    },
  ),
  check(
    "ERR-09",
    "A refusal's type is one of the seven",
    "Use bad_request, authentication_required, forbidden, not_found, request_timeout, too_many_requests or internal_error.",
    async (p) => {
      const { json } = await p.send({ type: "typing", payload: {} })
      if (json?.type === undefined) return skipped("the refusal has no type")
      return codes.has(String(json.type)) ? pass : fail(`got ${json.type}`)
    },
  ),
  check(
    "ERR-10",
    "The connection still works after a refusal",
    "Do not destroy the socket after an error.",
    async (p) => {
      const kept = { keepAlive: true, maxSockets: 1 }
      const agent = p.url.startsWith("https:") ? new HttpsAgent(kept) : new Agent(kept)
      await p.send({ type: "typing", payload: {} }, { agent })
      const answer = await p.send(p.imported(), { agent })
      agent.destroy()
      return isTaken(answer) ? pass : warn(said(answer))
    },
  ),
]
const codes = new Set([
  "bad_request",
  "authentication_required",
  "forbidden",
  "not_found",
  "request_timeout",
  "too_many_requests",
  "internal_error",
])
