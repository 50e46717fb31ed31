import { formatId, parseId } from "@causeway/contract/ids"
import type { Inbox as InboxResource } from "@causeway/contract/resources/inbox"
import type { Tx } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import { invalid, notFound } from "../http/errors.ts"
import { memberOf } from "../teammates/roles.ts"
import { type Owner, ownerLink } from "../teams/owner.ts"

export interface Inbox {
  id: number
  name: string
  is_private: boolean
  is_public: boolean
  team_id: number | null
  /** Whose own it is; null when it is shared. */
  teammate_id: number | null
  custom_fields: Record<string, unknown>
}

const columns = "id, name, is_private, is_public, team_id, teammate_id, custom_fields"

/** By `inb_…`; 404 when the company has none. */
export async function getInbox(tx: Tx, companyId: number, reference: string): Promise<Inbox> {
  const id = parseId("inb", reference)
  const rows =
    id === null
      ? []
      : await tx.query<Inbox>({
          name: "inboxes.find",
          text: `select ${columns} from inbox where company_id = $1 and id = $2`,
          values: [companyId, id],
        })
  if (rows[0] === undefined) throw notFound("inbox", reference)
  return rows[0]
}

/** By the primary key. Missing ones are simply not there. */
export const findInboxes = (tx: Tx, companyId: number, ids: readonly number[]): Promise<Inbox[]> =>
  tx.query<Inbox>({
    name: "inboxes.find_all",
    text: `select ${columns} from inbox where company_id = $1 and id = any($2::bigint[])`,
    values: [companyId, ids],
  })

/** The same as the caller may see it: to a teammate an inbox that is not open to them is a missing one. */
export async function getInboxFor(tx: Tx, principal: Principal, reference: string): Promise<Inbox> {
  const { companyId } = memberOf(principal)
  const inbox = await getInbox(tx, companyId, reference)
  const viewer = opensFor(principal)
  if (viewer === null || inbox.is_public) return inbox
  const access = await tx.query({
    name: "inboxes.access",
    text: "select from inbox_teammate where company_id = $1 and inbox_id = $2 and teammate_id = $3",
    values: [companyId, inbox.id, viewer],
  })
  if (access.length === 0) throw notFound("inbox", reference)
  return inbox
}

/** The teammate whose inboxes the caller may open; null: all of the company, as for admins and tokens. */
export const opensFor = (principal: Principal): number | null =>
  principal.kind === "session" && principal.role !== "admin" ? principal.teammateId : null

/** All of the company, or those that are open to a teammate: the public ones and the ones they are named in. By the primary keys. */
export const listInboxes = (tx: Tx, companyId: number, teammateId: number | null = null): Promise<Inbox[]> =>
  tx.query<Inbox>({
    name: "inboxes.list",
    text: `select ${columns} from inbox where company_id = $1 and ($2::bigint is null or is_public or exists (
             select from inbox_teammate access where access.company_id = $1 and access.inbox_id = inbox.id and access.teammate_id = $2))
           order by id`,
    values: [companyId, teammateId],
  })

/** Ids of the inboxes that a body names, each once. Throws 400 for the first that names none; `field` is the list's. By the primary key. */
export async function findInboxIds(
  tx: Tx,
  companyId: number,
  references: readonly string[],
  field: string,
): Promise<number[]> {
  const ids = references.map((reference) => parseId("inb", reference))
  const rows = await tx.query<{ id: number }>({
    name: "inboxes.resolve",
    text: "select id from inbox where company_id = $1 and id = any($2::bigint[])",
    values: [companyId, ids.filter((id) => id !== null)],
  })
  const found = new Set<number | null>(rows.map((row) => row.id))
  const missing = ids.findIndex((id) => !found.has(id))
  if (missing !== -1) throw invalid(`${field}[${missing}]`, "names no inbox")
  return [...new Set(ids as number[])]
}

/** Those that a team or a teammate has. Walks inbox_team or inbox_owner. */
export const listInboxesOf = (tx: Tx, companyId: number, owner: Owner): Promise<Inbox[]> =>
  tx.query<Inbox>({
    name: `inboxes.of_${owner.kind}`,
    text: `select ${columns} from inbox where company_id = $1 and ${owner.kind === "team" ? "team_id" : "teammate_id"} = $2 order by id`,
    values: [companyId, owner.id],
  })

export interface NewInbox {
  companyId: number
  id: number
  name: string
  isPublic: boolean
  owner: Owner
  customFields: Record<string, unknown>
}

/** A teammate's own inbox is private, and open to them alone. */
export async function insertInbox(tx: Tx, inbox: NewInbox): Promise<Inbox> {
  const own = inbox.owner.kind === "teammate"
  const row: Inbox = {
    id: inbox.id,
    name: inbox.name,
    is_private: own,
    is_public: inbox.isPublic && !own,
    team_id: inbox.owner.kind === "team" ? inbox.owner.id : null,
    teammate_id: own ? inbox.owner.id : null,
    custom_fields: inbox.customFields,
  }
  await tx.query({
    name: "inboxes.insert",
    text: `insert into inbox (company_id, id, name, is_private, is_public, team_id, teammate_id, custom_fields) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [
      inbox.companyId,
      row.id,
      row.name,
      row.is_private,
      row.is_public,
      row.team_id,
      row.teammate_id,
      JSON.stringify(row.custom_fields),
    ],
  })
  if (row.teammate_id !== null) await openInbox(tx, inbox.companyId, row.id, [row.teammate_id])
  return row
}

/** Those to whom it is open already stay. */
export async function openInbox(tx: Tx, companyId: number, inboxId: number, ids: readonly number[]): Promise<void> {
  await tx.query({
    name: "inboxes.open",
    text: "insert into inbox_teammate (company_id, inbox_id, teammate_id) select $1, $2, unnest($3::bigint[]) on conflict do nothing",
    values: [companyId, inboxId, ids],
  })
}

export async function closeInbox(tx: Tx, companyId: number, inboxId: number, ids: readonly number[]): Promise<void> {
  await tx.query({
    name: "inboxes.close",
    text: "delete from inbox_teammate where company_id = $1 and inbox_id = $2 and teammate_id = any($3::bigint[])",
    values: [companyId, inboxId, ids],
  })
}

/** The vendor's Inbox. */
export function inboxResource(inbox: Inbox, origin: string): InboxResource {
  const self = `${origin}/inboxes/${formatId("inb", inbox.id)}`
  const owner =
    inbox.teammate_id === null
      ? { owner_kind: "team" as const, owner_id: inbox.team_id }
      : { owner_kind: "teammate" as const, owner_id: inbox.teammate_id }
  return {
    _links: {
      self,
      related: {
        teammates: `${self}/teammates`,
        conversations: `${self}/conversations`,
        channels: `${self}/channels`,
        owner: ownerLink(owner, origin),
      },
    },
    id: formatId("inb", inbox.id),
    name: inbox.name,
    is_private: inbox.is_private,
    is_public: inbox.is_public,
    custom_fields: inbox.custom_fields,
  }
}
