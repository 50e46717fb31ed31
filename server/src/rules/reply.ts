import type { ActionView } from "@causeway/contract/endpoints/rules"
import type { Tx } from "../database/database.ts"
import type { Facts } from "./facts.ts"

export type AutoReplyAction = Extract<ActionView, { type: "auto_reply" }>

export const defaultPeriodHours = 24
const hourMs = 3_600_000
/** A message shown as older than this when it came in is history that a partner brings over, not a customer who waits; ours. */
const historyMs = 24 * hourMs

/** Why a message gets no auto-reply: a word for programs and a sentence. */
export interface Refusal {
  code: string
  text: string
}

/** Why this message gets no auto-reply; null when it gets one. `now` is the schedule clock's. The caller holds the conversation's lock. */
export async function whyNoReply(tx: Tx, facts: Facts, action: AutoReplyAction, now: Date): Promise<Refusal | null> {
  return whyNever(facts) ?? whyNotYet(await lastReplyAt(tx, facts), action, now)
}

/** What speaks against any answer by a machine, whenever it is asked. */
export function whyNever(facts: Facts): Refusal | null {
  if (!facts.takesReplies) return { code: "no_replies", text: "the channel takes no replies" }
  if (facts.isSpam) return { code: "spam", text: "the conversation is spam" }
  if (facts.sender.handle === "") return { code: "no_sender", text: "the message has no sender" }
  if (facts.sender.handle === facts.channelAddress)
    return { code: "from_itself", text: "the message came from the channel itself" }
  if (isAutomatic(facts.headers)) return { code: "automatic", text: "the message was sent by a machine" }
  if (facts.acceptedAt.getTime() - facts.createdAt.getTime() > historyMs)
    return { code: "history", text: "the message is history brought over" }
  return null
}

export function whyNotYet(lastAt: Date | null, action: AutoReplyAction, now: Date): Refusal | null {
  const hours = action.period_hours ?? defaultPeriodHours
  if (lastAt === null || now.getTime() - lastAt.getTime() >= hours * hourMs) return null
  return { code: "recent", text: `the conversation got an auto-reply less than ${hours} hours ago` }
}

/** When the conversation last got an auto-reply, on the schedule clock. Walks message_auto_reply, then rule_run_reply. */
export async function lastReplyAt(tx: Tx, facts: Pick<Facts, "companyId" | "conversationId">): Promise<Date | null> {
  const rows = await tx.query<{ at: Date | null }>({
    name: "rules.last_reply",
    text: `select max(rule_run.replied_at) as at from message
           join rule_run on rule_run.company_id = message.company_id and rule_run.reply_message_id = message.id
           where message.company_id = $1 and message.conversation_id = $2 and message.origin = 'auto_reply'`,
    values: [facts.companyId, facts.conversationId],
  })
  return rows[0]?.at ?? null
}

/** Mail's own words for "nobody wrote this" (RFC 3834, and the older Precedence); channels may pass headers on. Two machines never answer each other. */
function isAutomatic(headers: Record<string, unknown>): boolean {
  return Object.entries(headers).some(([name, value]) => {
    const word = typeof value === "string" ? value.trim().toLowerCase() : ""
    const key = name.toLowerCase().replaceAll("_", "-")
    if (key === "auto-submitted") return word !== "" && word !== "no"
    if (key === "precedence") return word === "bulk" || word === "junk" || word === "auto_reply" || word === "list"
    return key === "x-auto-response-suppress" || key === "x-autoreply"
  })
}
