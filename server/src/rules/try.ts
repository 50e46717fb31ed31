import type { TriedMessage, TriedRule } from "@causeway/contract/endpoints/rules"
import { formatId } from "@causeway/contract/ids"
import type { Database } from "../database/database.ts"
import type { Log } from "../log.ts"
import { upToStop } from "./engine.ts"
import { type Facts, readNewestFacts } from "./facts.ts"
import { matches, matchPatterns, patternsOf } from "./match.ts"
import { type AutoReplyAction, whyNever, whyNotYet } from "./reply.ts"
import type { StoredRule } from "./store.ts"
import { fillIn } from "./text.ts"
import { type Names, namesIn, sentence } from "./views.ts"

/**
 * What `rules` would do to the newest `count` inbound messages had they been there, newest first. Each message is judged at the time it came in, and
 * auto-replies hold each other back as they would have. Nothing is changed or sent. A rule with id 0 is one that is not kept.
 */
export async function tryRules(
  deps: { db: Database; log: Log },
  companyId: number,
  rules: readonly StoredRule[],
  count: number,
): Promise<TriedMessage[]> {
  const messages = await readNewestFacts(deps.db, companyId, count)
  const names = await namesIn(
    deps.db,
    companyId,
    rules.flatMap((rule) => rule.actions),
  )
  const patterns = patternsOf(rules)
  const repliedAt = new Map<number, Date>()
  const tried: TriedMessage[] = []
  for (const facts of messages.toReversed()) {
    const found = await matchPatterns(deps, facts, patterns)
    const meant = upToStop(rules.filter((rule) => matches(rule, facts, found, facts.acceptedAt)))
    tried.push(
      triedMessage(
        facts,
        meant.map((rule) => tryRule(rule, facts, names, repliedAt)),
      ),
    )
  }
  return tried.toReversed()
}

const triedMessage = (facts: Facts, rules: TriedRule[]): TriedMessage => ({
  message_id: formatId("msg", facts.messageId),
  conversation_id: formatId("cnv", facts.conversationId),
  created_at: facts.createdAt.getTime() / 1000,
  from: facts.sender.name ?? facts.sender.handle,
  blurb: facts.blurb,
  rules,
})

function tryRule(rule: StoredRule, facts: Facts, names: Names, repliedAt: Map<number, Date>): TriedRule {
  const replies = rule.actions.filter((action) => action.type === "auto_reply")
  const reply = replies.map((action) => tryReply(action, facts, repliedAt))[0] ?? null
  return {
    rule_id: rule.id === 0 ? null : formatId("rul", rule.id),
    name: rule.name,
    actions: rule.actions.map((action) => sentence(action, names)),
    auto_reply: reply,
  }
}

function tryReply(action: AutoReplyAction, facts: Facts, repliedAt: Map<number, Date>): TriedRule["auto_reply"] {
  const { body, text } = fillIn(action.body, facts)
  const last = repliedAt.get(facts.conversationId) ?? null
  const why = whyNever(facts) ?? whyNotYet(last, action, facts.acceptedAt)
  if (why === null) repliedAt.set(facts.conversationId, facts.acceptedAt)
  return {
    to: facts.sender.handle,
    body,
    text,
    is_sent: why === null,
    why_not: why?.text ?? null,
    why_code: why?.code ?? null,
  }
}
