import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto"
import { join } from "node:path"
import type { Database } from "../database/database.ts"
import { StartError } from "../start-error.ts"
import { readPrivate, writePrivate } from "./private-file.ts"

/** Keeps secrets sealed at rest: what the database and its backups hold is no use without the key, which lies elsewhere. */
export interface Seal {
  /** `context` says what the secret belongs to ("app:123:secret"): sealed text moved to another row does not open there. */
  seal(text: string, context: string): Buffer
  /** Throws when the key is another one, the context differs or the bytes were changed. */
  open(sealed: Buffer, context: string): string
  /** A key of its own for another purpose ("sign-in"), 32 bytes as hex; the same as long as the master key is. */
  derive(purpose: string): string
}

const keyBytes = 32
const nonceBytes = 12 // NIST SP 800-38D: 96 bits, random; safe for 2^32 secrets under one key
const tagBytes = 16
const version = 1

/**
 * The seal of this installation. The key comes from `secretKey` (base64 or hex, 32 bytes) or else from `secret.key` in the data directory, which is
 * made on first use, readable by our user only. Back it up apart from the database.
 */
export async function openSeal(config: { dataDir: string; secretKey?: string | null }): Promise<Seal> {
  return createSeal(
    config.secretKey
      ? parseKey(config.secretKey, "CAUSEWAY_SECRET_KEY")
      : await keyFile(join(config.dataDir, "secret.key")),
  )
}

async function keyFile(path: string): Promise<Buffer> {
  const text = await readPrivate(path)
  if (text !== null) return parseKey(text.trim(), path)
  const key = randomBytes(keyBytes)
  await writePrivate(path, `${key.toString("base64")}\n`)
  return key
}

function parseKey(text: string, source: string): Buffer {
  const key = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, "hex") : Buffer.from(text, "base64")
  if (key.length !== keyBytes)
    throw new StartError(
      `${source} does not hold a key of ${keyBytes} bytes.`,
      "Give it as base64 or hex, e.g. the output of: openssl rand -base64 32",
    )
  return key
}

/** A seal under the given 32 bytes. */
export function createSeal(master: Buffer): Seal {
  const derive = (purpose: string): Buffer =>
    Buffer.from(hkdfSync("sha256", master, "", `causeway/${purpose}`, keyBytes))
  const key = derive("seal")
  return {
    seal(text, context) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes }).setAAD(Buffer.from(context))
      const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()])
      return Buffer.concat([Buffer.from([version]), nonce, cipher.getAuthTag(), sealed])
    },
    open(sealed, context) {
      if (sealed[0] !== version || sealed.length < 1 + nonceBytes + tagBytes)
        throw new Error(`sealed secret of ${context} is not in a form this version knows`)
      const nonce = sealed.subarray(1, 1 + nonceBytes)
      const tag = sealed.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes)
      const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes })
        .setAAD(Buffer.from(context))
        .setAuthTag(tag)
      return Buffer.concat([decipher.update(sealed.subarray(1 + nonceBytes + tagBytes)), decipher.final()]).toString(
        "utf8",
      )
    },
    derive: (purpose) => derive(purpose).toString("hex"),
  }
}

/**
 * Refuses to run with a key that does not open what the database holds (a restored backup without its key file, two processes with different keys):
 * every webhook and every token would fail later, one by one. The first start leaves the key's fingerprint.
 */
export async function checkSeal(db: Database, seal: Seal): Promise<void> {
  const fingerprint = createHash("sha256").update(seal.derive("fingerprint")).digest("hex")
  await db.query({
    text: "insert into installation (key, value) values ('seal_fingerprint', $1) on conflict do nothing",
    values: [fingerprint],
  })
  const rows = await db.query<{ value: string }>({
    text: "select value from installation where key = 'seal_fingerprint'",
  })
  if (rows[0]?.value !== fingerprint) {
    throw new StartError(
      "The secret key is not the one this database was sealed with.",
      "Put the right secret.key into the data directory, or set CAUSEWAY_SECRET_KEY.",
    )
  }
}
