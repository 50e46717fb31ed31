import { searchInbox as endpoint } from "@causeway/contract/endpoints/inbox-search"
import { type Route, route } from "../http/route.ts"
import { opensFor } from "../inboxes/store.ts"
import type { Services } from "../services.ts"
import { sessionOf } from "../teammates/roles.ts"
import { searchInbox } from "./find.ts"
import { readInboxSearch } from "./query.ts"

/** The search of the inbox. */
export const searchRoutes = (deps: Services): Route[] => [
  route(endpoint, async ({ query, principal }) => {
    const { companyId, teammateId } = sessionOf(principal)
    const search = readInboxSearch(query, teammateId)
    const owner = { companyId, teammateId, viewer: opensFor(principal) }
    return { status: 200, body: await searchInbox(deps.db, owner, search) }
  }),
]
