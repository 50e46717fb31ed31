import { explainMismatch, type Mismatch, signatureOf } from "@causeway/contract/signature-mismatch"
import { signatureHeader, timestampHeader } from "@causeway/sdk"
import type { Json } from "../api.ts"
import type { Call, Command } from "../command.ts"
import { exit, Failure, usageFailure } from "../failure.ts"
import { findDelivery } from "./log.ts"
import { readInput } from "./messages.ts"

const staleMs = 300_000

export const verify: Command = {
  options: {
    signature: { value: "TEXT", text: "the value of X-Front-Signature, or what your server computed" },
    timestamp: { value: "MS", text: "the value of X-Front-Request-Timestamp" },
    body: { value: "FILE", text: "the exact body; standard input unless given" },
    delivery: { value: "ID", text: "take timestamp and body from the log instead" },
    now: { value: "MS", text: "what the clock shows; the real time unless given" },
  },
  more: `Exit code 1 where it does not match, with the mistake that explains it. The app's secret is read from CAUSEWAY_APP_SECRET, the one before a
rotation from CAUSEWAY_APP_OLD_SECRET. With --delivery no secret is needed to compare with what was sent.`,
  examples: [
    "CAUSEWAY_APP_SECRET=s3cret causeway verify --signature 'UTHk+mzDCHPL3VrSbX3JHRWPIXKMd8yMwUVeI3XgTPQ=' --timestamp 1700000000000 --now 1700000000000 --body webhook.json",
    "CAUSEWAY_APP_SECRET=s3cret causeway verify --delivery dlv_9f2 --signature 'nHP2tq6qE7yJv9Wq0bTzYl0c1UuH8k3xq5n2R4t6w8A='",
  ],
  async run(call) {
    const signature = call.option("signature")
    if (signature === undefined) throw usageFailure("--signature is missing", this.examples[0] as string)
    const sent = call.option("delivery") === undefined ? null : await sentOf(call, call.option("delivery") as string)
    if (sent !== null && sent.signature === signature.trim()) return good(call)
    const secret = call.settings.need("CAUSEWAY_APP_SECRET", "the app's secret")
    const timestamp = sent?.timestamp ?? timestampOf(call)
    if (timestamp === null) throw usageFailure("--timestamp is missing", this.examples[0] as string)
    const claimed = {
      signature,
      timestamp,
      body: sent?.body ?? (await bodyOf(call)),
      secret,
      oldSecret: call.settings.find("CAUSEWAY_APP_OLD_SECRET"),
    }
    const mismatch = explainMismatch(claimed)
    if (mismatch !== null) return bad(call, { ...mismatch, expected: signatureOf(claimed) })
    const ageMs = Math.abs(Number(call.option("now") ?? Date.now()) - Number(timestamp))
    if (sent === null && ageMs > staleMs)
      return bad(call, {
        code: "stale_clock",
        said: `it is right, and its timestamp is ${Math.round(ageMs / 1000)} s from this clock: more than the 5 minutes that are accepted`,
        fix: "set the clock by NTP, or check webhooks as they come and not later",
      })
    return good(call)
  },
}

function good(call: Call): number {
  call.show({ ok: true }, "✓ equal\n")
  return exit.ok
}

function bad(
  call: Call,
  { code, said, fix, ...rest }: Omit<Mismatch, "code"> & { code: string; expected?: string },
): number {
  call.show({ ok: false, code, said, fix, ...rest }, code === "stale_clock" ? "✕ too old\n" : "✕ not equal\n")
  throw new Failure(exit.failed, said, fix)
}

async function sentOf(call: Call, id: string): Promise<{ signature: string; timestamp: string; body: string }> {
  const delivery: Json = await findDelivery(call, id)
  const request = delivery.attempts.findLast((one: Json) => one.request.body !== null)?.request
  if (request === undefined) throw new Failure(exit.notFound, `${id} has not been sent yet`, "causeway log tail")
  return {
    signature: request.headers[signatureHeader],
    timestamp: request.headers[timestampHeader],
    body: request.body,
  }
}

/** The body from the file, or from standard input. */
export async function bodyOf(call: Call): Promise<string> {
  const path = call.option("body")
  return path === undefined ? await call.world.stdin() : new TextDecoder().decode(await readInput(call, path))
}

/** Digits, or null where none were given. */
export function timestampOf(call: Call): string | null {
  const text = call.option("timestamp")
  if (text === undefined) return null
  if (/^\d{10}$/.test(text))
    throw usageFailure(`${text} is in seconds; timestamps of webhooks are milliseconds`, `--timestamp ${text}000`)
  if (!/^\d{1,16}$/.test(text)) throw usageFailure(`"${text}" is no timestamp`, "--timestamp 1700000000000")
  return text
}
