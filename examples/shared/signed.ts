import { createHmac, timingSafeEqual } from "node:crypto"

/** HMAC-SHA256 in base64url; `purpose` keeps what was signed for one thing from being used for another. */
export const seal = (key: string, purpose: string, text: string): string =>
  createHmac("sha256", key).update(`${purpose}\0${text}`).digest("base64url")

/** In constant time. */
export function isSealed(key: string, purpose: string, text: string, given: string): boolean {
  const [want, got] = [Buffer.from(seal(key, purpose, text)), Buffer.from(given)]
  return want.length === got.length && timingSafeEqual(want, got)
}
