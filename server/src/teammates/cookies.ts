import { createHmac, timingSafeEqual } from "node:crypto"
import type { FastifyRequest } from "fastify"
import type { Seal } from "../secrets/seal.ts"

/** Decides over the names of cookies and their Secure flag. */
export const isSecure = (request: FastifyRequest): boolean => request.origin.startsWith("https:")

/** Cookies of this installation. Cookies know no ports: two installations on one machine would otherwise sign each other out. */
export function createCookies(seal: Seal) {
  const suffix = seal.derive("cookie-name").slice(0, 8)
  /** `part`: which of our cookies; "" is the session's. */
  const nameOf = (secure: boolean, part = ""): string => `${secure ? "__Host-" : ""}causeway-${suffix}${part}`
  return {
    nameOf,
    read: (request: FastifyRequest, part = ""): string | null =>
      readCookie(request.headers.cookie, nameOf(isSecure(request), part)),
    /** The Set-Cookie. Lax: a person who comes back from the provider's page brings it along. */
    set(request: FastifyRequest, value: string, maxAgeSeconds: number, part = ""): string {
      const secure = isSecure(request)
      return `${nameOf(secure, part)}=${value}; Max-Age=${maxAgeSeconds}; Path=/; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`
    },
  }
}

function readCookie(header: string | undefined, name: string): string | null {
  for (const pair of header?.split(";") ?? []) {
    const at = pair.indexOf("=")
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return null
}

/** As Better Auth signs its cookies: `value.base64(HMAC-SHA256(value))`, percent-encoded. */
export const signed = (value: string, secret: string): string =>
  encodeURIComponent(`${value}.${createHmac("sha256", secret).update(value).digest("base64")}`)

/** Null when the signature does not hold. */
export function signedValue(cookie: string, secret: string): string | null {
  if (cookie.length > 500) return null
  const text = percentDecoded(cookie)
  const at = text?.lastIndexOf(".") ?? -1
  if (text === null || at < 1) return null
  const value = text.slice(0, at)
  const expected = createHmac("sha256", secret).update(value).digest()
  const given = Buffer.from(text.slice(at + 1), "base64")
  return given.length === expected.length && timingSafeEqual(given, expected) ? value : null
}

function percentDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
