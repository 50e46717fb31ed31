import type { Tx } from "../database/database.ts"
import type { AuthorRow } from "../messages/read.ts"
import { resolveTeammate } from "../teammates/store.ts"

/** The teammate whom a phone system names by e-mail address; null when nobody here has it: their name is still kept. */
export const findAgent = (tx: Tx, companyId: number, email: string): Promise<AuthorRow | null> =>
  resolveTeammate(tx, companyId, `alt:email:${email}`)

/** Who an event of a call comes from. */
export const sourceOf = (agent: AuthorRow | null): object =>
  agent === null ? { type: "api" } : { type: "teammate", teammate_id: agent.id }
