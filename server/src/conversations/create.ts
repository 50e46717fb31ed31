import type { NewConversation } from "@causeway/contract/endpoints/conversations"
import { prepareComment } from "../comments/write.ts"
import { readCustomFields } from "../custom-fields/values.ts"
import type { Tx } from "../database/database.ts"
import type { Member } from "../http/callers.ts"
import { invalid } from "../http/errors.ts"
import type { UploadedFile } from "../http/multipart.ts"
import { appendEvents } from "../live/feed.ts"
import { requireWriter } from "../teammates/roles.ts"
import { resolveTeammates } from "../teammates/store.ts"
import { type ChangeDeps, sourceOf } from "./change.ts"
import { type ConversationRow, findConversation } from "./read.ts"
import { readInbox, readTeammate, readTimeAhead } from "./update.ts"

/** What a body asks for, its names looked up. */
interface Asked {
  inboxId: number | null
  followers: number[]
  authorId: number | null
  customFields: Record<string, unknown>
  dueAt: Date | null
}

/**
 * Begins a discussion or a task among teammates: in an inbox, or between those named and whoever begins it. Returns the new conversation.
 * Source: Core API CreateConversation. Throws 400 for names that lead nowhere and for what the type does not have, 403 for an observer.
 */
export async function createConversation(
  deps: ChangeDeps,
  member: Member,
  body: NewConversation,
  files: UploadedFile[],
): Promise<ConversationRow> {
  requireWriter(member)
  const { companyId } = member
  const asked = await read(deps.db, member, body)
  refuseMixture(body, files)
  const comment =
    body.comment === undefined
      ? null
      : await prepareComment(deps, member, {
          authorId: asked.authorId,
          body: body.comment.body,
          isPinned: false,
          replyToId: null,
          files,
        })
  await deps.ids.reserve(4 + files.length)
  const id = deps.ids.take()
  await deps.db.tx(async (tx) => {
    await insert(tx, companyId, id, { ...body, preview: comment?.text ?? body.description ?? "" }, asked)
    const begun = { id: deps.ids.take(), type: "conversation_changed" as const, conversationId: id }
    const told = comment === null ? [] : await comment.keep(tx, id)
    await appendEvents(tx, companyId, [{ ...begun, source: sourceOf(member) }, ...told])
  })
  deps.committed([companyId])
  return (await findConversation(deps.db, companyId, id)) as ConversationRow
}

function refuseMixture(body: NewConversation, files: readonly UploadedFile[]): void {
  if ((body.inbox_id === undefined) === (body.teammate_ids === undefined))
    throw invalid("body", "must have either inbox_id or teammate_ids")
  if (body.comment === undefined && (body.type === "discussion" || files.length > 0))
    throw invalid("body.comment", "is required")
  if (body.type === "task") return
  if (body.description !== undefined) throw invalid("body.description", "is only for tasks")
  if (body.due_at !== undefined) throw invalid("body.due_at", "is only for tasks")
}

async function read(tx: Tx, member: Member, body: NewConversation): Promise<Asked> {
  const { companyId } = member
  const author = body.comment?.author_id
  const named = await resolveTeammates(tx, companyId, body.teammate_ids ?? [], "body.teammate_ids")
  const self = member.kind === "session" ? [member.teammateId] : []
  return {
    inboxId: body.inbox_id === undefined ? null : await readInbox(tx, member, body.inbox_id),
    followers: body.teammate_ids === undefined ? [] : [...new Set([...named, ...self])],
    authorId: author ? (await readTeammate(tx, companyId, author, "body.comment.author_id")).id : null,
    customFields: await readCustomFields(tx, companyId, "conversation", body.custom_fields),
    dueAt: body.due_at === undefined ? null : readTimeAhead(body.due_at, "body.due_at", new Date()),
  }
}

async function insert(
  tx: Tx,
  companyId: number,
  id: number,
  body: NewConversation & { preview: string },
  asked: Asked,
): Promise<void> {
  await tx.query({
    name: "conversations.create",
    text: `insert into conversation (company_id, id, type, inbox_id, subject, description, due_at, custom_fields, preview, preview_direction, activity_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, left($9, 200), 'outbound', date_trunc('milliseconds', now()))`,
    values: [
      companyId,
      id,
      body.type,
      asked.inboxId,
      body.subject,
      body.description ?? null,
      asked.dueAt,
      JSON.stringify(asked.customFields),
      body.preview,
    ],
  })
  await tx.query({
    name: "conversations.first_followers",
    text: "insert into conversation_follower (company_id, conversation_id, teammate_id) select $1, $2, unnest($3::bigint[])",
    values: [companyId, id, asked.followers],
  })
}
