import { formatId } from "@causeway/contract/ids"
import type { AttachmentView, Person } from "@causeway/contract/inbox"
import type { Tx } from "../database/database.ts"
import type { Member } from "../http/callers.ts"
import type { AttachmentRow, AuthorRow } from "../messages/read.ts"

/** Who wrote what no teammate wrote. Source of the types: Core API, TeammateResponse.type. */
export interface Bot {
  type: "api" | "application" | "rule"
  /** The credential's own number: no teammate has it. */
  id: number
  name: string
}

/** The credential behind a caller, in one word. "Created using the same token" (Core API, UpdateComment.body) compares these. */
export function credentialOf(member: Member): string {
  switch (member.kind) {
    case "session":
      return formatId("tea", member.teammateId)
    case "channel":
      return formatId("cha", member.channelId)
    case "token":
      return member.oauthClientId === undefined
        ? formatId("tok", member.tokenId)
        : formatId("oac", member.oauthClientId)
  }
}

/** What the feed says about where a change came from (Core API, EventResponse.source). */
export function sourceOf(member: Member, authorId: number | null): object {
  if (authorId !== null) return { type: "teammate", teammate_id: authorId }
  return { type: member.kind === "token" && member.oauthClientId !== undefined ? "oauth_client" : "api" }
}

/** The bot of a caller that is no teammate, under the name that people gave the credential. By primary keys and api_token_id. */
export async function botOf(tx: Tx, member: Exclude<Member, { kind: "session" }>): Promise<Bot> {
  const { companyId } = member
  const nameOf = async (text: string, id: number | string): Promise<string> =>
    (await tx.query<{ name: string }>({ text, values: [companyId, id] }))[0]?.name ?? "API"
  if (member.kind === "channel") {
    const name = await nameOf("select name from app where company_id = $1 and uid = $2", member.appUid)
    return { type: "application", id: member.channelId, name }
  }
  const { oauthClientId, tokenId } = member
  return oauthClientId === undefined
    ? {
        type: "api",
        id: tokenId,
        name: await nameOf("select name from api_token where company_id = $1 and id = $2", tokenId),
      }
    : {
        type: "api",
        id: oauthClientId,
        name: await nameOf("select name from oauth_client where company_id = $1 and id = $2", oauthClientId),
      }
}

/** The vendor's Teammate for a bot: it has no inboxes and no conversations, and nobody writes to it. */
export function botResource(bot: Bot | null, origin: string): Record<string, unknown> {
  const { type, id, name } = bot ?? { type: "api", id: 0, name: "API" }
  const reference = formatId("tea", id)
  return {
    _links: {
      self: `${origin}/teammates/${reference}`,
      related: { inboxes: null, conversations: null, botSource: null },
    },
    id: reference,
    email: "",
    username: `${type}_${reference.slice(4)}`,
    first_name: name,
    last_name: null,
    is_admin: false,
    is_available: true,
    is_blocked: false,
    type,
    custom_fields: {},
  }
}

/** A teammate as the inbox names one. */
export const personView = (author: AuthorRow): Person => ({
  id: formatId("tea", author.id),
  name: `${author.first_name} ${author.last_name}`.trim() || author.email,
})

/** A file as the inbox shows it, fetched under `place`. */
export const attachmentView = (file: AttachmentRow, place: string): AttachmentView => ({
  id: formatId("fil", file.id),
  filename: file.filename,
  url: `${place}/download/${formatId("fil", file.id)}`,
  content_type: file.content_type,
  size: file.size,
  is_inline: file.is_inline,
})
