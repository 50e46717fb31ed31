import { createHash, randomBytes } from "node:crypto"
import type { Database } from "../database/database.ts"

/** A way in that has two halves: what the first one decided, for the second. */
export interface Steps {
  /** Keeps `details` and answers the token that the browser brings back. */
  begin(kind: StepKind, details: object): Promise<string>
  /** What was kept, once; null when it was used, never was, is of another kind or past its time. */
  take<Details>(kind: StepKind, token: string | null): Promise<Details | null>
}

export type StepKind = "passkey_new" | "passkey" | "provider"

/** How long a person may take in between, s. */
export const stepSeconds = 600

export const createSteps = (db: Database): Steps => ({
  async begin(kind, details) {
    const token = randomBytes(24).toString("base64url")
    // Walks sign_in_step_expires: what nobody came back for goes with the next one.
    await db.query({
      name: "sign_in.begin",
      text: `with gone as (delete from sign_in_step where expires_at < now())
             insert into sign_in_step (token_hash, kind, details, expires_at) values ($1, $2, $3, now() + $4 * interval '1 second')`,
      values: [hashOf(token), kind, JSON.stringify(details), stepSeconds],
    })
    return token
  },
  async take(kind, token) {
    if (token === null) return null
    const rows = await db.query<{ details: never }>({
      name: "sign_in.take",
      text: "delete from sign_in_step where token_hash = $1 and kind = $2 and expires_at > now() returning details",
      values: [hashOf(token), kind],
    })
    return rows[0]?.details ?? null
  },
})

const hashOf = (token: string): Buffer => createHash("sha256").update(`sign-in ${token}`).digest()
