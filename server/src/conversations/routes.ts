import {
  createConversation,
  deleteConversation,
  getConversation,
  listConversationMessages,
  listConversations,
  listOlderMessages,
  mergeConversations,
  openConversation,
  searchConversations,
  updateAssignee,
  updateConversation,
} from "@causeway/contract/endpoints/conversations"
import type { ConversationRow as ConversationRowView } from "@causeway/contract/inbox"
import { pageDefault } from "@causeway/contract/limits"
import { findChannelViews } from "../channels/views.ts"
import { invalid } from "../http/errors.ts"
import { pagedList, readLimit } from "../http/lists.ts"
import { type Route, route } from "../http/route.ts"
import { formatCursor } from "../live/feed.ts"
import { findConversationNamed, getConversationFor } from "../messages/access.ts"
import { formatPlace, listMessages, type MessageRow, parsePlace } from "../messages/read.ts"
import { messageResource, viewerFor } from "../messages/resource.ts"
import type { Services } from "../services.ts"
import { memberOf, sessionOf } from "../teammates/roles.ts"
import { messageViews } from "../timeline/messages.ts"
import { createConversation as create } from "./create.ts"
import { conversationList } from "./list.ts"
import { mergeConversations as merge } from "./merge.ts"
import { deleteConversation as remove } from "./remove.ts"
import { conversationResource } from "./resource.ts"
import { conversationViews } from "./row.ts"
import { searchConversations as search } from "./search.ts"
import { changeConversation } from "./update.ts"

export const conversationRoutes = (deps: Services): Route[] => [
  route(listConversations, async (call) => ({
    status: 200,
    body: await conversationList(deps, call, { of: "company" }),
  })),
  route(getConversation, async ({ params, principal, origin }) => {
    const row = await getConversationFor(deps.db, principal, params.conversation_id)
    return { status: 200, body: await conversationResource(deps.db, row, viewerFor(principal, origin)) }
  }),
  route(listConversationMessages, async ({ params, query, principal, origin, request }) => {
    const row = await getConversationFor(deps.db, principal, params.conversation_id)
    const limit = readLimit(query.limit)
    const before = query.page_token ? parsePlace(query.page_token) : null
    if (query.page_token && before === null) throw invalid("query.page_token", "is not a page of this list")
    if (query.sort_by !== undefined && query.sort_by !== "created_at")
      throw invalid("query.sort_by", "must be created_at")
    const viewer = viewerFor(principal, origin)
    // What was merged in from another channel stays that channel's own.
    const rows = await listMessages(deps.db, row.company_id, row.id, limit + 1, before, {
      order: query.sort_order ?? "desc",
      channelId: viewer.channelId ?? null,
    })
    const body = pagedList<MessageRow>({ request, origin }, rows, {
      limit,
      placeOf: formatPlace,
      resource: (message) => messageResource(message, viewer),
    })
    return { status: 200, body }
  }),
  route(searchConversations, async (call) => ({ status: 200, body: await search(deps, call) })),
  route(createConversation, async ({ body, files, principal, origin }) => {
    const row = await create(deps, memberOf(principal), body, files)
    return { status: 201, body: await conversationResource(deps.db, row, viewerFor(principal, origin)) }
  }),
  route(updateConversation, async ({ params, body, principal }) => {
    await changeConversation(
      deps,
      principal,
      await getConversationFor(deps.db, principal, params.conversation_id),
      body,
    )
    return { status: 204 }
  }),
  route(updateAssignee, async ({ params, body, principal }) => {
    await changeConversation(
      deps,
      principal,
      await getConversationFor(deps.db, principal, params.conversation_id),
      body,
    )
    return { status: 204 }
  }),
  route(deleteConversation, async ({ params, principal }) => {
    const { id } = await getConversationFor(deps.db, principal, params.conversation_id)
    await remove(deps, memberOf(principal), id)
    return { status: 204 }
  }),
  route(mergeConversations, async ({ params, body, principal }) => {
    const { id } = await getConversationFor(deps.db, principal, params.conversation_id)
    const others: number[] = []
    for (const [i, reference] of body.conversation_ids.entries()) {
      const other = await findConversationNamed(deps.db, principal, reference)
      if (other === null) throw invalid(`body.conversation_ids[${i}]`, "names no conversation")
      others.push(other.id)
    }
    await merge(deps, memberOf(principal), id, others)
    return { status: 204 }
  }),
  route(openConversation, async ({ params, principal }) => {
    const { companyId, teammateId } = sessionOf(principal)
    const position = await deps.live.position(companyId)
    const row = await getConversationFor(deps.db, principal, params.conversation_id)
    const [page, channels, [view]] = await Promise.all([
      pageOf(deps, row.company_id, row.id, pageDefault, null),
      findChannelViews(deps.db, row.company_id, row.channel_id === null ? [] : [row.channel_id]),
      conversationViews(deps.db, companyId, [row], teammateId),
    ])
    return {
      status: 200,
      body: {
        conversation: view as ConversationRowView,
        channel: channels[0] ?? null,
        messages: await messageViews(deps.db, row.company_id, page.rows.toReversed()),
        older: page.next,
        cursor: formatCursor(deps.live.epoch, position),
      },
    }
  }),
  route(listOlderMessages, async ({ params, query, principal }) => {
    sessionOf(principal)
    const row = await getConversationFor(deps.db, principal, params.conversation_id)
    const before = query.before ? parsePlace(query.before) : null
    if (query.before && before === null) throw invalid("query.before", "is not a place in this conversation")
    const page = await pageOf(deps, row.company_id, row.id, readLimit(query.limit), before)
    return {
      status: 200,
      body: { messages: await messageViews(deps.db, row.company_id, page.rows.toReversed()), older: page.next },
    }
  }),
]

async function pageOf(
  deps: Services,
  companyId: number,
  conversationId: number,
  limit: number,
  before: ReturnType<typeof parsePlace>,
): Promise<{ rows: MessageRow[]; next: string | null }> {
  const rows = await listMessages(deps.db, companyId, conversationId, limit + 1, before)
  const page = rows.slice(0, limit)
  return { rows: page, next: rows.length > limit ? formatPlace(page.at(-1) as MessageRow) : null }
}
