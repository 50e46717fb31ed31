import { formatId } from "@causeway/contract/ids"
import { mergedContactsMax } from "@causeway/contract/limits"
import { announcedMax } from "../conversations/contact.ts"
import type { Tx } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import { forbidden } from "../http/errors.ts"
import { appendEvents, type FeedEvent } from "../live/feed.ts"
import type { Services } from "../services.ts"
import { refuseObserver } from "../teammates/roles.ts"
import type { Owner } from "../teams/owner.ts"
import { holdContacts, holdContactsAlone } from "./link.ts"

export type ChangeDeps = Pick<Services, "db" | "ids" | "committed">

/** What a change did: what it answers, whose contact it was, who is gone, and the conversations that show it. */
export interface ContactChanged<T> {
  answer: T
  changedId?: number
  deletedIds?: readonly number[]
  conversationIds?: readonly number[]
}

/**
 * Changes contacts in one transaction that holds them (`alone`: for merging and deleting) and tells the company's browsers. The events are ours: the
 * vendor has none for contacts.
 */
export async function changeContacts<T>(
  deps: ChangeDeps,
  companyId: number,
  hold: "shared" | "alone",
  work: (tx: Tx) => Promise<ContactChanged<T>>,
): Promise<T> {
  await deps.ids.reserve(announcedMax + mergedContactsMax)
  const answer = await deps.db.tx(async (tx) => {
    await (hold === "alone" ? holdContactsAlone(tx, companyId) : holdContacts(tx, [companyId]))
    const { answer, changedId, deletedIds = [], conversationIds = [] } = await work(tx)
    const contactEvent = (type: "contact_changed" | "contact_deleted", id: number): FeedEvent => ({
      id: deps.ids.take(),
      type,
      target: { id: formatId("crd", id) },
    })
    await appendEvents(tx, companyId, [
      ...(changedId === undefined ? [] : [contactEvent("contact_changed", changedId)]),
      ...deletedIds.map((id) => contactEvent("contact_deleted", id)),
      ...conversationIds.map(
        (conversationId): FeedEvent => ({
          id: deps.ids.take(),
          type: "conversation_changed",
          conversationId,
        }),
      ),
    ])
    return answer
  })
  deps.committed([companyId])
  return answer
}

/** 403 unless the caller may keep contacts and lists for `owner`: everybody but an observer what is shared and their own, a token all of it. */
export function requireKeeper(principal: Principal, owner: Owner): void {
  refuseObserver(principal)
  if (principal.kind === "session" && owner.kind === "teammate" && owner.id !== principal.teammateId)
    throw forbidden("This is another teammate's own")
}
