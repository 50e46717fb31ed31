import {
  changeConversations,
  listConversationRows,
  listIds,
  readConversation,
} from "@causeway/contract/endpoints/conversations"
import { formatId } from "@causeway/contract/ids"
import { invalid } from "../http/errors.ts"
import { readLimit } from "../http/lists.ts"
import { type Route, route } from "../http/route.ts"
import { opensFor } from "../inboxes/store.ts"
import { formatCursor } from "../live/feed.ts"
import { getConversationFor } from "../messages/access.ts"
import type { Services } from "../services.ts"
import { sessionOf } from "../teammates/roles.ts"
import { changeMany } from "./bulk.ts"
import { markRead } from "./reads.ts"
import { conversationViews } from "./row.ts"
import { createCounts } from "./view-counts.ts"
import { type ListOwner, listIdsOf, listStretch, readListQuery, readRowPlace, type Stretch } from "./views.ts"

/** As many as can be chosen at once. */
const chosenMax = 10_000

/** The lists of the inbox, and how far each teammate has read. */
export const conversationListRoutes = (deps: Services): Route[] => {
  const counts = createCounts(deps.db)
  return [
    route(listConversationRows, async ({ query, principal }) => {
      const { companyId, teammateId } = sessionOf(principal)
      const owner: ListOwner = { companyId, teammateId, viewer: opensFor(principal) }
      const filter = readListQuery(query)
      const isFirst = query.below === undefined && query.above === undefined && query.offset === undefined
      // The cursor is read first: whatever is committed after it reaches the browser over the live stream.
      const position = await deps.live.position(companyId)
      const goesOn = query.below !== undefined || query.above !== undefined
      const [total, views] = await Promise.all([
        goesOn ? null : counts.total(owner, filter),
        isFirst ? counts.views(owner) : null,
      ])
      const { rows, more } = await listStretch(deps.db, owner, filter, readStretch(query, total ?? 0))
      const body = {
        conversations: await conversationViews(deps.db, companyId, rows, teammateId),
        more,
        total,
        counts: views?.counts ?? null,
        cursor: formatCursor(deps.live.epoch, position),
      }
      return { status: 200, body }
    }),
    route(listIds, async ({ query, principal }) => {
      const { companyId, teammateId } = sessionOf(principal)
      const owner: ListOwner = { companyId, teammateId, viewer: opensFor(principal) }
      const ids = await listIdsOf(deps.db, owner, readListQuery(query), chosenMax + 1)
      return {
        status: 200,
        body: { ids: ids.slice(0, chosenMax).map((id) => formatId("cnv", id)), more: ids.length > chosenMax },
      }
    }),
    route(changeConversations, async ({ body, principal }) => ({
      status: 200,
      body: await changeMany(deps, principal, body.conversation_ids, body.change),
    })),
    route(readConversation, async ({ params, body, principal }) => {
      const reader = sessionOf(principal)
      const { id } = await getConversationFor(deps.db, principal, params.conversation_id)
      await markRead(deps, reader, id, body.number)
      return { status: 204 }
    }),
  ]
}

interface StretchQuery {
  below?: string | undefined
  above?: string | undefined
  offset?: string | undefined
  limit?: string | undefined
}

function readStretch({ below, above, offset, limit: asked }: StretchQuery, total: number): Stretch {
  const limit = readLimit(asked)
  if ([below, above, offset].filter((given) => given !== undefined).length > 1)
    throw invalid("query", "goes on in one way: below, above or offset")
  if (below !== undefined) return { from: "below", place: readRowPlace(below, "query.below"), limit }
  if (above !== undefined) return { from: "above", place: readRowPlace(above, "query.above"), limit }
  if (offset === undefined) return { from: "top", limit }
  if (!/^\d{1,9}$/.test(offset)) throw invalid("query.offset", "must be a number of rows")
  return { from: "offset", offset: Math.min(Number(offset), total), total, limit }
}
