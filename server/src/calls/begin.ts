import type { NewCall } from "@causeway/contract/endpoints/calls"
import type { VendorEventType } from "@causeway/contract/event-types"
import type { Channel } from "../channels/store.ts"
import { normaliseHandle } from "../contacts/handles.ts"
import { linkContacts, personKey } from "../contacts/link.ts"
import { addThreadKey, findThreads, openThreads, threadKeyOf } from "../conversations/thread.ts"
import { touchConversations } from "../conversations/touch.ts"
import type { Tx } from "../database/database.ts"
import { invalid } from "../http/errors.ts"
import type { Ids } from "../ids.ts"
import { appendEvents } from "../live/feed.ts"
import { newUid } from "../messages/reply.ts"
import { insertMessages } from "../messages/store.ts"
import type { Services } from "../services.ts"
import { findAgent, sourceOf } from "./agent.ts"
import { stepEvents } from "./lifecycle.ts"
import { insertCall, insertStep, type NewCallRow } from "./store.ts"
import { tell } from "./words.ts"

type Deps = Pick<Services, "db" | "ids" | "log">

/** More than one call takes: itself, contact and handles, conversation and keys, two events. */
const idsPerCall = 20

/**
 * Keeps a call that begins, with its place in a conversation. A repeated external id changes nothing, whatever else it says.
 * Order of locks: the call → contacts → threads → conversation → message → feed.
 */
export async function beginCall(deps: Deps, channel: Channel, body: NewCall): Promise<void> {
  // Two legs that arrive at once and name each other as parent lock the two keys in opposite order: the one that loses begins again.
  await keep(deps, channel, readCall(channel, body))
}

type Beginning = Omit<NewCallRow, "id">

function readCall(channel: Channel, body: NewCall): Beginning {
  const field = body.direction === "inbound" ? "from" : "to"
  const party = body[field]
  if (!party)
    throw invalid(
      `body.${field}`,
      `is required: the person outside ${body.direction === "inbound" ? "who calls" : "who is called"}`,
    )
  const externalId = body.external_call_id
  // Some name themselves, or nobody, where the document asks for the parent of a first leg.
  const parent = body.parent_external_call_id || body.external_parent_call_id || externalId
  return {
    companyId: channel.companyId,
    channelId: channel.id,
    externalId,
    parentExternalId: parent === externalId ? null : parent,
    direction: body.direction,
    status: body.initial_status,
    handle: normaliseHandle(channel.contactType, party.handle),
    name: party.name?.trim() || null,
    agentEmail: body.agent_email_address?.trim() || null,
    startedAt: typeof body.started_at === "number" ? new Date(Math.round(body.started_at)) : new Date(),
  }
}

async function keep(deps: Deps, channel: Channel, beginning: Beginning): Promise<void> {
  await deps.ids.reserve(idsPerCall)
  await deps.db.tx(async (tx) => {
    const call = { ...beginning, id: deps.ids.take() }
    if (!(await insertCall(tx, call))) {
      deps.log.info({ channel_id: channel.id, external_id: call.externalId }, "calls.repeated")
      return
    }
    const person = { companyId: call.companyId, source: channel.contactType, handle: call.handle, name: call.name }
    const contacts = await linkContacts(tx, deps.ids, [{ ...person, email: null }])
    const contactId = contacts.get(personKey(person)) as number
    const conversationId = await openConversation(tx, deps.ids, channel, call, contactId)
    await enter(tx, deps.ids, channel, call, { contactId, conversationId })
  })
}

/** Where a leg belongs: with its parent, or with a later leg that arrived before it; otherwise in a conversation of its own. */
async function openConversation(
  tx: Tx,
  ids: Ids,
  channel: Channel,
  call: NewCallRow,
  contactId: number,
): Promise<number> {
  const keyOf = (key: string) => ({ companyId: call.companyId, channelId: call.channelId, kind: "call" as const, key })
  const own = keyOf(call.externalId)
  const parent = keyOf(call.parentExternalId ?? call.externalId)
  const known = await findThreads(tx, [parent, own])
  const [leading, other] =
    !known.has(threadKeyOf(parent)) && known.has(threadKeyOf(own)) ? [own, parent] : [parent, own]
  const threads = await openThreads(tx, ids, [
    {
      ...leading,
      inboxId: channel.inboxId,
      contactId,
      subject: "",
      recipient: recipientOf(call),
      activityAt: activityOf(call),
    },
  ])
  const conversationId = threads.ids.get(threadKeyOf(leading)) as number
  // A key that leads elsewhere stays: what is there already does not move.
  if (call.parentExternalId !== null) await addThreadKey(tx, other, conversationId, ids.take())
  return conversationId
}

const recipientOf = (call: NewCallRow) => ({
  handle: call.handle,
  name: call.name,
  role: call.direction === "inbound" ? "from" : "to",
})

/** Nothing stands in the future. */
const activityOf = (call: NewCallRow): Date => new Date(Math.min(call.startedAt.getTime(), Date.now()))

/** The call's place in its conversation: its message, its first step, and what browsers and integrations are told. */
async function enter(
  tx: Tx,
  ids: Ids,
  channel: Channel,
  call: NewCallRow,
  { contactId, conversationId: threadedTo }: { contactId: number; conversationId: number },
): Promise<void> {
  const { companyId, direction } = call
  const body = tell({ ...call, connectedAt: null, endedAt: null, summary: null, recordings: [] })
  const [touched] = await touchConversations(tx, [
    {
      companyId,
      conversationId: threadedTo,
      messageId: call.id,
      contactId,
      direction,
      preview: body.blurb,
      recipient: direction === "inbound" ? recipientOf(call) : null,
      activityAt: activityOf(call),
      hasNotice: false,
    },
  ])
  const conversationId = touched?.conversationId as number
  const agent = call.agentEmail === null ? null : await findAgent(tx, companyId, call.agentEmail)
  const outside = { handle: call.handle, name: call.name }
  const line = { handle: channel.address, name: null }
  const [from, to] = direction === "inbound" ? [outside, line] : [line, outside]
  await insertMessages(tx, ids, [
    {
      companyId,
      id: call.id,
      conversationId,
      channelId: channel.id,
      number: touched?.number as number,
      uid: newUid(),
      type: "call",
      direction,
      origin: "partner",
      authorId: direction === "outbound" ? (agent?.id ?? null) : null,
      senderName: from.name,
      subject: "",
      body,
      recipients: [
        { role: "from", ...from },
        { role: "to", ...to },
      ],
      externalId: call.externalId,
      externalConversationId: null,
      replyTo: null,
      headers: {},
      createdAt: call.startedAt,
      files: [],
      reply: null,
    },
  ])
  await insertStep(tx, call, {
    number: 1,
    status: call.status,
    occurredAt: call.startedAt,
    agentEmail: call.agentEmail,
  })
  const shared = { conversationId, messageId: call.id, source: sourceOf(agent), target: { type: "message" } }
  const types: VendorEventType[] = ["call_started", ...(call.status === "queued" ? [stepEvents.queued] : [])]
  await appendEvents(tx, companyId, [
    ...types.map((type) => ({ ...shared, id: ids.take(), type })),
    ...(touched?.reopened
      ? [{ id: ids.take(), type: "reopen" as const, conversationId, source: { type: "api", cause: "call" } }]
      : []),
  ])
}
