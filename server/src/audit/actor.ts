import { AsyncLocalStorage } from "node:async_hooks"
import pg from "pg"
import type { Principal } from "../http/callers.ts"

/** Who is behind what runs now, as the audit log keeps it. */
export interface Actor {
  kind: "teammate" | "api_token" | "oauth_client" | "installation"
  id: string | null
  address: string
  browser: string | null
}

const actors = new AsyncLocalStorage<Actor>()
const browserCharsMax = 300

/** The caller as an actor; null for channels and for nobody: partners change nothing that is audited by themselves. */
export function actorOf(principal: Principal, from: { address: string; browser: string | undefined }): Actor | null {
  const { address } = from
  const browser = from.browser?.slice(0, browserCharsMax) ?? null
  switch (principal.kind) {
    case "session":
      return { kind: "teammate", id: String(principal.teammateId), address, browser }
    case "token":
      return principal.oauthClientId === undefined
        ? { kind: "api_token", id: String(principal.tokenId), address, browser }
        : { kind: "oauth_client", id: String(principal.oauthClientId), address, browser }
    case "installation":
      return { kind: "installation", id: null, address, browser }
    default:
      return null
  }
}

/** Runs `work`; every transaction that it begins says who is behind it. */
export const actingAs = <T>(actor: Actor | null, work: () => Promise<T>): Promise<T> =>
  actor === null ? work() : actors.run(actor, work)

/** Runs what goes on by itself from here: an engine that a request woke does not act for whoever sent it. */
export const actingAsNobody = <T>(work: () => T): T => actors.run(undefined as never, work)

export const hasActor = (): boolean => actors.getStore() !== undefined

/** Says in a transaction who acts; null: nobody does. */
export function actorSql(): string | null {
  const actor = actors.getStore()
  return actor === undefined ? null : `set local causeway.actor = ${pg.escapeLiteral(JSON.stringify(actor))}`
}
