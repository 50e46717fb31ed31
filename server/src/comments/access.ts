import { formatId, parseId } from "@causeway/contract/ids"
import type { ConversationRow } from "../conversations/read.ts"
import type { Database } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import { HttpError, notFound } from "../http/errors.ts"
import { getConversationFor } from "../messages/access.ts"
import { memberOf } from "../teammates/roles.ts"
import { type CommentRow, findComment } from "./store.ts"

/** A comment by `com_…` with its conversation, if the caller may see that: otherwise it is answered like a missing one. */
export async function getCommentFor(
  db: Database,
  principal: Principal,
  reference: string,
): Promise<{ comment: CommentRow; conversation: ConversationRow }> {
  const id = parseId("com", reference)
  const comment = id === null ? null : await findComment(db, memberOf(principal).companyId, id)
  if (comment === null) throw notFound("comment", reference)
  try {
    const conversation = await getConversationFor(db, principal, formatId("cnv", comment.conversation_id))
    return { comment, conversation }
  } catch (error) {
    if (error instanceof HttpError && error.status === 404) throw notFound("comment", reference)
    throw error
  }
}
