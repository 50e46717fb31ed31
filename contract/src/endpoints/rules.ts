/** Rules over inbound messages. The vendor's API only reads them (its screens make them); `/causeway/rules` is ours. Times are seconds since 1970. */
import Type, { type Static, type TSchema } from "typebox"
import { endpoint } from "../endpoint.ts"
import {
  handleCharsMax,
  nameCharsMax,
  ruleActionsMax,
  ruleConditionsMax,
  rulePatternCharsMax,
  rulesMax,
  ruleTextCharsMax,
  urlCharsMax,
} from "../limits.ts"
import { Rule } from "../resources/rule.ts"
import { listOf, nullable } from "../shapes.ts"
import { type Weekday as WeekdayName, weekdays } from "../weekdays.ts"

const Id = Type.String({ minLength: 1, maxLength: 100 })
const Name = Type.String({ minLength: 1, maxLength: nameCharsMax })
const Time = Type.String({ pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$", description: "local, e.g. 09:30" })
const someOf = <T extends TSchema>(item: T) => Type.Array(item, { minItems: 1, maxItems: 100 })

const Weekday = Type.Unsafe<WeekdayName>(Type.Union(weekdays.map((day) => Type.Literal(day))))

/** Days and the time between; `to` not after `from` means the next day. */
export const Hours = Type.Object({ days: someOf(Weekday), from: Time, to: Time })
export type Hours = Static<typeof Hours>

const negatable = { not: Type.Optional(Type.Boolean({ description: "true: holds when it otherwise would not" })) }

export const Condition = Type.Union([
  Type.Object({ type: Type.Literal("channel"), channel_ids: someOf(Id), ...negatable }),
  Type.Object({ type: Type.Literal("inbox"), inbox_ids: someOf(Id), ...negatable }),
  Type.Object({
    type: Type.Literal("text_contains"),
    words: someOf(Type.String({ minLength: 1, maxLength: rulePatternCharsMax })),
    ...negatable,
  }),
  Type.Object({
    type: Type.Literal("text_matches"),
    pattern: Type.String({
      minLength: 1,
      maxLength: rulePatternCharsMax,
      description: "PostgreSQL's regular expressions, whatever the case, over subject and text",
    }),
    ...negatable,
  }),
  Type.Object({
    type: Type.Literal("contact"),
    contact_ids: Type.Optional(someOf(Id)),
    handles: Type.Optional(someOf(Type.String({ minLength: 1, maxLength: handleCharsMax }))),
    ...negatable,
  }),
  Type.Object({ type: Type.Literal("first_message"), ...negatable }),
  Type.Object({
    type: Type.Literal("business_hours"),
    timezone: Type.String({ minLength: 1, maxLength: 60, description: "IANA, e.g. Europe/Berlin" }),
    hours: Type.Array(Hours, { minItems: 1, maxItems: 50 }),
    ...negatable,
  }),
])
export type Condition = Static<typeof Condition>

const webhookAction = {
  type: Type.Literal("webhook"),
  url: Type.String({ minLength: 1, maxLength: urlCharsMax }),
  payload: Type.Optional(Type.Union([Type.Literal("full"), Type.Literal("preview")])),
}

const plainActions = [
  Type.Object({
    type: Type.Literal("auto_reply"),
    body: Type.String({
      minLength: 1,
      maxLength: ruleTextCharsMax,
      description: "HTML or plain text; {{recipient.first_name|there}} and the like are filled in",
    }),
    period_hours: Type.Optional(
      Type.Number({
        minimum: 0.25,
        maximum: 8760,
        description: "at most one auto-reply per conversation in this time; 24 unless given",
      }),
    ),
  }),
  Type.Object({ type: Type.Literal("assign"), assignee_id: nullable(Id) }),
  Type.Object({ type: Type.Literal("tag"), tag_id: Id }),
  Type.Object({ type: Type.Literal("untag"), tag_id: Id }),
  Type.Object({ type: Type.Literal("archive") }),
  Type.Object({ type: Type.Literal("move"), inbox_id: Id }),
] as const

export const NewAction = Type.Union([
  ...plainActions,
  Type.Object({
    ...webhookAction,
    bearer: Type.Optional(
      nullable(
        Type.String({
          minLength: 1,
          maxLength: 4000,
          pattern: "^[\\x21-\\x7e]+$",
          description: "sent as Authorization: Bearer; left out: as it was for this address",
        }),
      ),
    ),
  }),
])
export type NewAction = Static<typeof NewAction>

export const ActionView = Type.Union([
  ...plainActions,
  Type.Object({ ...webhookAction, webhook_id: Type.String(), has_bearer: Type.Boolean() }),
])
export type ActionView = Static<typeof ActionView>

const Conditions = Type.Array(Condition, { maxItems: ruleConditionsMax, description: "none: every message" })
const Match = Type.Union([Type.Literal("all"), Type.Literal("any")])
const NewActions = Type.Array(NewAction, { minItems: 1, maxItems: ruleActionsMax })
const Stops = Type.Boolean({ description: "when it matches, no later rule is asked" })

export const NewRule = Type.Object({
  name: Name,
  is_enabled: Type.Optional(Type.Boolean()),
  match: Type.Optional(Match),
  conditions: Type.Optional(Conditions),
  actions: NewActions,
  stop_processing: Type.Optional(Stops),
})
export type NewRule = Static<typeof NewRule>

export const RuleChange = Type.Object({
  name: Type.Optional(Name),
  is_enabled: Type.Optional(Type.Boolean()),
  match: Type.Optional(Match),
  conditions: Type.Optional(Conditions),
  actions: Type.Optional(NewActions),
  stop_processing: Type.Optional(Stops),
})
export type RuleChange = Static<typeof RuleChange>

export const RuleView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  position: Type.Integer({ description: "rules are asked in this order, from 1" }),
  is_enabled: Type.Boolean(),
  match: Match,
  conditions: Type.Array(Condition),
  actions: Type.Array(ActionView),
  stop_processing: Type.Boolean(),
  created_at: Type.Number(),
  updated_at: Type.Number(),
})
export type RuleView = Static<typeof RuleView>

const callers = ["token", "session"] as const
const RuleParams = Type.Object({ rule_id: Type.String() })
const reads = { method: "GET", callers, scope: "rules:read" } as const

export const listRules = endpoint({
  ...reads,
  path: "/rules",
  summary: "The company's rules, in the order in which they are asked.",
  responses: { 200: listOf(Rule) },
})

export const listCompanyRules = endpoint({
  ...reads,
  path: "/company/rules",
  summary: "The rules that belong to the company itself.",
  responses: { 200: listOf(Rule) },
})

export const getRule = endpoint({
  ...reads,
  path: "/rules/:rule_id",
  summary: "One rule.",
  params: RuleParams,
  responses: { 200: Rule },
})

export const listTeamRules = endpoint({
  ...reads,
  path: "/teams/:team_id/rules",
  summary: "The rules that belong to a team. There are none: rules belong to the company.",
  params: Type.Object({ team_id: Type.String() }),
  responses: { 200: listOf(Rule) },
})

export const listTeammateRules = endpoint({
  ...reads,
  path: "/teammates/:teammate_id/rules",
  summary: "The rules that belong to a teammate. There are none: rules belong to the company.",
  params: Type.Object({ teammate_id: Type.String() }),
  responses: { 200: listOf(Rule) },
})

export const listOwnRules = endpoint({
  ...reads,
  path: "/causeway/rules",
  summary: "The company's rules with everything that they are made of.",
  responses: { 200: Type.Object({ rules: Type.Array(RuleView) }) },
})

export const RuleActivity = Type.Object({
  rule_id: Type.String(),
  runs: Type.Integer({ description: "messages that it was applied to" }),
  last_run_at: Type.Number(),
  failed_replies: Type.Integer({
    description: "auto-replies that failed, or of which nobody knows whether they arrived",
  }),
  failed_calls: Type.Integer({ description: "the same of its webhooks" }),
})
export type RuleActivity = Static<typeof RuleActivity>

export const listRuleActivity = endpoint({
  ...reads,
  path: "/causeway/rules/activity",
  summary: "What the rules did within the last 24 hours: those that did something.",
  responses: { 200: Type.Object({ rules: Type.Array(RuleActivity) }) },
})

export const createRule = endpoint({
  method: "POST",
  path: "/causeway/rules",
  summary: "Makes a rule, after all the others. It is asked about messages that come in from now on.",
  callers,
  scope: "rules:write",
  body: NewRule,
  responses: { 201: RuleView },
})

export const getOwnRule = endpoint({
  ...reads,
  path: "/causeway/rules/:rule_id",
  summary: "One rule with everything that it is made of.",
  params: RuleParams,
  responses: { 200: RuleView },
})

export const updateRule = endpoint({
  method: "PATCH",
  path: "/causeway/rules/:rule_id",
  summary: "Changes a rule; conditions and actions are replaced whole.",
  callers,
  scope: "rules:write",
  params: RuleParams,
  body: RuleChange,
  responses: { 200: RuleView },
})

export const deleteRule = endpoint({
  method: "DELETE",
  path: "/causeway/rules/:rule_id",
  summary: "Deletes a rule.",
  callers,
  scope: "rules:delete",
  params: RuleParams,
  responses: { 204: null },
})

export const orderRules = endpoint({
  method: "PUT",
  path: "/causeway/rules/order",
  summary: "Puts the rules in another order: all of them, each once.",
  callers,
  scope: "rules:write",
  body: Type.Object({ rule_ids: Type.Array(Id, { maxItems: rulesMax }) }),
  responses: { 200: Type.Object({ rules: Type.Array(RuleView) }) },
})

/** What one rule would do to one message. */
export const TriedRule = Type.Object({
  rule_id: nullable(Type.String({ description: "null: the rule of the request, which is not kept" })),
  name: Type.String(),
  actions: Type.Array(Type.String()),
  auto_reply: nullable(
    Type.Object({
      to: Type.String(),
      body: Type.String({ description: "HTML, as it would be sent" }),
      text: Type.String({ description: "the same as plain text" }),
      is_sent: Type.Boolean(),
      why_not: nullable(Type.String()),
      why_code: nullable(
        Type.String({ description: "no_replies, spam, no_sender, from_itself, automatic, history or recent" }),
      ),
    }),
  ),
})
export type TriedRule = Static<typeof TriedRule>

export const TriedMessage = Type.Object({
  message_id: Type.String(),
  conversation_id: Type.String(),
  created_at: Type.Number(),
  from: Type.String(),
  blurb: Type.String(),
  rules: Type.Array(TriedRule, { description: "those that match, in order" }),
})
export type TriedMessage = Static<typeof TriedMessage>

export const tryRules = endpoint({
  method: "POST",
  path: "/causeway/rules/try",
  summary:
    "Says for the newest inbound messages what would happen to each, and the exact text it would be answered with. Nothing is changed or sent.",
  callers,
  scope: "rules:write",
  body: Type.Object({
    rule: Type.Optional(NewRule),
    rule_id: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: "with rule: which one it would replace" }),
    ),
    in_order: Type.Optional(
      Type.Boolean({
        description: "the other rules are asked too, in their order; a new one comes last. false unless given",
      }),
    ),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: "how many messages; 20 unless given" })),
  }),
  responses: { 200: Type.Object({ messages: Type.Array(TriedMessage) }) },
})

export const getRuleSecret = endpoint({
  method: "GET",
  path: "/causeway/rules/secret",
  summary: "What the company's rule webhooks are signed with: base64 of HMAC-SHA1 over the body.",
  callers,
  scope: "rules:write",
  responses: { 200: Type.Object({ secret: Type.String() }) },
})

export const rotateRuleSecret = endpoint({
  method: "POST",
  path: "/causeway/rules/secret/rotate",
  summary: "Makes a new secret for rule webhooks; what leaves from now on is signed with it.",
  callers,
  scope: "rules:write",
  responses: { 200: Type.Object({ secret: Type.String() }) },
})
