import type { Channel } from "../channels/store.ts"
import type { Database } from "../database/database.ts"
import type { Member } from "../http/callers.ts"
import { HttpError, invalid } from "../http/errors.ts"
import { type Body, readBody } from "../messages/html.ts"
import { viewerOf } from "../teams/owner.ts"
import { defaultSignature, findSignature, type SignatureRow } from "./store.ts"

export interface SignatureChoice {
  signature_id?: string | null
  should_add_default_signature?: boolean
}

/** The signature that a request names; null: it names none. Throws 400 for one that there is not. */
export async function namedSignature(
  db: Database,
  member: Member,
  { signature_id }: SignatureChoice,
): Promise<SignatureRow | null> {
  if (!signature_id) return null
  const signature = await findSignature(db, member.companyId, viewerOf(member), signature_id)
  if (signature === null) throw invalid("body.signature_id", "names no signature")
  return signature
}

/**
 * What goes under a message of `authorId` over `channel`: the signature that was named, the default one where that was asked for, or null. Signatures
 * belong to e-mail: a named one elsewhere is 403, asking for the default has no effect (Core API, signature_id of replies and drafts).
 */
export async function chooseSignature(
  db: Database,
  channel: Channel,
  authorId: number | null,
  choice: SignatureChoice,
  named: SignatureRow | null,
): Promise<SignatureRow | null> {
  const isEmail = channel.contactType === "email"
  if (named !== null) {
    if (!isEmail)
      throw new HttpError(403, `Channel ${channel.name} writes to no e-mail addresses: it takes no signature`)
    if (named.channel_ids !== null && !named.channel_ids.includes(channel.id))
      throw invalid("body.signature_id", `names a signature that is not for channel ${channel.name}`)
    return named
  }
  const wantsDefault = choice.signature_id === undefined && choice.should_add_default_signature === true
  return wantsDefault && isEmail && authorId !== null
    ? await defaultSignature(db, channel.companyId, authorId, channel.id)
    : null
}

/** A body with a signature under it. */
export const signed = (body: Body, signature: Pick<SignatureRow, "body"> | null): Body =>
  signature === null
    ? body
    : { ...readBody(`${body.body}<br /><br />${signature.body}`, { format: "html" }), source: body.source }
