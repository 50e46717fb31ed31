import type { Principal } from "../http/callers.ts"
import { invalid, notFound } from "../http/errors.ts"
import type { UploadedFile } from "../http/multipart.ts"
import type { Answer } from "../http/route.ts"
import type { Services } from "../services.ts"
import { memberOf } from "../teammates/roles.ts"
import { viewerOf } from "../teams/owner.ts"
import { type ContactRow, getContact } from "./store.ts"

type Avatar = Pick<ContactRow, "avatar_sha256" | "avatar_content_type" | "avatar_at">

export const noAvatar: Avatar = { avatar_sha256: null, avatar_content_type: null, avatar_at: null }

/** What browsers show in place without running anything. */
const pictures = ["image/png", "image/jpeg", "image/gif", "image/webp"]

/** The picture that came with a form; null when none did. Throws 400 for more than one file, and for what is no picture. */
export function avatarIn(files: readonly UploadedFile[]): Avatar | null {
  const [file, ...others] = files
  if (file === undefined) return null
  if (others.length > 0) throw invalid("body.avatar", "must be one file")
  if (!pictures.includes(file.contentType)) throw invalid("body.avatar", `must be one of: ${pictures.join(", ")}`)
  return { avatar_sha256: file.sha256, avatar_content_type: file.contentType, avatar_at: new Date() }
}

/** The picture of a contact; 404 when it has none. A new one has another address, so it may be kept by browsers. */
export async function answerAvatar(
  { db, files }: Pick<Services, "db" | "files">,
  principal: Principal,
  reference: string,
): Promise<Answer> {
  const contact = await getContact(db, memberOf(principal).companyId, viewerOf(principal), reference)
  const file = contact.avatar_sha256 && (await files.open(contact.avatar_sha256))
  if (!file) throw notFound("avatar of contact", reference)
  return {
    status: 200,
    stream: file.stream(),
    headers: {
      "content-type": contact.avatar_content_type as string,
      "content-length": String(file.size),
      "content-security-policy": "sandbox; default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
      "cross-origin-resource-policy": "same-origin",
      "cache-control": "private, max-age=86400",
    },
  }
}
