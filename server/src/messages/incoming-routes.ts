import { importInboxMessage, receiveIncomingMessage } from "@causeway/contract/endpoints/messages"
import { formatId } from "@causeway/contract/ids"
import { refuseClosed } from "../channels/access.ts"
import { ensureImportChannel } from "../channels/import-channel.ts"
import type { Channels } from "../channels/store.ts"
import { findContactId } from "../contacts/store.ts"
import { changeLocked } from "../conversations/change.ts"
import { addParts } from "../conversations/parts.ts"
import type { ConversationRow } from "../conversations/read.ts"
import { changeConversation } from "../conversations/update.ts"
import type { Principal } from "../http/callers.ts"
import { invalid } from "../http/errors.ts"
import { type Call, type Route, route } from "../http/route.ts"
import { getInboxFor, listInboxes } from "../inboxes/store.ts"
import type { Services } from "../services.ts"
import { tagsByName } from "../tags/by-name.ts"
import { memberOf, requireBuilder } from "../teammates/roles.ts"
import { resolveTeammate } from "../teammates/store.ts"
import { viewerOf } from "../teams/owner.ts"
import type { Acceptor } from "./accept.ts"
import { conversationReference, findConversationNamed, getConversationFor } from "./access.ts"
import type { Kept } from "./batch.ts"
import { readImported, readIncoming } from "./incoming.ts"
import { type AuthorRow, findMessage } from "./read.ts"

type Deps = Services & { acceptor: Acceptor; channels: Channels }

/**
 * What comes in with an API token rather than a channel's: custom channels, and history. Whoever may write here says who wrote what, so a session has
 * to be a developer's: a teammate would otherwise answer in another's name.
 */
export const incomingRoutes = (deps: Deps): Route[] => [
  route(receiveIncomingMessage, async ({ params, body, files, principal }) => {
    requireBuilder(principal)
    const { companyId } = memberOf(principal)
    const channel = await deps.channels.get(companyId, params.channel_id)
    await refuseClosed(deps.db, principal, channel, params.channel_id)
    const contactId = await contactNamed(deps, principal, body.sender.contact_id)
    const kept = await deps.acceptor.accept(readIncoming(channel, body, files, contactId))
    const conversationId = await conversationOf(deps, companyId, kept)
    return {
      status: 202,
      body: {
        status: "accepted",
        message_uid: kept.uid,
        conversation_reference: conversationReference(conversationId),
      },
    }
  }),
  route(importInboxMessage, async (call) => {
    requireBuilder(call.principal)
    const { companyId } = memberOf(call.principal)
    const inbox = await getInboxFor(deps.db, call.principal, call.params.inbox_id)
    const author = await teammateNamed(deps, companyId, call.body.sender.author_id, "body.sender.author_id")
    const conversation = await conversationNamed(deps, call)
    await refuseAssignee(deps, call, conversation?.inbox_id ?? inbox.id)
    const tagIds = await tagsByName(deps, companyId, call.body.tags ?? [])
    const channel = await ensureImportChannel(deps, companyId, inbox.id)
    const kept = await deps.acceptor.accept({
      ...readImported(channel, call.body, call.files, author?.id ?? null),
      ...(conversation !== null && { conversationId: conversation.id }),
    })
    if (!kept.repeated) await settle(deps, call, await conversationOf(deps, companyId, kept), tagIds)
    return { status: 202, body: { status: "accepted", message_uid: kept.uid } }
  }),
]

type ImportCall = Call<typeof importInboxMessage>

async function conversationOf(deps: Deps, companyId: number, kept: Kept): Promise<number> {
  const message = await findMessage(deps.db, companyId, kept.messageId)
  if (message === null) throw new Error(`message ${kept.messageId} was kept and is gone`)
  return message.conversation_id
}

async function conversationNamed(deps: Deps, { body, principal }: ImportCall): Promise<ConversationRow | null> {
  if (!body.conversation_id) return null
  const found = await findConversationNamed(deps.db, principal, body.conversation_id)
  if (found === null) throw invalid("body.conversation_id", "names no conversation")
  if (found.type !== "conversation")
    throw invalid("body.conversation_id", `names a ${found.type}, which takes no messages`)
  return found
}

async function contactNamed(
  deps: Deps,
  principal: Principal,
  reference: string | null | undefined,
): Promise<number | null> {
  if (!reference) return null
  const id = await findContactId(deps.db, memberOf(principal).companyId, viewerOf(principal), reference)
  if (id === null) throw invalid("body.sender.contact_id", "names no contact")
  return id
}

async function teammateNamed(
  deps: Deps,
  companyId: number,
  reference: string | null | undefined,
  field: string,
): Promise<AuthorRow | null> {
  if (!reference) return null
  const teammate = await resolveTeammate(deps.db, companyId, reference)
  if (teammate === null) throw invalid(field, "names no teammate")
  return teammate
}

/** Said before anything is kept: what is wrong with the assignee is wrong with the whole request. */
async function refuseAssignee(deps: Deps, { body, principal }: ImportCall, inboxId: number): Promise<void> {
  const { companyId } = memberOf(principal)
  const assignee = await teammateNamed(deps, companyId, body.assignee_id, "body.assignee_id")
  if (assignee === null) return
  const opens =
    assignee.role === "admin" || (await listInboxes(deps.db, companyId, assignee.id)).some(({ id }) => id === inboxId)
  if (assignee.is_blocked || !opens)
    throw invalid("body.assignee_id", "names a teammate who is blocked or may not open the inbox")
}

/** What is the conversation's rather than the message's. */
async function settle(
  deps: Deps,
  { body, principal }: ImportCall,
  conversationId: number,
  tagIds: readonly number[],
): Promise<void> {
  const member = memberOf(principal)
  const id = formatId("cnv", conversationId)
  if (body.assignee_id)
    await changeConversation(deps, principal, await getConversationFor(deps.db, principal, id), {
      assignee_id: body.assignee_id,
    })
  if (tagIds.length > 0)
    await changeLocked(deps, member, conversationId, (change) => addParts(change, member.companyId, "tag", tagIds))
}
