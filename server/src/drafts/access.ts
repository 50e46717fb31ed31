import { formatId, parseId } from "@causeway/contract/ids"
import type { Database } from "../database/database.ts"
import type { Member, Principal } from "../http/callers.ts"
import { HttpError, notFound } from "../http/errors.ts"
import { getConversationFor, getMessageFor } from "../messages/access.ts"
import type { MessageRow } from "../messages/read.ts"
import { memberOf } from "../teammates/roles.ts"
import { type DraftRow, findDraftByUid, findDrafts } from "./store.ts"

/**
 * Whether a caller may see a draft of a conversation that is open to them: a shared one, a teammate their own, and tokens what tokens wrote. A private
 * draft of a teammate is nobody else's, an admin's neither.
 */
export function maySee(member: Member, draft: Pick<DraftRow, "mode" | "author_id" | "origin" | "channel_id">): boolean {
  if (member.kind === "channel" && draft.channel_id !== member.channelId) return false
  if (draft.mode === "shared") return true
  if (member.kind === "session") return draft.author_id === member.teammateId
  return draft.origin === (member.kind === "channel" ? "channel" : "api")
}

/** A draft by `msg_…` or `alt:uid:…`, if the caller may see it; 404 as for a missing message otherwise. */
export async function getDraftFor(db: Database, principal: Principal, reference: string): Promise<DraftRow> {
  const member = memberOf(principal)
  const uid = /^alt:uid:(.+)$/.exec(reference)?.[1]
  const id = parseId("msg", reference)
  const draft =
    uid !== undefined
      ? await findDraftByUid(db, member.companyId, uid)
      : id === null
        ? null
        : ((await findDrafts(db, member.companyId, [id]))[0] ?? null)
  if (draft === null || !maySee(member, draft) || !(await isOpen(db, principal, draft)))
    throw notFound("message", reference)
  return draft
}

/** A private draft that starts a conversation has none yet. */
async function isOpen(db: Database, principal: Principal, draft: DraftRow): Promise<boolean> {
  if (draft.starts_conversation && draft.mode === "private") return true
  try {
    await getConversationFor(db, principal, formatId("cnv", draft.conversation_id))
    return true
  } catch (error) {
    if (error instanceof HttpError && error.status === 404) return false
    throw error
  }
}

/** What `/messages/{id}` names: a message, or else a draft. */
export async function getMessageOrDraft(
  db: Database,
  principal: Principal,
  reference: string,
): Promise<{ kind: "message"; row: MessageRow } | { kind: "draft"; row: DraftRow }> {
  try {
    return { kind: "message", row: await getMessageFor(db, principal, reference) }
  } catch (error) {
    if (!(error instanceof HttpError) || error.status !== 404) throw error
    return { kind: "draft", row: await getDraftFor(db, principal, reference) }
  }
}
