import { allScopes } from "@causeway/contract/scopes"
import type { Member, Principal } from "../http/callers.ts"
import { forbidden, HttpError } from "../http/errors.ts"

/** The company that a caller belongs to. The installation token has none and is refused. */
export function memberOf(principal: Principal): Member {
  if (!("companyId" in principal)) throw new HttpError(403, "This operation needs a credential of one company")
  return principal
}

/** The signed-in teammate who calls; 403 for everybody else. */
export function sessionOf(principal: Principal): Extract<Principal, { kind: "session" }> {
  memberOf(principal)
  if (principal.kind !== "session") throw new HttpError(403, "This operation is for sessions")
  return principal
}

/** Channels, inboxes, tokens, settings: a session must be an admin's. What tokens may do is said by their scopes. */
export function requireAdmin(principal: Principal): void {
  if (principal.kind === "session" && principal.role !== "admin") throw forbidden("Only an admin may do this")
}

/** An admin may do everything, so only a token that may do everything too makes one; never an integration's: the admin would outlive what was agreed to. */
export function requireMakerOfAdmins(principal: Principal): void {
  if (principal.kind !== "token") return
  if (principal.oauthClientId !== undefined || allScopes.some((scope) => !principal.scopes.includes(scope)))
    throw forbidden("This token may do less than an admin, so it makes none")
}

/** Whatever changes a conversation or a contact: not for observers, who read and comment. */
export function requireWriter(principal: Principal): void {
  if (principal.kind === "session" && principal.role === "observer")
    throw forbidden("Observers read and comment; they change nothing")
}

/** Apps, the delivery log, the simulator: admins, and teammates with the developer flag. */
export function requireDeveloper(principal: Principal): void {
  if (principal.kind === "session" && principal.role !== "admin" && !principal.isDeveloper) {
    throw forbidden("Only an admin or a teammate with the developer flag may do this")
  }
}

/** What changes apps, their traffic or the simulator: an observer with the developer flag looks at them alone. */
export function requireBuilder(principal: Principal): void {
  requireDeveloper(principal)
  refuseObserver(principal)
}

/** What an observer may not: whatever is neither reading nor commenting. */
export function refuseObserver(principal: Principal): void {
  if (principal.kind === "session" && principal.role === "observer")
    throw forbidden("An observer reads and comments, and changes nothing else")
}
