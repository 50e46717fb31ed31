import * as endpoints from "@causeway/contract/endpoints/drafts"
import { findChannelToSendBy } from "../channels/access.ts"
import type { Channel } from "../channels/store.ts"
import type { Principal } from "../http/callers.ts"
import { HttpError, invalid, notFound } from "../http/errors.ts"
import { wholeList } from "../http/lists.ts"
import { type Answer, type Call, type Route, route } from "../http/route.ts"
import { getConversationFor, getMessageFor } from "../messages/access.ts"
import { viewerFor } from "../messages/resource.ts"
import type { Services } from "../services.ts"
import { memberOf, requireWriter } from "../teammates/roles.ts"
import { getDraftFor, maySee } from "./access.ts"
import { sendDraft } from "./send.ts"
import { type DraftRow, draftResource, draftView, findDrafts, listDrafts, listDraftsBy } from "./store.ts"
import { addDraft, changeDraft, keptOf, readNamed, removeDraft } from "./write.ts"

export const draftRoutes = (deps: Services): Route[] => [...vendorRoutes(deps), ...ownRoutes(deps)]

const vendorRoutes = (deps: Services): Route[] => [
  route(endpoints.listDrafts, async ({ params, principal, request, origin }) => {
    const drafts = await visibleDrafts(deps, principal, params.conversation_id)
    const results = drafts.map((draft) => draftResource(draft, viewerFor(principal, origin)))
    return { status: 200, body: wholeList(request, origin, results) }
  }),

  route(endpoints.createDraftReply, async (call) => {
    requireWriter(call.principal)
    const conversation = await getConversationFor(deps.db, call.principal, call.params.conversation_id)
    if (conversation.type !== "conversation")
      throw new HttpError(400, `A ${conversation.type} has no messages, and so no drafts: write a comment`)
    const member = memberOf(call.principal)
    const named = await readNamed(deps, member, call.body)
    const channel = await channelOf(deps, call.principal, call.body.channel_id, conversation.channel_id)
    const target = { channel, conversationId: conversation.id }
    return await answer(deps, call, await addDraft(deps, member, target, named, call.body, call.files))
  }),

  route(endpoints.createDraft, async (call) => {
    requireWriter(call.principal)
    const channel = await findChannelToSendBy(deps.db, call.principal, call.params.channel_id)
    if (channel === null) throw notFound("channel", call.params.channel_id)
    const member = memberOf(call.principal)
    const named = await readNamed(deps, member, call.body)
    const target = { channel, conversationId: null }
    return await answer(deps, call, await addDraft(deps, member, target, named, call.body, call.files))
  }),

  route(endpoints.updateDraft, async (call) => {
    requireWriter(call.principal)
    const draft = await getDraftFor(deps.db, call.principal, call.params.draft_id)
    const member = memberOf(call.principal)
    const named = await readNamed(deps, member, call.body, draft.author_id)
    keptOf(draft, call.body.attachment_ids)
    const channel = await channelOf(deps, call.principal, call.body.channel_id, draft.channel_id)
    await changeDraft(deps, member, draft, channel, named, call.body, call.files)
    return await answer(deps, call, draft.id)
  }),

  route(endpoints.deleteDraft, async ({ params, body, principal }) => {
    requireWriter(principal)
    const draft = await getDraftFor(deps.db, principal, params.draft_id)
    await removeDraft(deps, memberOf(principal), draft, body.version)
    return { status: 204 }
  }),
]

const ownRoutes = (deps: Services): Route[] => [
  route(endpoints.sendDraft, async ({ params, body, principal }) => {
    requireWriter(principal)
    const uid = await send(deps, principal, params.draft_id, body)
    deps.committed([memberOf(principal).companyId])
    return { status: 202, body: { status: "accepted", message_uid: uid } }
  }),

  route(endpoints.listOwnDrafts, async ({ principal }) => {
    if (principal.kind !== "session") throw new HttpError(403, "This operation is for sessions")
    const drafts = await listDraftsBy(deps.db, principal.companyId, principal.teammateId)
    return { status: 200, body: { drafts: drafts.map(draftView) } }
  }),

  route(endpoints.listDraftViews, async ({ params, principal }) => {
    const drafts = await visibleDrafts(deps, principal, params.conversation_id)
    return { status: 200, body: { drafts: drafts.map(draftView) } }
  }),
]

async function visibleDrafts(deps: Services, principal: Principal, reference: string): Promise<DraftRow[]> {
  const conversation = await getConversationFor(deps.db, principal, reference)
  const drafts = await listDrafts(deps.db, conversation.company_id, conversation.id)
  return drafts.filter((draft) => maySee(memberOf(principal), draft))
}

/** The channel that a draft is for; `usual`: the one that it or its conversation has. */
async function channelOf(
  { db }: Services,
  principal: Principal,
  reference: string,
  usual: number | null,
): Promise<Channel> {
  const channel = await findChannelToSendBy(db, principal, reference, usual)
  if (channel === null) throw invalid("body.channel_id", "names no channel")
  return channel
}

async function answer(
  deps: Services,
  { principal, origin }: Pick<Call<unknown>, "principal" | "origin">,
  id: number,
): Promise<Answer> {
  const [draft] = await findDrafts(deps.db, memberOf(principal).companyId, [id])
  if (draft === undefined) throw new HttpError(409, "The draft was sent or deleted meanwhile")
  return { status: 200, body: draftResource(draft, viewerFor(principal, origin)) }
}

/** A draft that was sent before is a message of ours: that one is the answer. */
async function send(
  deps: Services,
  principal: Principal,
  reference: string,
  body: { version?: string; options?: { archive?: boolean } },
): Promise<string> {
  try {
    const draft = await getDraftFor(deps.db, principal, reference)
    return await sendDraft(deps, memberOf(principal), draft, {
      ...(body.version !== undefined && { version: body.version }),
      archive: body.options?.archive,
    })
  } catch (error) {
    if (!(error instanceof HttpError) || error.status !== 404) throw error
    const message = await getMessageFor(deps.db, principal, reference)
    if (message.state === null) throw error
    return message.uid
  }
}
