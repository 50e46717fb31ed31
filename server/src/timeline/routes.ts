import { readTimeline as endpoint } from "@causeway/contract/endpoints/conversations"
import { findChannelViews } from "../channels/views.ts"
import { conversationViews } from "../conversations/row.ts"
import { invalid } from "../http/errors.ts"
import { readLimit } from "../http/lists.ts"
import { type Route, route } from "../http/route.ts"
import { formatCursor } from "../live/feed.ts"
import { getConversationFor } from "../messages/access.ts"
import type { Services } from "../services.ts"
import { sessionOf } from "../teammates/roles.ts"
import { parsePlace } from "./place.ts"
import { readTimeline } from "./read.ts"

export const timelineRoutes = (deps: Services): Route[] => [
  route(endpoint, async ({ params, query, principal }) => {
    // The cursor is read first: whatever is committed after it reaches the browser over the live stream.
    const { companyId, teammateId } = sessionOf(principal)
    const position = await deps.live.position(companyId)
    const row = await getConversationFor(deps.db, principal, params.conversation_id)
    const before = query.before ? parsePlace(query.before) : null
    if (query.before && before === null) throw invalid("query.before", "is not a place in this timeline")
    const conversation = { id: row.id, channelId: row.channel_id }
    const [page, channels, [view]] = await Promise.all([
      readTimeline(deps.db, row.company_id, conversation, readLimit(query.limit), before),
      findChannelViews(deps.db, row.company_id, row.channel_id === null ? [] : [row.channel_id]),
      conversationViews(deps.db, companyId, [row], teammateId),
    ])
    return {
      status: 200,
      body: {
        conversation: view,
        channel: channels[0] ?? null,
        ...page,
        cursor: formatCursor(deps.live.epoch, position),
      },
    }
  }),
]
