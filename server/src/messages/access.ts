import { formatId, parseId } from "@causeway/contract/ids"
import { reachableOf, threadsInto } from "../conversations/reach.ts"
import { type ConversationRow, findConversation } from "../conversations/read.ts"
import type { Database } from "../database/database.ts"
import type { Member, Principal } from "../http/callers.ts"
import { MovedError, notFound } from "../http/errors.ts"
import { opensFor } from "../inboxes/store.ts"
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
  if (row === null || !exists(row, member) || !(await mayReach(db, member, row))) throw notFound("message", reference)
  return row
}

const mayReach = async (db: Database, member: Member, row: MessageRow): Promise<boolean> =>
  member.kind === "channel"
    ? member.channelId === row.channel_id
    : (await reachableOf(db, member.companyId, opensFor(member), [row.conversation_id])).size === 1

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

/**
 * A conversation by `cnv_…` or `alt:ref:…`, if the caller may see it: a channel's token those that its channel has to do with, a teammate's session those of
 * the inboxes that are open to them. Foreign and missing are answered alike; one that was merged away throws 301, to where it lives on.
 */
export async function getConversationFor(
  db: Database,
  principal: Principal,
  reference: string,
): Promise<ConversationRow> {
  const row = await findConversationFor(db, principal, reference)
  if (row === null) throw notFound("conversation", reference)
  return row
}

/** The same for a conversation that a body names: null when there is none, and the one it was merged into where it was. */
export async function findConversationNamed(
  db: Database,
  principal: Principal,
  reference: string,
): Promise<ConversationRow | null> {
  try {
    return await findConversationFor(db, principal, reference)
  } catch (error) {
    if (error instanceof MovedError) return await findConversationFor(db, principal, error.to)
    throw error
  }
}

async function findConversationFor(
  db: Database,
  principal: Principal,
  reference: string,
): Promise<ConversationRow | null> {
  const member = memberOf(principal)
  const id = conversationIdOf(reference)
  const row = id === null ? null : await findConversation(db, member.companyId, id)
  if (row === null) return null
  const livingId = row.merged_into ?? row.id
  if (!(await mayReachConversation(db, member, { id: livingId, channelId: row.channel_id }))) return null
  if (row.merged_into !== null) throw new MovedError("conversation", reference, formatId("cnv", row.merged_into))
  return row
}

async function mayReachConversation(
  db: Database,
  member: Member,
  conversation: { id: number; channelId: number | null },
): Promise<boolean> {
  const { companyId } = member
  if (member.kind === "channel")
    return (
      member.channelId === conversation.channelId ||
      (await threadsInto(db, companyId, member.channelId, conversation.id))
    )
  return (await reachableOf(db, companyId, opensFor(member), [conversation.id])).has(conversation.id)
}
