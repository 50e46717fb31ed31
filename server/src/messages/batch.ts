import type { Channel } from "../channels/store.ts"
import {
  findHandles,
  holdContacts,
  type KnownHandles,
  linkHeldContacts,
  type Person,
  personKey,
} from "../contacts/link.ts"
import {
  type ConversationSeed,
  findThreads,
  type KnownThreads,
  openThreads,
  type ThreadKey,
  threadKeyOf,
} from "../conversations/thread.ts"
import { lockTouched, type Touch } from "../conversations/touch.ts"
import type { Tx } from "../database/database.ts"
import { enqueue } from "../delivery/outbox.ts"
import type { UploadedFile } from "../http/multipart.ts"
import type { Ids } from "../ids.ts"
import { appendEvents, type FeedEvent } from "../live/feed.ts"
import type { Log } from "../log.ts"
import { type Claim, claimExternalIds } from "./external.ts"
import type { Body } from "./html.ts"
import { insertMessages, type NewMessage } from "./store.ts"

/** A message that came over a channel, checked and normalised; nothing of it is written yet. */
export interface Incoming {
  channel: Channel
  direction: "inbound" | "outbound"
  uid: string
  externalId: string | null
  threadKey: { kind: "ref" | "sender"; key: string }
  /** Inbound: the sender. Outbound: those it went to. */
  people: { handle: string; name: string | null; email: string | null; contactId?: number }[]
  authorId: number | null
  senderName: string | null
  subject: string
  body: Body
  headers: object
  /** delivered_at where the partner gave one. */
  createdAt: Date
  repliesToExternalId: string | null
  files: UploadedFile[]
  /** The vendor's Message.type; custom unless said otherwise. */
  type?: string
  /** Everybody it names, where those are not just `people` and the channel's own address. */
  recipients?: NewMessage["recipients"]
  /** It was brought in from the past: nobody waits for an answer, nothing reopens, and a new conversation begins archived or open as said. */
  history?: { isArchived: boolean; skipsRules: boolean }
  /** Where it belongs, whatever its thread key says. */
  conversationId?: number
}

/** The first answer to an external id, which every repeat gets again. */
export interface Kept {
  uid: string
  messageId: number
  repeated: boolean
}

/** Upper bound of the numbers one message takes: itself, contacts and addresses, conversation and key, delivery, events, files. */
export const idsPerMessage = 220

interface BatchDeps {
  ids: Ids
  log: Log
  now(): Date
}

interface Planned {
  incoming: Incoming
  messageId: number
  conversationId: number
  contactId: number
}

/**
 * Keeps a batch of messages in the caller's transaction: one set-based statement per table, tables in one order everywhere, rows sorted by key.
 * Order: the hold on contacts → external ids → contacts → threads → conversations (locked) → messages → deliveries and lanes → feed.
 */
export async function writeBatch(tx: Tx, deps: BatchDeps, batch: readonly Incoming[]): Promise<Kept[]> {
  const [, claims, handles, threads] = await Promise.all([
    holdContacts(tx, [...new Set(batch.map(({ channel }) => channel.companyId))]),
    claimExternalIds(tx, deps, batch),
    findHandles(tx, batch.flatMap(peopleOf)),
    findThreads(tx, batch.filter(isThreaded).map(threadOf)),
  ])
  const fresh = claims.filter((claim) => !claim.repeated)
  if (fresh.length > 0) await writeFresh(tx, deps, fresh, { handles, threads })
  return claims.map(({ uid, messageId, repeated }) => ({ uid, messageId, repeated }))
}

/** What was there before the batch. */
interface Found {
  handles: KnownHandles
  threads: KnownThreads
}

async function writeFresh(tx: Tx, deps: BatchDeps, fresh: readonly Claim[], found: Found): Promise<void> {
  const contacts = await linkHeldContacts(
    tx,
    deps.ids,
    fresh.flatMap(({ incoming }) => peopleOf(incoming)),
    found.handles,
  )
  const contactOf = (incoming: Incoming) => contacts.get(personKey(peopleOf(incoming)[0] as Person)) as number
  const threads = await openThreads(
    tx,
    deps.ids,
    fresh.filter(({ incoming }) => isThreaded(incoming)).map(({ incoming }) => seedOf(incoming, contactOf(incoming))),
    found.threads,
  )
  const wanted: Planned[] = fresh.map(({ incoming, messageId }) => ({
    incoming,
    messageId,
    contactId: contactOf(incoming),
    conversationId: incoming.conversationId ?? (threads.ids.get(threadKeyOf(threadOf(incoming))) as number),
  }))
  const { touched, write } = await lockTouched(tx, wanted.map(touchOf))
  const planned = wanted.map((plan, i) => ({ ...plan, conversationId: touched[i]?.conversationId as number }))
  // None of these waits for what another answers, so they leave together; the feed's is the last, and COMMIT goes with it. None is an async function: what
  // is wrong with a row is thrown before the feed's turn comes.
  await Promise.all([
    write(),
    insertMessages(
      tx,
      deps.ids,
      planned.map((plan, i) => messageOf(plan, touched[i]?.number as number)),
    ),
    enqueueNotices(tx, deps, planned, touched),
    announce(tx, deps, planned, touched),
  ])
}

const isThreaded = ({ conversationId }: Incoming): boolean => conversationId === undefined

const threadOf = (incoming: Incoming): ThreadKey => ({ ...keyOf(incoming), ...incoming.threadKey })

const keyOf = (incoming: Incoming) => ({ companyId: incoming.channel.companyId, channelId: incoming.channel.id })

const peopleOf = (incoming: Incoming): Person[] =>
  incoming.people.map((person) => ({
    ...person,
    companyId: incoming.channel.companyId,
    source: incoming.channel.contactType,
  }))

function seedOf(incoming: Incoming, contactId: number): ConversationSeed {
  return {
    ...keyOf(incoming),
    ...incoming.threadKey,
    inboxId: incoming.channel.inboxId,
    contactId,
    subject: incoming.subject,
    recipient: recipientOf(incoming),
    activityAt: activityOf(incoming),
  }
}

function recipientOf(incoming: Incoming): { handle: string; name: string | null; role: string } {
  const first = incoming.people[0] as Incoming["people"][number]
  return { handle: first.handle, name: first.name, role: incoming.direction === "inbound" ? "from" : "to" }
}

/** History that is brought in late stands where it happened; nothing stands in the future. */
const activityOf = (incoming: Incoming): Date => new Date(Math.min(incoming.createdAt.getTime(), Date.now()))

const touchOf = ({ incoming, messageId, conversationId, contactId }: Planned): Touch => ({
  companyId: incoming.channel.companyId,
  conversationId,
  messageId,
  contactId,
  direction: incoming.direction,
  preview: incoming.body.blurb,
  recipient: incoming.direction === "inbound" ? recipientOf(incoming) : null,
  activityAt: activityOf(incoming),
  hasNotice: incoming.channel.appUid !== null,
  history: incoming.history ?? null,
})

function messageOf({ incoming, messageId, conversationId }: Planned, number: number): NewMessage {
  const { channel, people } = incoming
  const own = { handle: channel.address, name: null }
  const others = people.map(({ handle, name }) => ({ handle, name }))
  const recipients =
    incoming.direction === "inbound"
      ? [...others.map((other) => ({ role: "from", ...other })), { role: "to", ...own }]
      : [{ role: "from", ...own }, ...others.map((other) => ({ role: "to", ...other }))]
  return {
    companyId: channel.companyId,
    id: messageId,
    conversationId,
    channelId: channel.id,
    number,
    uid: incoming.uid,
    type: incoming.type ?? "custom",
    direction: incoming.direction,
    origin: "partner",
    authorId: incoming.authorId,
    senderName: incoming.senderName,
    subject: incoming.subject,
    body: incoming.body,
    recipients: incoming.recipients ?? recipients,
    externalId: incoming.externalId,
    externalConversationId: incoming.threadKey.kind === "ref" ? incoming.threadKey.key : null,
    replyTo: incoming.repliesToExternalId === null ? null : { externalId: incoming.repliesToExternalId },
    headers: incoming.headers,
    createdAt: incoming.createdAt,
    files: incoming.files,
    reply: null,
  }
}

function enqueueNotices(tx: Tx, deps: BatchDeps, planned: Planned[], touched: { notice: number }[]): Promise<unknown> {
  const due = deps.now()
  const notices = planned.flatMap(({ incoming, messageId, conversationId }, i) =>
    incoming.channel.appUid === null
      ? []
      : [
          {
            ...keyOf(incoming),
            id: deps.ids.take(),
            conversationId,
            messageId,
            sequence: "notice" as const,
            type: "message_imported" as const,
            number: touched[i]?.notice as number,
            state: "queued" as const,
            dueAt: due,
            channelOffline: false,
          },
        ],
  )
  return enqueue(tx, notices)
}

async function announce(
  tx: Tx,
  deps: BatchDeps,
  planned: Planned[],
  touched: { reopened: boolean; isNew: boolean }[],
): Promise<void> {
  const byCompany = new Map<number, FeedEvent[]>()
  for (const [i, { incoming, messageId, conversationId }] of planned.entries()) {
    const events = byCompany.get(incoming.channel.companyId) ?? []
    byCompany.set(incoming.channel.companyId, events)
    const outboundType = touched[i]?.isNew ? "outbound" : "out_reply"
    events.push({
      id: deps.ids.take(),
      type: incoming.direction === "inbound" ? "inbound" : outboundType,
      conversationId,
      messageId,
      source: { type: "inboxes", inbox_ids: [incoming.channel.inboxId] },
      target: { type: "message", ...(incoming.history?.skipsRules && { skips_rules: true }) },
    })
    if (touched[i]?.reopened)
      events.push({ id: deps.ids.take(), type: "reopen", conversationId, source: { type: "api", cause: "message" } })
  }
  const feeds = [...byCompany].toSorted(([a], [b]) => a - b)
  await Promise.all(
    feeds.map(([companyId, events], i) => appendEvents(tx, companyId, events, { ends: i === feeds.length - 1 })),
  )
}
