import { allScopes } from "@causeway/contract/scopes"
import type { Principal } from "../http/callers.ts"
import { forbidden, invalid } from "../http/errors.ts"

/**
 * The scopes that `principal` may give to a token or to an OAuth client: known ones, and of a token only what it holds itself. An OAuth access token
 * gives none: what it made would outlive the admin's consent. Throws 400 or 403.
 */
export function grantableScopes(principal: Principal, scopes: readonly string[]): string[] {
  const unknown = scopes.find((scope) => !allScopes.includes(scope))
  if (unknown !== undefined)
    throw invalid("body.scopes", `has no scope named ${unknown.slice(0, 60)}; there are: ${allScopes.join(", ")}`)
  if (principal.kind !== "token") return [...new Set(scopes)]
  if (principal.oauthClientId !== undefined)
    throw forbidden("An integration's token makes no tokens: they would outlive what the admin agreed to")
  const missing = scopes.find((scope) => !principal.scopes.includes(scope))
  if (missing !== undefined) throw forbidden(`This token does not hold ${missing}, so it cannot give it to another`)
  return [...new Set(scopes)]
}
