import { getNotificationPreferences, updateNotificationPreferences } from "@causeway/contract/endpoints/notifications"
import type { Principal } from "../http/callers.ts"
import { HttpError } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import type { Services } from "../services.ts"
import { changePreferences, readPreferences } from "./store.ts"

/** What each teammate is told of. Which of it a browser shows is decided there, from the live stream. */
export const notificationRoutes = ({ db }: Pick<Services, "db">): Route[] => [
  route(getNotificationPreferences, async ({ principal }) => ({
    status: 200,
    body: await readPreferences(db, personOf(principal)),
  })),

  route(updateNotificationPreferences, async ({ principal, body }) => {
    const person = personOf(principal)
    await changePreferences(db, person, body)
    return { status: 200, body: await readPreferences(db, person) }
  }),
]

function personOf(principal: Principal): Extract<Principal, { kind: "session" }> {
  if (principal.kind !== "session") throw new HttpError(403, "Notifications are for people, who have sessions")
  return principal
}
