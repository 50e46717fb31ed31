import { createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto"
import type { Seal } from "../secrets/seal.ts"

/** What precedes 32 bytes of an Ed25519 key in its PKCS #8 form (RFC 8410). */
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex")

/** The installation's own signing key: made from its master key, so that it needs no place of its own and is restored with it. */
const keyOf = (seal: Seal): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([pkcs8Prefix, Buffer.from(seal.derive("erasure"), "hex")]),
    format: "der",
    type: "pkcs8",
  })

/** Ed25519 over the receipt's bytes. */
export const signReceipt = (seal: Seal, receipt: string): Buffer => sign(null, Buffer.from(receipt), keyOf(seal))

/** PEM: whoever has it checks receipts without us. */
export const receiptKey = (seal: Seal): string =>
  createPublicKey(keyOf(seal)).export({ type: "spki", format: "pem" }).toString()
