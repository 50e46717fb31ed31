import { createHmac, timingSafeEqual } from "node:crypto"

/** Header of the signature, on every webhook (Channel API). */
export const signatureHeader = "x-front-signature"
/** Header of the moment a webhook was signed, milliseconds since 1970 as decimal text; part of what is signed. */
export const timestampHeader = "x-front-request-timestamp"

/**
 * The signature of an application channel's webhook: base64 of HMAC-SHA256 over `<timestamp>:<body>`.
 * Partners check either the bytes they got or `JSON.stringify` of what they parsed, so `bodyText` should be the untouched output of `JSON.stringify`.
 *
 * @param timestampMs milliseconds since 1970, exactly as sent in the timestamp header
 * @param bodyText the exact body, sent as UTF-8
 */
export function signWebhook(secret: string, timestampMs: number | string, bodyText: string): string {
  return createHmac("sha256", secret).update(`${timestampMs}:${bodyText}`, "utf8").digest("base64")
}

/** The signature of a custom channel's webhook and of a rule's: base64 of HMAC-SHA1 over the body; no timestamp takes part. */
export function signCustom(secret: string, bodyText: string): string {
  return createHmac("sha1", secret).update(bodyText, "utf8").digest("base64")
}

/** A webhook as it arrived. */
export interface SignedWebhook {
  /** Value of the signature header; missing is never valid. */
  signature: string | null | undefined
  /** Value of the timestamp header, milliseconds; missing is never valid. */
  timestamp: string | null | undefined
  /** The raw body. Bytes are better than text: nothing was decoded and encoded again. */
  body: string | Uint8Array
}

/**
 * Whether a webhook was signed with this secret and is recent. Takes the same time for every wrong signature of the right length.
 *
 * @param options.maxAgeMs how far the timestamp may be from now, either way. Default 5 minutes (Channel API); Infinity: any age.
 * @param options.nowMs milliseconds since 1970. Default: the system's clock.
 */
export function verifyWebhook(
  secret: string,
  webhook: SignedWebhook,
  options: { maxAgeMs?: number; nowMs?: number } = {},
): boolean {
  const { signature, timestamp, body } = webhook
  if (typeof signature !== "string" || typeof timestamp !== "string" || !/^\d{1,16}$/.test(timestamp)) return false
  const ageMs = Math.abs((options.nowMs ?? Date.now()) - Number(timestamp))
  if (ageMs > (options.maxAgeMs ?? 5 * 60_000)) return false
  const expected = createHmac("sha256", secret).update(`${timestamp}:`).update(body).digest()
  // Compared as text: base64 decoding forgives what no signer writes.
  return equal(Buffer.from(signature), Buffer.from(expected.toString("base64")))
}

const equal = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b)
