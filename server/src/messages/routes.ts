import {
  cancelMessage,
  getMessage,
  type NewMessage,
  type Reply,
  replyToConversation,
  retryMessage,
  sendMessageNow,
  sendNewMessage,
  syncInboundMessage,
  syncOutboundMessage,
  undoMessage,
} from "@causeway/contract/endpoints/messages"
import { formatId } from "@causeway/contract/ids"
import { findChannelToSendBy, getChannelFor } from "../channels/access.ts"
import { type Channel, findChannel } from "../channels/store.ts"
import type { DeliveryHooks } from "../delivery/engine.ts"
import { settleImported } from "../delivery/settle.ts"
import type { Principal } from "../http/callers.ts"
import { HttpError, invalid, notFound } from "../http/errors.ts"
import type { UploadedFile } from "../http/multipart.ts"
import { type Answer, type Call, type Route, route } from "../http/route.ts"
import type { Services } from "../services.ts"
import { chooseSignature, namedSignature, signed } from "../signatures/attach.ts"
import { memberOf, requireWriter } from "../teammates/roles.ts"
import { resolveTeammate } from "../teammates/store.ts"
import type { Acceptor } from "./accept.ts"
import { getConversationFor, getMessageFor } from "./access.ts"
import type { Kept } from "./batch.ts"
import { answerMessage } from "./get.ts"
import { readBody } from "./html.ts"
import { partsOf } from "./parts.ts"
import { findMessage, type MessageRow } from "./read.ts"
import type { Draft } from "./reply.ts"
import { cancelReply, retryReply, sendReplyNow, undoReply } from "./steer.ts"
import { sessionKey } from "./store.ts"
import { readInbound, readOutbound } from "./sync.ts"

type Deps = Services & { acceptor: Acceptor; hooks: Pick<DeliveryHooks, "onState"> }

const replyDeps = ({ db, ids, clock }: Deps) => ({ db, ids, now: clock.now })

export const messageRoutes = (deps: Deps): Route[] => [
  route(syncInboundMessage, async ({ params, body, files, principal }) => {
    const channel = await getChannelFor(deps.db, principal, params.channel_id)
    return accepted(await deps.acceptor.accept(readInbound(channel, body, files)))
  }),
  route(syncOutboundMessage, async ({ params, body, files, principal }) => {
    const channel = await getChannelFor(deps.db, principal, params.channel_id)
    const author = body.author_id ? await resolveTeammate(deps.db, channel.companyId, body.author_id) : null
    if (body.author_id && author === null) throw invalid("body.author_id", "names no teammate")
    const kept = await deps.acceptor.accept(readOutbound(channel, body, files, author?.id ?? null))
    // What came in under our own id is what we sent: if we did not know whether it arrived, we do now.
    if (kept.repeated && body.metadata.external_id === formatId("msg", kept.messageId))
      await arrived(deps, channel, kept)
    return accepted(kept)
  }),
  route(getMessage, (call) => answerMessage(deps, call)),
  route(replyToConversation, async (call) => {
    const conversation = await getConversationFor(deps.db, call.principal, call.params.conversation_id)
    if (conversation.channel_id === null) throw new HttpError(400, "A discussion and a task take comments, no messages")
    const channel = await replyChannel(deps, call, conversation.channel_id)
    const target = { channel, conversationId: conversation.id, to: call.body.to ?? null }
    return await sent(deps, call, target, await partsOf(deps, call.principal, call.body, target))
  }),
  route(sendNewMessage, async (call) => {
    const channel = await findChannelToSendBy(deps.db, call.principal, call.params.channel_id)
    if (channel === null) throw notFound("channel", call.params.channel_id)
    if (channel.composeMode === "unsupported")
      throw new HttpError(400, `Channel ${channel.name} begins no conversations (its settings allow no new messages)`)
    return await sent(deps, call, { channel, conversationId: null, to: call.body.to })
  }),
  route(retryMessage, async ({ params, principal }) => {
    requireWriter(principal)
    const message = await getMessageFor(deps.db, principal, params.message_id)
    const deliveryId = await retryReply(replyDeps(deps), message)
    deps.committed([message.company_id])
    return { status: 202, body: { delivery_id: formatId("dlv", deliveryId) } }
  }),
  route(undoMessage, async ({ params, principal }) => {
    requireWriter(principal)
    const message = await getMessageFor(deps.db, principal, params.message_id)
    const draftId = await undoReply(replyDeps(deps), message, writerOf(principal))
    deps.committed([message.company_id])
    return { status: 200, body: takenBack(message, draftId) }
  }),
  route(cancelMessage, async ({ params, principal }) => {
    requireWriter(principal)
    const message = await getMessageFor(deps.db, principal, params.message_id)
    const { state, draftId } = await cancelReply(replyDeps(deps), message, writerOf(principal))
    deps.committed([message.company_id])
    return { status: 200, body: { state, ...takenBack(message, draftId) } }
  }),
  route(sendMessageNow, async ({ params, principal }) => {
    requireWriter(principal)
    const message = await getMessageFor(deps.db, principal, params.message_id)
    await sendReplyNow(replyDeps(deps), message)
    deps.committed([message.company_id])
    return { status: 202 }
  }),
]

/** Whoever goes on writing what is taken back; null: a program does not. */
const writerOf = (principal: Principal): number | null => (principal.kind === "session" ? principal.teammateId : null)

const takenBack = ({ body, text }: MessageRow, draftId: number | null) => ({
  body,
  text,
  ...(draftId !== null && { draft_id: formatId("msg", draftId) }),
})

const accepted = (kept: { uid: string }): Answer => ({
  status: 202,
  body: { status: "accepted", message_uid: kept.uid },
})

async function arrived(deps: Deps, { companyId }: Channel, { messageId }: Kept): Promise<void> {
  const message = await findMessage(deps.db, companyId, messageId)
  if (message?.state !== "unknown") return
  await deps.ids.reserve(10)
  await settleImported(deps.db, deps.hooks, { companyId, messageId, conversationId: message.conversation_id })
  deps.committed([companyId])
}

/** A reply leaves through the conversation's channel unless another is named. */
async function replyChannel(deps: Deps, call: Call<typeof replyToConversation>, defaultId: number): Promise<Channel> {
  const { companyId } = memberOf(call.principal)
  const named = call.body.channel_id
  const channel = named
    ? await findChannelToSendBy(deps.db, call.principal, named, defaultId)
    : await findChannel(deps.db, companyId, defaultId)
  if (channel === null && named) throw invalid("body.channel_id", "names no channel")
  if (channel === null)
    throw new HttpError(400, "The channel of this conversation was deleted: name another as body.channel_id")
  if (channel.replyMode === "unsupported")
    throw new HttpError(400, `Channel ${channel.name} cannot reply (its reply mode)`)
  return channel
}

type SendCall = Call<typeof replyToConversation> | Call<typeof sendNewMessage>

async function sent(
  deps: Deps,
  call: SendCall,
  target: { channel: Channel; conversationId: number | null; to: string[] | null },
  parts: Partial<Draft> = {},
): Promise<Answer> {
  const written = await draftOf(deps, call.principal, call.body, call.files, clientKeyOf(call), target)
  const draft = { ...written, ...parts }
  const kept = await deps.replier.send(draft)
  deps.committed([draft.companyId])
  return accepted(kept)
}

async function draftOf(
  deps: Deps,
  principal: Principal,
  body: Reply | NewMessage,
  files: UploadedFile[],
  clientKey: string | null,
  target: { channel: Channel; conversationId: number | null; to: string[] | null },
): Promise<Draft> {
  const { companyId } = memberOf(principal)
  const session = principal.kind === "session" ? principal : null
  requireWriter(principal)
  const author = session
    ? { id: session.teammateId }
    : body.author_id
      ? await resolveTeammate(deps.db, companyId, body.author_id)
      : null
  if (!session && body.author_id && author === null) throw invalid("body.author_id", "names no teammate")
  const written = readBody(body.body, { format: "html", ...(body.text !== undefined && { text: body.text }) })
  const named = await namedSignature(deps.db, memberOf(principal), body)
  const signature = await chooseSignature(deps.db, target.channel, author?.id ?? null, body, named)
  return {
    ...target,
    cc: body.cc ?? [],
    bcc: body.bcc ?? [],
    companyId,
    authorId: author?.id ?? null,
    origin: session ? "teammate" : "api",
    senderName: body.sender_name ?? null,
    subject: body.subject ?? null,
    body: signed(written, signature),
    // An API reply archives by default, a person's does not (Core API, `options.archive`).
    archive: body.options?.archive ?? session === null,
    undoMs: session ? Math.max(target.channel.undoSendSeconds, body.options?.undo_seconds ?? 0) * 1000 : 0,
    clientKey,
    files,
  }
}

function clientKeyOf(call: SendCall): string | null {
  const key = call.request.headers["idempotency-key"]
  if (typeof key !== "string" || key === "") return null
  if (key.length > 200) throw new HttpError(400, "Idempotency-Key is longer than 200 characters")
  // One caller's key says nothing about another's.
  const caller = memberOf(call.principal)
  if (caller.kind === "session") return sessionKey(caller.teammateId, key)
  return `${caller.kind === "channel" ? `cha_${caller.channelId}` : `tok_${caller.tokenId}`}:${key}`
}
