import { type PreferencesChange, updatePreferences } from "@causeway/contract/endpoints/preferences"
import type { Preferences } from "@causeway/contract/inbox-preferences"
import { usualPreferences } from "@causeway/contract/usual-preferences"
import type { Database } from "../database/database.ts"
import { unauthenticated } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import { memberOf } from "./roles.ts"

/** The kept parts over the usual ones. */
export const preferencesOf = (kept: PreferencesChange): Preferences => ({ ...usualPreferences, ...kept })

export const preferenceRoutes = ({ db }: { db: Database }): Route[] => [
  route(updatePreferences, async ({ body, principal }) => {
    const member = memberOf(principal)
    const rows = await db.query<{ preferences: PreferencesChange }>({
      name: "teammates.preferences",
      text: `update teammate set preferences = preferences || $3::jsonb where company_id = $1 and id = $2 returning preferences`,
      values: [member.companyId, member.kind === "session" ? member.teammateId : null, JSON.stringify(body)],
    })
    const row = rows[0]
    if (row === undefined) throw unauthenticated("This session's teammate is gone")
    return { status: 200, body: preferencesOf(row.preferences) }
  }),
]
