import { allScopes } from "@causeway/contract/scopes"
import type { Tx } from "../database/database.ts"
import type { Ids } from "../ids.ts"
import { insertInbox } from "../inboxes/store.ts"
import type { Identity } from "../teammates/identity.ts"
import { insertTeammate } from "../teammates/store.ts"
import { insertTeam } from "../teams/store.ts"
import { insertToken } from "./tokens.ts"

export interface FirstAdmin {
  company: string
  name: string
  email: string
  password: string
}

export interface Created {
  companyId: number
  teammateId: number
  inboxId: number
  identityId: string
  apiToken: string
}

const idsNeeded = 5

/** A company with its first team, admin and inbox, and an API token that holds every scope, all in the caller's transaction. */
export async function createCompany(
  tx: Tx,
  deps: { ids: Ids; identity: Identity },
  admin: FirstAdmin,
): Promise<Created> {
  const { ids, identity } = deps
  await ids.reserve(idsNeeded)
  const created = { companyId: ids.take(), teammateId: ids.take(), inboxId: ids.take() }
  const teamId = ids.take()
  const email = admin.email.trim().toLowerCase()
  await tx.query({
    text: "insert into company (id, name) values ($1, $2)",
    values: [created.companyId, admin.company.trim()],
  })
  await insertTeam(tx, { companyId: created.companyId, id: teamId, name: admin.company.trim() })
  const identityId = await identity.createPerson(tx, { name: admin.name, email, password: admin.password })
  await insertTeammate(tx, {
    companyId: created.companyId,
    id: created.teammateId,
    identityId,
    email,
    name: admin.name,
    role: "admin",
  })
  await insertInbox(tx, {
    companyId: created.companyId,
    id: created.inboxId,
    name: "Support",
    isPublic: true,
    owner: { kind: "team", id: teamId },
    customFields: {},
  })
  const apiToken = await insertToken(tx, {
    companyId: created.companyId,
    id: ids.take(),
    name: "Set-up",
    scopes: allScopes,
  })
  return { ...created, identityId, apiToken }
}
