import type { ActionView } from "@causeway/contract/endpoints/rules"
import type { VendorEventType } from "@causeway/contract/event-types"
import { parseId } from "@causeway/contract/ids"
import type { Tx } from "../database/database.ts"
import { enqueueEvents } from "../delivery/events.ts"
import type { Ids } from "../ids.ts"
import { appendEvents, type FeedEvent } from "../live/feed.ts"
import { keepAutoReply } from "../messages/auto-reply.ts"
import { listRuleWebhooks, wakeWebhooks } from "../webhooks/store.ts"
import type { Facts } from "./facts.ts"
import { whyNoReply } from "./reply.ts"
import type { StoredRule } from "./store.ts"
import { fillIn } from "./text.ts"

/** The most numbers that `applyRules` takes: an action makes a message, a delivery and an event at most. */
export const idsFor = (rules: readonly StoredRule[]): number => 4 * rules.flatMap((rule) => rule.actions).length

interface Conversation {
  id: number
  status: "open" | "archived" | "deleted" | "spam"
  inbox_id: number
  assignee_id: number | null
  last_number: number
  last_send: number
}

/** One message, its rules, and what becomes of its conversation meanwhile. */
interface Work {
  tx: Tx
  ids: Ids
  now: Date
  facts: Facts
  /** The event that brought the message, by its place in the feed. */
  position: number
  conversation: Conversation
  rule: StoredRule
  events: FeedEvent[]
  webhookIds: number[]
  reply: { messageId: number; at: Date } | null
}

/**
 * Does to a message what `rules` say, in their order, in the caller's transaction: each rule once, whatever happened before. The feed comes last.
 * Locks: conversation → message → delivery → lane → webhook → feed.
 */
export async function applyRules(
  deps: { tx: Tx; ids: Ids; now: Date },
  facts: Facts,
  position: number,
  rules: readonly StoredRule[],
): Promise<void> {
  const { tx } = deps
  const conversation = await lockConversation(tx, facts)
  if (conversation === null) return
  const before = { ...conversation }
  const shared = { ...deps, facts: { ...facts, conversationId: conversation.id }, position, conversation }
  const events: FeedEvent[] = []
  const webhookIds: number[] = []
  for (const rule of rules) {
    if (!(await claim(tx, facts, rule))) continue
    const work: Work = { ...shared, rule, events, webhookIds, reply: null }
    const done: string[] = []
    for (const action of rule.actions) done.push(`${action.type}: ${await act(work, action)}`)
    await note(work, done)
  }
  await keepConversation(tx, facts.companyId, before, conversation)
  await wakeWebhooks(tx, facts.companyId, [...new Set(webhookIds)], deps.now)
  await appendEvents(tx, facts.companyId, events)
}

/** By way of the message: its conversation may have been merged into another since. */
async function lockConversation(tx: Tx, facts: Facts): Promise<Conversation | null> {
  const rows = await tx.query<Conversation>({
    name: "rules.lock_conversation",
    text: `select conversation.id, conversation.status, conversation.inbox_id, conversation.assignee_id, conversation.last_number, conversation.last_send
           from conversation where company_id = $1 and id = (select conversation_id from message where company_id = $1 and id = $2) for no key update`,
    values: [facts.companyId, facts.messageId],
  })
  return rows[0] ?? null
}

/** False when this rule has been at this message before. */
async function claim(tx: Tx, facts: Facts, rule: StoredRule): Promise<boolean> {
  const rows = await tx.query({
    name: "rules.claim",
    text: "insert into rule_run (company_id, rule_id, message_id) values ($1, $2, $3) on conflict do nothing returning rule_id",
    values: [facts.companyId, rule.id, facts.messageId],
  })
  return rows.length > 0
}

async function note({ tx, facts, rule, reply }: Work, done: string[]): Promise<void> {
  await tx.query({
    name: "rules.note",
    text: "update rule_run set done = $4, reply_message_id = $5, replied_at = $6 where company_id = $1 and rule_id = $2 and message_id = $3",
    values: [facts.companyId, rule.id, facts.messageId, done, reply?.messageId ?? null, reply?.at ?? null],
  })
}

/** Does one action; answers with a word what came of it. */
async function act(work: Work, action: ActionView): Promise<string> {
  switch (action.type) {
    case "auto_reply":
      return await autoReply(work, action)
    case "assign":
      return await assign(work, action.assignee_id)
    case "tag":
      return await tag(work, action.tag_id, true)
    case "untag":
      return await tag(work, action.tag_id, false)
    case "archive":
      return archive(work)
    case "move":
      return await move(work, action.inbox_id)
    case "webhook":
      return await callWebhook(work, action.webhook_id)
  }
}

const unchanged = "as it was"
const gone = "what it names is gone"
const done = "done"

function tell({ ids, facts, rule, events }: Work, type: VendorEventType, target: object | null = null): void {
  const source = { type: "rule", rule_id: rule.id }
  events.push({ id: ids.take(), type, conversationId: facts.conversationId, source, target })
}

async function autoReply(work: Work, action: Extract<ActionView, { type: "auto_reply" }>): Promise<string> {
  const { tx, ids, now, facts, conversation, events, rule } = work
  const why = await whyNoReply(tx, facts, action, now)
  if (why !== null) return why.text
  const messageId = await keepAutoReply(tx, ids, {
    companyId: facts.companyId,
    conversationId: conversation.id,
    repliesToId: facts.messageId,
    channel: {
      id: facts.channelId,
      address: facts.channelAddress,
      status: facts.channelStatus,
      appUid: facts.appUid,
    },
    to: facts.sender,
    body: fillIn(action.body, facts),
    number: ++conversation.last_number,
    send: ++conversation.last_send,
    now,
  })
  // At once: a later rule of this message must find it.
  work.reply = { messageId, at: now }
  await note(work, [])
  const source = { type: "rule", rule_id: rule.id }
  events.push({
    id: ids.take(),
    type: "reply_kept",
    isPublic: false,
    conversationId: conversation.id,
    messageId,
    source,
  })
  return done
}

async function assign(work: Work, assigneeId: string | null): Promise<string> {
  const { tx, facts, conversation } = work
  const id = assigneeId === null ? null : parseId("tea", assigneeId)
  if (id === conversation.assignee_id) return unchanged
  if (id !== null) {
    const rows = await tx.query({
      name: "rules.assignee",
      text: "select id from teammate where company_id = $1 and id = $2 and not is_blocked",
      values: [facts.companyId, id],
    })
    if (rows.length === 0) return gone
  }
  const target = { type: "teammate", teammate_id: id ?? conversation.assignee_id }
  tell(work, id === null ? "unassign" : "assign", target)
  conversation.assignee_id = id
  return done
}

async function tag(work: Work, tagId: string, isOn: boolean): Promise<string> {
  const { tx, facts, conversation } = work
  const id = parseId("tag", tagId)
  const rows = await tx.query({
    name: isOn ? "rules.tag" : "rules.untag",
    text: isOn
      ? `insert into conversation_tag (company_id, conversation_id, tag_id) select company_id, $2, id from tag where company_id = $1 and id = $3
         on conflict do nothing returning tag_id`
      : "delete from conversation_tag where company_id = $1 and conversation_id = $2 and tag_id = $3 returning tag_id",
    values: [facts.companyId, conversation.id, id],
  })
  if (rows.length === 0) return unchanged
  tell(work, isOn ? "tag" : "untag", { type: "tag", tag_id: id })
  return done
}

function archive(work: Work): string {
  const { conversation } = work
  if (conversation.status !== "open") return unchanged
  tell(work, "archive")
  conversation.status = "archived"
  return done
}

async function move(work: Work, inboxId: string): Promise<string> {
  const { tx, facts, conversation } = work
  const id = parseId("inb", inboxId)
  if (id === conversation.inbox_id) return unchanged
  const rows = await tx.query({
    name: "rules.inbox",
    text: "select id from inbox where company_id = $1 and id = $2",
    values: [facts.companyId, id],
  })
  if (id === null || rows.length === 0) return gone
  tell(work, "move", { type: "inboxes", inbox_ids: [id] })
  conversation.inbox_id = id
  return done
}

async function callWebhook(work: Work, webhookId: string): Promise<string> {
  const { tx, ids, facts, conversation, position, now } = work
  const id = parseId("whk", webhookId) as number
  if ((await listRuleWebhooks(tx, facts.companyId, [id])).length === 0) return gone
  await enqueueEvents(tx, [
    {
      companyId: facts.companyId,
      id: ids.take(),
      webhookId: id,
      type: "rule_webhook",
      conversationId: conversation.id,
      messageId: facts.messageId,
      eventPosition: position,
      dueAt: now,
    },
  ])
  work.webhookIds.push(id)
  return done
}

/** An auto-reply leaves the list's row as the customer left it: nobody has answered yet. */
async function keepConversation(tx: Tx, companyId: number, before: Conversation, after: Conversation): Promise<void> {
  if (JSON.stringify(before) === JSON.stringify(after)) return
  await tx.query({
    name: "rules.keep_conversation",
    text: `update conversation set status = $3, inbox_id = $4, assignee_id = $5, last_number = $6, last_send = $7, version = version + 1, updated_at = now()
           where company_id = $1 and id = $2`,
    values: [companyId, after.id, after.status, after.inbox_id, after.assignee_id, after.last_number, after.last_send],
  })
}
