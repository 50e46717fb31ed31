import { normaliseHandle } from "../contacts/handles.ts"
import type { Tx } from "../database/database.ts"
import { enqueue, type NewDelivery } from "../delivery/outbox.ts"
import { HttpError } from "../http/errors.ts"
import { appendEvents, type FeedEvent } from "../live/feed.ts"
import { findUnseen } from "./newcomers.ts"
import { type Draft, newUid, type ReplyDeps, type ReplyTarget, type Sent } from "./reply.ts"
import { insertMessages, type NewMessage, type ReplyState } from "./store.ts"

/** A reply, and its conversation as the transaction has locked it. */
export interface Targeted {
  draft: Draft
  target: ReplyTarget
}

/** What became of a reply: kept now or before, or refused for itself alone; nothing of a refused one is written. */
export type Outcome = Sent | HttpError

/** Of those with a key the ones that were kept before. Walks message_client_key. */
export async function findByClientKeys(tx: Tx, drafts: readonly Draft[]): Promise<Map<Draft, Sent>> {
  const keyed = drafts.filter((draft) => draft.clientKey !== null)
  if (keyed.length === 0) return new Map()
  const rows = await tx.query<{ id: number; uid: string; client_key: string }>({
    name: "messages.find_client_keys",
    text: `select known.id, known.uid, wanted.key as client_key from unnest($2::text[]) as wanted (key)
           cross join lateral (select id, uid from message where company_id = $1 and client_key = wanted.key limit 1) known`,
    values: [keyed[0]?.companyId, keyed.map((draft) => draft.clientKey)],
  })
  const known = new Map(rows.map(({ client_key, id, uid }) => [client_key, { uid, messageId: id, repeated: true }]))
  return new Map(keyed.flatMap((draft) => [[draft, known.get(draft.clientKey as string)] as const]).filter(isKnown))
}

const isKnown = (entry: readonly [Draft, Sent | undefined]): entry is readonly [Draft, Sent] => entry[1] !== undefined

/**
 * Which of a company's replies are not to be written: those that were kept before, and those whose senders have not seen what was added meanwhile (409). The
 * locks of their conversations are held, or asked for before.
 */
export async function settledBefore(
  tx: Tx,
  asked: readonly { draft: Draft; conversationId: number }[],
): Promise<Map<Draft, Outcome>> {
  const drafts = asked.map(({ draft }) => draft)
  const [repeated, ...refusals] = await Promise.all([
    findByClientKeys(tx, drafts),
    ...asked.map(({ draft, conversationId }) => refusalOf(tx, draft, conversationId)),
  ])
  const settled = new Map<Draft, Outcome>(
    refusals.flatMap((refusal, i) => (refusal ? [[drafts[i] as Draft, refusal]] : [])),
  )
  for (const [draft, sent] of repeated) settled.set(draft, sent)
  return settled
}

async function refusalOf(tx: Tx, draft: Draft, conversationId: number): Promise<HttpError | null> {
  const { companyId, seenPosition, authorId } = draft
  if (seenPosition == null || authorId === null) return null
  return await findUnseen(tx, { companyId, conversationId, position: seenPosition, teammateId: authorId })
}

/** What a reply comes to, before anything of it is written. */
interface Plan extends Targeted {
  message: NewMessage
  delivery: NewDelivery
  events: FeedEvent[]
  assigns: boolean
}

/**
 * Writes replies of one company, each of another conversation, one statement a table: messages held, queued or waiting, their deliveries, their conversations and
 * the feed. It ends the transaction where it writes anything. The outcomes have the order of the replies.
 */
export async function writeReplies(tx: Tx, deps: ReplyDeps, replies: readonly Targeted[]): Promise<Outcome[]> {
  const plans = replies.map((reply) => planOf(deps, reply))
  const outcomes = await Promise.all(plans.map((plan) => (plan instanceof HttpError ? plan : takeDraft(tx, plan))))
  const kept = plans.filter((plan, i): plan is Plan => !(plan instanceof HttpError || outcomes[i] instanceof HttpError))
  const companyId = kept[0]?.draft.companyId
  if (companyId === undefined) return outcomes
  const messages = kept.map(({ message }) => message)
  const events = kept.flatMap((plan) => plan.events)
  // As in a batch of messages: together, and the feed's last.
  await Promise.all([
    insertMessages(tx, deps.ids, messages),
    updateConversations(tx, companyId, kept),
    enqueue(
      tx,
      kept.map(({ delivery }) => delivery),
    ),
    appendEvents(tx, companyId, events, { ends: true }),
  ])
  return outcomes
}

function planOf(deps: ReplyDeps, { draft, target }: Targeted): Plan | HttpError {
  const { channel } = draft
  const to = addressees(draft, target)
  if (to === null) return nobodyToWriteTo()
  const offline = channel.status === "offline"
  const held = draft.undoMs > 0
  const dueAt = new Date(deps.now().getTime() + draft.undoMs)
  const state: ReplyState = held ? "held" : offline ? "waiting" : "queued"
  const message: NewMessage = {
    companyId: draft.companyId,
    id: draft.draft?.id ?? deps.ids.take(),
    conversationId: target.id,
    channelId: channel.id,
    number: target.last_number + 1,
    uid: draft.draft?.uid ?? newUid(),
    direction: "outbound",
    origin: draft.origin,
    authorId: draft.authorId,
    senderName: draft.senderName,
    subject: draft.subject ?? "",
    body: draft.body,
    recipients: [{ role: "from", handle: channel.address, name: null }, ...to],
    externalId: null,
    externalConversationId: null,
    replyTo: target.last_inbound_id === null ? null : { id: target.last_inbound_id },
    headers: {},
    createdAt: new Date(),
    files: draft.files,
    reply: { state, dueAt: held ? dueAt : null, clientKey: draft.clientKey },
    template: draft.template ?? null,
  }
  const delivery: NewDelivery = {
    companyId: draft.companyId,
    id: deps.ids.take(),
    channelId: channel.id,
    conversationId: target.id,
    messageId: message.id,
    sequence: "send",
    type: "message",
    ...(held ? { state: "held", number: null } : { state: "queued", number: target.last_send + 1 }),
    dueAt,
    channelOffline: offline,
  }
  const assigns =
    draft.authorId !== null && channel.autoAssign && target.assignee_id === null && draft.origin === "teammate"
  return { draft, target, message, delivery, assigns, events: eventsOf(deps, { draft, target }, message.id, assigns) }
}

/** The draft becomes the message: one sender gets it, in the version that they read. 409 for everybody else. Its files stay where they are. */
async function takeDraft(tx: Tx, { draft, message }: Plan): Promise<Outcome> {
  const sent = { uid: message.uid, messageId: message.id, repeated: false }
  if (draft.draft === undefined) return sent
  const taken = await tx.query({
    name: "reply.take_draft",
    text: "delete from draft where company_id = $1 and id = $2 and version = coalesce($3, version) and conversation_id = $4 returning id",
    values: [draft.companyId, draft.draft.id, draft.draft.version, draft.conversationId],
  })
  if (taken.length > 0) return sent
  return new HttpError(409, "The draft was changed, sent or deleted meanwhile: read it again")
}

interface Addressee {
  role: string
  handle: string
  name: string | null
}

/** Null: there is nobody. */
function addressees(draft: Draft, { recipient }: ReplyTarget): Addressee[] | null {
  const named = (role: string, handles: readonly string[] = []): Addressee[] =>
    handles.map((handle) => ({ role, handle: normaliseHandle(draft.channel.contactType, handle), name: null }))
  if (draft.to === null && recipient === null) return null
  const to = draft.to === null && recipient !== null ? [{ ...recipient, role: "to" }] : named("to", draft.to ?? [])
  return [...to, ...named("cc", draft.cc), ...named("bcc", draft.bcc)]
}

export const nobodyToWriteTo = (): HttpError =>
  new HttpError(400, "Body did not satisfy requirements: body.to is required, the conversation has nobody to reply to")

function updateConversations(tx: Tx, companyId: number, plans: readonly Plan[]): Promise<unknown> {
  return tx.query({
    name: "reply.touch",
    text: `update conversation set last_number = last_number + 1, last_send = last_send + new.places, last_message_id = new.message_id, preview = new.preview,
             preview_direction = 'outbound', assignee_id = case when new.assigns then new.author_id else assignee_id end,
             status = case when new.archives then 'archived' else status end, waiting_since = null,
             activity_at = greatest(activity_at, date_trunc('milliseconds', now())), updated_at = now(), version = version + 1
           from json_to_recordset($2::json) as new (id bigint, places int, message_id bigint, preview text, assigns boolean, author_id bigint, archives boolean)
           where conversation.company_id = $1 and conversation.id = new.id`,
    values: [companyId, JSON.stringify(plans.map(changeOf))],
  })
}

const changeOf = ({ draft, target, message, delivery, assigns }: Plan) => ({
  id: target.id,
  places: delivery.number === null ? 0 : 1,
  message_id: message.id,
  preview: draft.body.blurb,
  assigns,
  author_id: draft.authorId,
  archives: draft.archive,
})

function eventsOf(deps: ReplyDeps, { draft, target }: Targeted, messageId: number, assigns: boolean): FeedEvent[] {
  const source = draft.authorId === null ? { type: "api" } : { type: "teammate", teammate_id: draft.authorId }
  const conversationId = target.id
  const events: FeedEvent[] = [
    { id: deps.ids.take(), type: "reply_kept", isPublic: false, conversationId, messageId, source },
  ]
  if (assigns)
    events.push({
      id: deps.ids.take(),
      type: "assign",
      conversationId,
      source,
      target: { type: "teammate", teammate_id: draft.authorId },
    })
  if (draft.archive && target.status !== "archived")
    events.push({ id: deps.ids.take(), type: "archive", conversationId, source })
  if (draft.draft?.isShared) {
    const target = { type: "draft", draft_id: draft.draft.id }
    events.push({ id: deps.ids.take(), type: "draft_deleted", isPublic: false, conversationId, source, target })
  }
  return events
}
