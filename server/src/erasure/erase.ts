import type { Held } from "@causeway/contract/endpoints/erasures"
import { formatId } from "@causeway/contract/ids"
import type { FileStore } from "../attachments/files.ts"
import { removeLater, removeUnnamed, youngMs } from "../attachments/sweep.ts"
import { recordAudit } from "../audit/store.ts"
import { holdContactsAlone } from "../contacts/link.ts"
import { takeAllHandles } from "../contacts/own-handles.ts"
import { dropContacts } from "../contacts/remove.ts"
import { getContactId } from "../contacts/store.ts"
import { forgetConversation } from "../conversations/remove.ts"
import type { Database, Tx } from "../database/database.ts"
import { lockConversations } from "../delivery/places.ts"
import type { Member } from "../http/callers.ts"
import { invalid } from "../http/errors.ts"
import type { Ids } from "../ids.ts"
import { appendEvents, type FeedEvent } from "../live/feed.ts"
import type { Seal } from "../secrets/seal.ts"
import { countHeld, filesOf, readSubject, type Subject } from "./held.ts"
import { signReceipt } from "./receipt.ts"

export interface EraseDeps {
  db: Database
  ids: Ids
  seal: Seal
  files: FileStore
  committed(companyIds: Iterable<number>): void
}

export interface Erased {
  id: number
  contactId: number
  receipt: string
  signature: Buffer
  erasedAt: Date
  filesLater: number
}

/**
 * Removes a person for good: the contact, every conversation with them, what those hold and what partners were told of them, in one transaction; then the
 * files that nobody else names. What stays are the ids of their messages, so that a partner's repeat is answered and not taken in again, and a signed
 * receipt that counts what went. Backups that were taken before still hold it all: they are the operator's to let go.
 */
export async function eraseContact(
  deps: EraseDeps,
  member: Member,
  reference: string,
  confirm: string,
  now = new Date(),
): Promise<Erased> {
  const { companyId } = member
  const contactId = await getContactId(deps.db, companyId, null, reference)
  if (confirm !== formatId("crd", contactId))
    throw invalid("body.confirm", `must be ${formatId("crd", contactId)}: an erasure cannot be undone`)
  const preview = await readSubject(deps.db, companyId, contactId)
  await deps.ids.reserve(preview.conversationIds.length + 100)
  const done = await deps.db.tx(async (tx) => {
    await holdContactsAlone(tx, companyId)
    const subject = await readSubject(tx, companyId, contactId)
    await lockConversations(tx, companyId, subject.conversationIds)
    const held = await countHeld(tx, subject)
    const files = await filesOf(tx, subject)
    await forget(tx, subject)
    await removeLater(tx, files)
    const id = deps.ids.take()
    const written = await writeReceipt(tx, deps.seal, member, { id, subject, held, now })
    await recordAudit(tx, { companyId, noun: "contact", verb: "erased", target: String(contactId), after: held })
    await deps.ids.reserve(subject.conversationIds.length + 1)
    const gone = subject.conversationIds.map(
      (conversationId): FeedEvent => ({ id: deps.ids.take(), type: "conversation_deleted", conversationId }),
    )
    const target = { id: formatId("crd", contactId) }
    await appendEvents(tx, companyId, [...gone, { id: deps.ids.take(), type: "contact_deleted", target }])
    return { ...written, id, files }
  })
  deps.committed([companyId])
  const { later } = await removeUnnamed(deps.db, deps.files, done.files, youngMs)
  return { ...done, contactId, erasedAt: now, filesLater: later }
}

async function forget(tx: Tx, subject: Subject): Promise<void> {
  const { companyId, contactId } = subject
  await forgetTraces(tx, subject)
  for (const id of subject.conversationIds) await forgetConversation(tx, companyId, id)
  await forgetMentions(tx, subject)
  await takeAllHandles(tx, companyId, [contactId])
  await dropContacts(tx, companyId, [contactId])
}

/** What a deleted conversation leaves in the logs, and an erased one must not: events, what partners and apps were told, ids that hold a number. */
async function forgetTraces(tx: Tx, { companyId, contactId, conversationIds, handles }: Subject): Promise<void> {
  const values = [companyId, conversationIds]
  // Any call may have read or named the person, and nobody could say which did: the log of calls begins anew.
  await tx.query({ text: "delete from api_call where company_id = $1", values: [companyId] })
  await tx.query({
    text: `update attempt set request_body = null, response_body = null, response_headers = null from delivery
           where delivery.company_id = $1 and attempt.company_id = $1 and attempt.delivery_id = delivery.id and (
             delivery.conversation_id = any($2::bigint[])
             or delivery.message_id in (select id from message where company_id = $1 and conversation_id = any($2::bigint[]))
             or delivery.message_id in (select id from message where company_id = $1 and deleted_at is null
                  and jsonb_path_query_array(recipients, '$[*]."handle"') ?| $3::text[])
             or delivery.event_position in (select position from event where company_id = $1 and conversation_id = any($2::bigint[])))`,
    values: [...values, handles],
  })
  await tx.query({
    text: "update delivery set error_reason = null, waiting_reason = null where company_id = $1 and conversation_id = any($2::bigint[])",
    values,
  })
  await tx.query({
    text: `update event set source = '{}', target = null where company_id = $1
             and (conversation_id = any($2::bigint[]) or target ->> 'id' = $3)`,
    values: [...values, formatId("crd", contactId)],
  })
  await tx.query({
    text: `update message set external_conversation_id = null, template = null, client_key = null, error_reason = null
           where company_id = $1 and conversation_id = any($2::bigint[])`,
    values,
  })
}

/** In other people's conversations only their name and handle go. Walks message_handles. */
async function forgetMentions(tx: Tx, { companyId, handles }: Subject): Promise<void> {
  await tx.query({
    text: `update message set version = version + 1, recipients = (
             select jsonb_agg(case when entry ->> 'handle' = any($2::text[]) then entry || '{"handle": "erased", "name": null}' else entry end order by place)
             from jsonb_array_elements(recipients) with ordinality as listed (entry, place))
           where company_id = $1 and deleted_at is null and jsonb_path_query_array(recipients, '$[*]."handle"') ?| $2::text[]`,
    values: [companyId, handles],
  })
  await tx.query({
    text: `update conversation set recipient = null, version = version + 1 where company_id = $1 and recipient ->> 'handle' = any($2::text[])`,
    values: [companyId, handles],
  })
  await tx.query({
    text: `update draft set to_handles = (select array_agg(handle) from unnest(to_handles) handle where handle <> all($2::text[])),
             cc_handles = coalesce((select array_agg(handle) from unnest(cc_handles) handle where handle <> all($2::text[])), '{}'),
             bcc_handles = coalesce((select array_agg(handle) from unnest(bcc_handles) handle where handle <> all($2::text[])), '{}')
           where company_id = $1 and (to_handles && $2::text[] or cc_handles && $2::text[] or bcc_handles && $2::text[])`,
    values: [companyId, handles],
  })
}

async function writeReceipt(
  tx: Tx,
  seal: Seal,
  member: Member,
  { id, subject, held, now }: { id: number; subject: Subject; held: Held; now: Date },
): Promise<{ receipt: string; signature: Buffer }> {
  const { companyId, contactId } = subject
  const erasedBy = member.kind === "session" ? member.teammateId : null
  const receipt = JSON.stringify({
    format: 1,
    company_id: formatId("cmp", companyId),
    contact_id: formatId("crd", contactId),
    erased_at: now.toISOString(),
    erased_by: erasedBy === null ? null : formatId("tea", erasedBy),
    removed: held,
    kept: "the ids of the messages, so that a repeat of one is not taken in again",
  })
  const signature = signReceipt(seal, receipt)
  await tx.query({
    text: "insert into erasure (company_id, id, contact_id, erased_by, erased_at, receipt, signature) values ($1, $2, $3, $4, $5, $6, $7)",
    values: [companyId, id, contactId, erasedBy, now, receipt, signature],
  })
  return { receipt, signature }
}
