import { createHmac, randomBytes, timingSafeEqual } from "node:crypto"

/**
 * Browsers that somebody has signed in from before. Whoever tries passwords for that person from elsewhere uses up a budget that this browser does not
 * share, so nobody can be kept out of their own account. Source: OWASP, "Slow Down Online Guessing Attacks with Device Cookies".
 */
export interface Devices {
  /** A cookie's value for a browser that `email` has just signed in from. */
  issue(email: string): string
  /** The browser's own id, when `value` was issued for `email`. */
  recognize(value: string | null, email: string): string | null
}

export const deviceDays = 400

export function createDevices(secret: string): Devices {
  const sign = (id: string, email: string): Buffer =>
    createHmac("sha256", secret).update(`${id}\n${email.toLowerCase()}`).digest()
  return {
    issue(email) {
      const id = randomBytes(16).toString("base64url")
      return `${id}.${sign(id, email).toString("base64url")}`
    },
    recognize(value, email) {
      const [id, given] = value?.split(".") ?? []
      if (id === undefined || given === undefined) return null
      const signature = Buffer.from(given, "base64url")
      const expected = sign(id, email)
      return signature.length === expected.length && timingSafeEqual(signature, expected) ? id : null
    },
  }
}
