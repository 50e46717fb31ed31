import { createHash, randomInt, timingSafeEqual } from "node:crypto"

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
const randomChars = 40 // 238 bits

/** A new secret: `prefix` says its kind to people and to secret scanners, the rest is random. Holds no dot, which a JWT always does. */
export const randomToken = (prefix: string): string =>
  prefix + Array.from({ length: randomChars }, () => alphabet[randomInt(alphabet.length)]).join("")

/** Whether `text` could be a token that `randomToken(prefix)` made; what could not is not worth a look into the database. */
export const hasTokenForm = (text: string, prefix: string): boolean =>
  text.length === prefix.length + randomChars && text.startsWith(prefix)

/** What is kept of a token. SHA-256 without salt or stretching is enough for what was random to begin with. */
export const hashToken = (token: string): Buffer => createHash("sha256").update(token).digest()

/** Both sides are 32 bytes: the comparison's time tells nothing. */
export const isHashOf = (hash: Buffer, token: string): boolean => timingSafeEqual(hash, hashToken(token))
