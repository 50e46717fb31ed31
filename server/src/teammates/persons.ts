import type { Database } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import { unauthenticated } from "../http/errors.ts"
import { sessionOf } from "./roles.ts"

/** Who signs in: one person may be a teammate of several companies. */
export interface Person {
  identityId: string
  email: string
  name: string
  company: string
}

/** 401 when the session's teammate is gone. */
export async function personBehind(db: Database, principal: Principal): Promise<Person> {
  const { companyId, teammateId } = sessionOf(principal)
  const rows = await db.query<Person>({
    name: "sign_in.person",
    text: `select person.id as "identityId", person.email, person.name, company.name as company
           from teammate join identity_user person on person.id = teammate.identity_id join company on company.id = teammate.company_id
           where teammate.company_id = $1 and teammate.id = $2`,
    values: [companyId, teammateId],
  })
  if (rows[0] === undefined) throw unauthenticated("This session's teammate is gone")
  return rows[0]
}
