import * as endpoints from "@causeway/contract/endpoints/comments"
import { downloadFile } from "../attachments/download.ts"
import type { ConversationRow } from "../conversations/read.ts"
import { invalid } from "../http/errors.ts"
import { wholeList } from "../http/lists.ts"
import { type Answer, type Call, type Route, route } from "../http/route.ts"
import { getConversationFor } from "../messages/access.ts"
import { authorResource } from "../messages/resource.ts"
import type { Services } from "../services.ts"
import { memberOf } from "../teammates/roles.ts"
import { resolveTeammate } from "../teammates/store.ts"
import { getCommentFor } from "./access.ts"
import { type CommentRow, commentResource, commentView, findComment, listComments } from "./store.ts"
import { addComment, changeComment } from "./write.ts"

export const commentRoutes = (deps: Services): Route[] => [
  route(endpoints.listComments, async ({ params, principal, request, origin }) => {
    const { company_id, id } = await getConversationFor(deps.db, principal, params.conversation_id)
    const newestFirst = (await listComments(deps.db, company_id, id)).toReversed()
    return {
      status: 200,
      body: wholeList(
        request,
        origin,
        newestFirst.map((row) => commentResource(row, origin)),
      ),
    }
  }),

  route(endpoints.createComment, async (call) => {
    const conversation = await getConversationFor(deps.db, call.principal, call.params.conversation_id)
    return await add(deps, call, conversation, null)
  }),

  route(endpoints.replyToComment, async (call) => {
    const { comment, conversation } = await getCommentFor(deps.db, call.principal, call.params.comment_id)
    return await add(deps, call, conversation, comment.id)
  }),

  route(endpoints.getComment, async ({ params, principal, origin }) => {
    const { comment } = await getCommentFor(deps.db, principal, params.comment_id)
    return { status: 200, body: commentResource(comment, origin) }
  }),

  route(endpoints.updateComment, async ({ params, body, principal, origin }) => {
    const { comment, conversation } = await getCommentFor(deps.db, principal, params.comment_id)
    const changed = await changeComment(deps, memberOf(principal), conversation, comment.id, body)
    return { status: 200, body: commentResource(changed, origin) }
  }),

  route(endpoints.listCommentMentions, async ({ params, principal, request, origin }) => {
    const { comment } = await getCommentFor(deps.db, principal, params.comment_id)
    const mentioned = comment.mentioned.map((teammate) => authorResource(teammate, origin))
    return { status: 200, body: wholeList(request, origin, mentioned) }
  }),

  route(endpoints.downloadCommentAttachment, async ({ params, principal }) => {
    const { comment } = await getCommentFor(deps.db, principal, params.comment_id)
    return await downloadFile(deps, principal, params.comment_attachment_id, comment.id)
  }),

  route(endpoints.listCommentViews, async ({ params, principal }) => {
    const { company_id, id } = await getConversationFor(deps.db, principal, params.conversation_id)
    return { status: 200, body: { comments: (await listComments(deps.db, company_id, id)).map(commentView) } }
  }),
]

async function add(
  deps: Services,
  {
    principal,
    body,
    files,
    origin,
  }: Pick<Call<typeof endpoints.createComment>, "principal" | "body" | "files" | "origin">,
  conversation: ConversationRow,
  replyToId: number | null,
): Promise<Answer> {
  const member = memberOf(principal)
  const author = body.author_id ? await resolveTeammate(deps.db, member.companyId, body.author_id) : null
  if (body.author_id && author === null) throw invalid("body.author_id", "names no teammate")
  const id = await addComment(deps, member, conversation, {
    authorId: author?.id ?? null,
    body: body.body,
    isPinned: body.is_pinned ?? false,
    replyToId,
    files,
  })
  const row = (await findComment(deps.db, member.companyId, id)) as CommentRow
  return { status: 201, body: commentResource(row, origin) }
}
