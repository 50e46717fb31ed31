import { formatId, parseId } from "@causeway/contract/ids"
import { type ConversationRow, findConversation } from "../conversations/read.ts"
import type { Database } from "../database/database.ts"
import type { Member, Principal } from "../http/callers.ts"
import { notFound } from "../http/errors.ts"
import { memberOf } from "../teammates/roles.ts"
import { findMessage, findMessageByUid, type MessageRow } from "./read.ts"

/** A message by `msg_…` or `alt:uid:…`, if the caller may see it. Foreign, undone and missing are answered alike. */
export async function getMessageFor(db: Database, principal: Principal, reference: string): Promise<MessageRow> {
  const member = memberOf(principal)
  const uid = /^alt:uid:(.+)$/.exec(reference)?.[1]
  const id = parseId("msg", reference)
  const row =
    uid !== undefined
      ? await findMessageByUid(db, member.companyId, uid)
      : id === null
        ? null
        : await findMessage(db, member.companyId, id)
  if (row === null || !exists(row, member) || !mayReach(member, row.channel_id)) throw notFound("message", reference)
  return row
}

/** What was undone is gone; what a rule answers exists outside our own screens once it was sent (Channel API, auto-replies). */
const exists = (row: MessageRow, member: Member): boolean =>
  row.state !== "undone" && (row.origin !== "auto_reply" || row.state === "sent" || member.kind === "session")

const referencePrefix = "imported@causeway_t:"

/** What incoming_messages answers for a conversation, and `alt:ref:…` takes: opaque to the caller. */
export const conversationReference = (id: number): string => `${referencePrefix}${formatId("cnv", id).slice(4)}`

/** The number in `cnv_…` or `alt:ref:…`; null when it is neither. */
function conversationIdOf(reference: string): number | null {
  const prefix = `alt:ref:${referencePrefix}`
  return parseId("cnv", reference.startsWith(prefix) ? `cnv_${reference.slice(prefix.length)}` : reference)
}

/** A conversation by `cnv_…` or `alt:ref:…`, if the caller may see it: a channel's token only those of its own channel. */
export async function getConversationFor(
  db: Database,
  principal: Principal,
  reference: string,
): Promise<ConversationRow> {
  const member = memberOf(principal)
  const id = conversationIdOf(reference)
  const row = id === null ? null : await findConversation(db, member.companyId, id)
  if (row === null || !mayReach(member, row.channel_id)) throw notFound("conversation", reference)
  return row
}

const mayReach = (member: Member, channelId: number | null): boolean =>
  member.kind !== "channel" || member.channelId === channelId
