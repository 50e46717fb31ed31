import type { BodyOf } from "@causeway/contract/endpoint"
import type { createContactNote } from "@causeway/contract/endpoints/contacts"
import type { ContactNote } from "@causeway/contract/resources/contact"
import type { Tx } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import { forbidden, invalid } from "../http/errors.ts"
import { seconds } from "../messages/resource.ts"
import { memberOf, refuseObserver } from "../teammates/roles.ts"
import { resolveTeammate, type TeammateRow, teammateColumns, teammateResource } from "../teammates/store.ts"
import { ownerLink, viewerOf } from "../teams/owner.ts"
import { type ChangeDeps, changeContacts } from "./change.ts"
import { type ContactRow, getContact } from "./store.ts"

export interface NoteRow {
  body: string
  created_at: Date
  author: TeammateRow
}

/** Newest first, all of them: the vendor does not page this list. Walks contact_note_contact backwards. */
export const listNotes = (tx: Tx, companyId: number, contactId: number): Promise<NoteRow[]> =>
  tx.query<NoteRow>({
    name: "contacts.notes",
    text: `select body, created_at,
             (select to_json(author) from (select ${teammateColumns} from teammate where company_id = note.company_id and id = note.author_id) author) as author
           from contact_note note where company_id = $1 and contact_id = $2 order by id desc`,
    values: [companyId, contactId],
  })

/** Adds a note about a contact. A session writes in its own name only. */
export async function addNote(
  deps: ChangeDeps,
  principal: Principal,
  reference: string,
  body: BodyOf<typeof createContactNote>,
): Promise<{ contact: ContactRow; note: NoteRow }> {
  refuseObserver(principal)
  const { companyId } = memberOf(principal)
  await deps.ids.reserve(1)
  return changeContacts(deps, companyId, "shared", async (tx) => {
    const contact = await getContact(tx, companyId, viewerOf(principal), reference)
    const author = await resolveTeammate(tx, companyId, body.author_id)
    if (author === null) throw invalid("body.author_id", "names no teammate")
    if (principal.kind === "session" && author.id !== principal.teammateId)
      throw forbidden("A teammate writes notes in their own name")
    const rows = await tx.query<{ created_at: Date }>({
      name: "contacts.add_note",
      text: `insert into contact_note (company_id, id, contact_id, author_id, body) values ($1, $2, $3, $4, $5) returning created_at`,
      values: [companyId, deps.ids.take(), contact.id, author.id, body.body],
    })
    const note = { body: body.body, created_at: rows[0]?.created_at as Date, author }
    return { answer: { contact, note }, changedId: contact.id }
  })
}

/** The vendor's ContactNote: it is as private as the contact it is about. */
export const noteResource = (contact: ContactRow, note: NoteRow, origin: string): ContactNote => {
  const author = teammateResource(note.author, origin)
  return {
    _links: { related: { author: author._links.self, owner: ownerLink(contact, origin) } },
    author,
    body: note.body,
    created_at: seconds(note.created_at),
    is_private: contact.owner_kind === "teammate",
  }
}
