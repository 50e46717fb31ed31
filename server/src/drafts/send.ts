import { formatId } from "@causeway/contract/ids"
import { type Channel, findChannel } from "../channels/store.ts"
import type { Database } from "../database/database.ts"
import type { Member } from "../http/callers.ts"
import { HttpError } from "../http/errors.ts"
import type { Replier } from "../messages/reply-together.ts"
import { signed } from "../signatures/attach.ts"
import { type DraftRow, versionOf } from "./store.ts"

/**
 * Sends a draft as a reply: the message takes its id, uid and files, and the draft is gone with the same commit. A session sends under its own name,
 * whoever wrote the draft. 409 when it changed since the caller read it. Returns the message's uid.
 */
export async function sendDraft(
  deps: { db: Database; replier: Replier },
  member: Member,
  draft: DraftRow,
  request: { version?: string; archive?: boolean | undefined },
): Promise<string> {
  if (request.version !== undefined && request.version !== versionOf(draft))
    throw new HttpError(409, "The draft has changed since the version that the request names: read it again")
  const channel = await channelFor(deps, draft)
  const session = member.kind === "session" ? member : null
  const { body, text, blurb, body_source: source } = draft
  const { uid } = await deps.replier.send({
    companyId: member.companyId,
    conversationId: draft.conversation_id,
    draft: {
      id: draft.id,
      uid: draft.uid,
      version: draft.version,
      isShared: draft.mode === "shared",
      startsConversation: draft.starts_conversation,
    },
    channel,
    authorId: session?.teammateId ?? draft.author_id,
    origin: session ? "teammate" : "api",
    senderName: draft.sender_name,
    subject: draft.subject,
    body: signed({ body, text, blurb, source }, draft.signature),
    to: draft.to_handles,
    cc: draft.cc_handles,
    bcc: draft.bcc_handles,
    archive: request.archive ?? session === null,
    undoMs: session ? channel.undoSendSeconds * 1000 : 0,
    // The second of two copies finds the message that the first one made.
    clientKey: `draft:${formatId("msg", draft.id)}`,
    files: [],
  })
  return uid
}

async function channelFor(deps: { db: Database }, draft: DraftRow): Promise<Channel> {
  const channel = await findChannel(deps.db, draft.company_id, draft.channel_id)
  if (channel === null)
    throw new HttpError(400, "The channel of this draft was deleted: change the draft's channel_id first")
  if (draft.starts_conversation && channel.composeMode === "unsupported")
    throw new HttpError(400, `Channel ${channel.name} begins no conversations (its settings allow no new messages)`)
  if (!draft.starts_conversation && channel.replyMode === "unsupported")
    throw new HttpError(400, `Channel ${channel.name} cannot reply (its reply mode)`)
  return channel
}
