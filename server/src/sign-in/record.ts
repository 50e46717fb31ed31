import { formatId } from "@causeway/contract/ids"
import type { FastifyRequest } from "fastify"
import type { Database } from "../database/database.ts"
import type { Log } from "../log.ts"

/** Something that happened at the door. */
export interface SignInEvent {
  verb: "signed_in" | "sign_in_failed" | "signed_out" | "proved"
  by: "password" | "passkey" | "provider" | "link"
  /** Who came in, or whose address was tried. */
  person: { identityId: string } | { email: string } | { token: string }
}

const browserCharsMax = 300

/**
 * Tells the audit log of every company in which the person is a teammate, and the log of the process. A try with an address that nobody has is known to the
 * latter alone, without the address: people type passwords into that field. Whoever failed is nobody in particular.
 */
export async function recordSignIn(
  { db, log }: { db: Database; log: Log },
  request: FastifyRequest,
  { verb, by, person }: SignInEvent,
): Promise<void> {
  const isProven = verb !== "sign_in_failed"
  const { address } = request
  const browser = request.headers["user-agent"]?.slice(0, browserCharsMax) ?? null
  const rows = await db.query<{ target: string }>({
    name: "sign_in.record", // identity_user's keys, identity_session's token, teammate_identity
    text: `insert into audit (company_id, actor, noun, verb, target, after)
           select teammate.company_id,
             jsonb_build_object('kind', $4::text, 'id', case when $4 = 'teammate' then teammate.id::text end, 'address', $5::text, 'browser', $6::text),
             'session', $7, teammate.id::text, jsonb_build_object('by', $8::text)
           from identity_user person join teammate on teammate.identity_id = person.id
           where person.id = $1 or person.email = $2 or person.id = (select "userId" from identity_session where token = $3)
           returning target`,
    values: [
      "identityId" in person ? person.identityId : null,
      "email" in person ? person.email : null,
      "token" in person ? person.token : null,
      isProven ? "teammate" : "anyone",
      address,
      browser,
      verb,
      by,
    ],
  })
  const teammateId = rows[0] === undefined ? null : formatId("tea", Number(rows[0].target))
  const line = { teammate_id: teammateId, by, address, browser }
  log[isProven ? "info" : "warn"](line, `session.${verb}`)
}
