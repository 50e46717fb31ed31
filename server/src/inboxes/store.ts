import { formatId, parseId } from "@causeway/contract/ids"
import type { Tx } from "../database/database.ts"
import { notFound } from "../http/errors.ts"

export interface Inbox {
  id: number
  name: string
  is_private: boolean
  is_public: boolean
}

const columns = "id, name, is_private, is_public"

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

export const listInboxes = (tx: Tx, companyId: number): Promise<Inbox[]> =>
  tx.query<Inbox>({
    name: "inboxes.list",
    text: `select ${columns} from inbox where company_id = $1 order by id`,
    values: [companyId],
  })

export async function insertInbox(
  tx: Tx,
  inbox: { companyId: number; id: number; name: string; isPublic: boolean },
): Promise<Inbox> {
  await tx.query({
    text: "insert into inbox (company_id, id, name, is_public) values ($1, $2, $3, $4)",
    values: [inbox.companyId, inbox.id, inbox.name, inbox.isPublic],
  })
  return { id: inbox.id, name: inbox.name, is_private: false, is_public: inbox.isPublic }
}

/** The vendor's Inbox. */
export function inboxResource(inbox: Inbox, origin: string): Record<string, unknown> {
  const self = `${origin}/inboxes/${formatId("inb", inbox.id)}`
  return {
    _links: {
      self,
      related: {
        teammates: `${self}/teammates`,
        conversations: `${self}/conversations`,
        channels: `${self}/channels`,
        owner: null,
      },
    },
    id: formatId("inb", inbox.id),
    name: inbox.name,
    is_private: inbox.is_private,
    is_public: inbox.is_public,
    custom_fields: {},
  }
}
