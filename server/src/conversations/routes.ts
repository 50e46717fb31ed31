import {
  getConversation,
  listConversationMessages,
  listConversationRows,
  listConversations,
  listOlderMessages,
  openConversation,
  updateConversation,
} from "@causeway/contract/endpoints/conversations"
import { pageDefault } from "@causeway/contract/limits"
import { findChannelViews } from "../channels/views.ts"
import type { Principal } from "../http/callers.ts"
import { HttpError, invalid } from "../http/errors.ts"
import { readLimit } from "../http/lists.ts"
import { type Route, route } from "../http/route.ts"
import { opensFor } from "../inboxes/store.ts"
import { formatCursor } from "../live/feed.ts"
import { getConversationFor } from "../messages/access.ts"
import { formatPlace, listMessages, type MessageRow, parsePlace } from "../messages/read.ts"
import { messageResource, messageView, viewerFor } from "../messages/resource.ts"
import type { Services } from "../services.ts"
import { memberOf } from "../teammates/roles.ts"
import { conversationList } from "./list.ts"
import { formatListPlace, parseListPlace } from "./read.ts"
import { conversationResource } from "./resource.ts"
import { changeConversation } from "./update.ts"
import { conversationView, countViews, isViewName, listConversations as listView } from "./views.ts"

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
    const page = await pageOf(deps, row.company_id, row.id, limit, before)
    const self = `${origin}/conversations/${params.conversation_id}/messages`
    const viewer = viewerFor(principal, origin)
    return {
      status: 200,
      body: {
        _pagination: { next: page.next === null ? null : `${self}?limit=${limit}&page_token=${page.next}` },
        _links: { self: `${origin}${request.url}` },
        _results: page.rows.map((message) => messageResource(message, viewer)),
      },
    }
  }),
  route(updateConversation, async ({ params, body, principal }) => {
    const row = await getConversationFor(deps.db, principal, params.conversation_id)
    await changeConversation(deps, principal, row, body)
    deps.committed([row.company_id])
    return { status: 204 }
  }),
  route(listConversationRows, async ({ query, principal }) => {
    const teammate = sessionOf(principal)
    const view = query.view ?? "open"
    if (!isViewName(view)) throw invalid("query.view", "must be one of: open, mine, unassigned, failed, archived")
    const before = query.before ? parseListPlace(query.before) : null
    if (query.before && before === null) throw invalid("query.before", "is not a place in this list")
    const limit = readLimit(query.limit)
    // The cursor is read first: whatever is committed after it reaches the browser over the live stream.
    const position = await deps.live.position(teammate.companyId)
    const rows = await listView(deps.db, {
      companyId: teammate.companyId,
      teammateId: teammate.teammateId,
      viewer: opensFor(principal),
      view,
      limit: limit + 1,
      before,
    })
    const page = rows.slice(0, limit)
    return {
      status: 200,
      body: {
        conversations: page.map(conversationView),
        next: rows.length > limit ? formatListPlace(page.at(-1) as (typeof page)[number]) : null,
        counts: await countViews(deps.db, { ...teammate, viewer: opensFor(principal) }),
        cursor: formatCursor(deps.live.epoch, position),
      },
    }
  }),
  route(openConversation, async ({ params, principal }) => {
    const position = await deps.live.position(sessionOf(principal).companyId)
    const row = await getConversationFor(deps.db, principal, params.conversation_id)
    const [page, channels] = await Promise.all([
      pageOf(deps, row.company_id, row.id, pageDefault, null),
      findChannelViews(deps.db, row.company_id, row.channel_id === null ? [] : [row.channel_id]),
    ])
    return {
      status: 200,
      body: {
        conversation: conversationView(row),
        channel: channels[0] ?? null,
        messages: page.rows.toReversed().map(messageView),
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
    return { status: 200, body: { messages: page.rows.toReversed().map(messageView), older: page.next } }
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

function sessionOf(principal: Principal): Extract<Principal, { kind: "session" }> {
  memberOf(principal)
  if (principal.kind !== "session") throw new HttpError(403, "This operation is for sessions")
  return principal
}
