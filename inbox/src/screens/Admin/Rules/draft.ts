import type { ActionView, Condition, Hours, NewAction, NewRule, RuleView } from "@causeway/contract/endpoints/rules"

export type ConditionType = Condition["type"]
export type ActionType = NewAction["type"]
export type ConditionOf<Type extends ConditionType> = Extract<Condition, { type: Type }>
export type ActionOf<Type extends ActionType> = Extract<NewAction, { type: Type }>

/** One row of the form; the key stays with it while others come and go. */
export interface Row<Value> {
  key: number
  value: Value
}

/** A rule as it stands in the form. */
export interface Draft {
  name: string
  match: "all" | "any"
  conditions: Row<Condition>[]
  actions: Row<NewAction>[]
  stops: boolean
}

let keys = 0
export const rowOf = <Value>(value: Value): Row<Value> => ({ key: ++keys, value })

export const conditionTypes = [
  "channel",
  "inbox",
  "text_contains",
  "text_matches",
  "contact",
  "first_message",
  "business_hours",
] as const satisfies readonly ConditionType[]

export const actionTypes = [
  "auto_reply",
  "assign",
  "tag",
  "untag",
  "move",
  "archive",
  "webhook",
] as const satisfies readonly ActionType[]

export const workweek: Hours = { days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "17:00" }

/** A condition of a type with nothing chosen yet. */
export function blankCondition(type: ConditionType): Condition {
  switch (type) {
    case "channel":
      return { type, channel_ids: [] }
    case "inbox":
      return { type, inbox_ids: [] }
    case "text_contains":
      return { type, words: [] }
    case "text_matches":
      return { type, pattern: "" }
    case "contact":
      return { type, handles: [] }
    case "first_message":
      return { type }
    case "business_hours":
      return { type, timezone: Intl.DateTimeFormat().resolvedOptions().timeZone, hours: [workweek] }
  }
}

/** An action of a type with nothing chosen yet. */
export function blankAction(type: ActionType): NewAction {
  switch (type) {
    case "auto_reply":
      return { type, body: "", period_hours: 24 }
    case "assign":
      return { type, assignee_id: null }
    case "tag":
    case "untag":
      return { type, tag_id: "" }
    case "move":
      return { type, inbox_id: "" }
    case "archive":
      return { type }
    case "webhook":
      return { type, url: "https://", payload: "full" }
  }
}

export const emptyDraft: Draft = { name: "", match: "all", conditions: [], actions: [], stops: false }

export const draftOf = (rule: RuleView): Draft => ({
  name: rule.name,
  match: rule.match,
  conditions: rule.conditions.map(rowOf),
  actions: rule.actions.map((action) => rowOf(unkept(action))),
  stops: rule.stop_processing,
})

/** An action as it is sent: what a webhook has of the server stays there, its bearer with it. */
export function unkept(action: ActionView): NewAction {
  if (action.type !== "webhook") return action
  const { webhook_id, has_bearer, ...sent } = action
  return sent
}

/** As it is sent. */
export const ruleIn = (draft: Draft): NewRule => ({
  name: draft.name.trim(),
  match: draft.match,
  conditions: draft.conditions.map(({ value }) => value),
  actions: draft.actions.map(({ value }) => value),
  stop_processing: draft.stops,
})

/** What still lacks a choice. */
export type Gap =
  | { at: "name" }
  | { at: "actions" }
  | { at: "condition"; type: ConditionType }
  | { at: "action"; type: ActionType }

/** The first thing without which the rule cannot be kept; null when it is whole. Whether what is there makes sense, the server says. */
export function gapIn(draft: Draft): Gap | null {
  if (draft.name.trim() === "") return { at: "name" }
  const condition = draft.conditions.find(({ value }) => isOpen(value))
  if (condition !== undefined) return { at: "condition", type: condition.value.type }
  if (draft.actions.length === 0) return { at: "actions" }
  const action = draft.actions.find(({ value }) => isUnsaid(value))
  return action === undefined ? null : { at: "action", type: action.value.type }
}

function isOpen(condition: Condition): boolean {
  switch (condition.type) {
    case "channel":
      return condition.channel_ids.length === 0
    case "inbox":
      return condition.inbox_ids.length === 0
    case "text_contains":
      return condition.words.length === 0
    case "text_matches":
      return condition.pattern === ""
    case "contact":
      return (condition.handles?.length ?? 0) + (condition.contact_ids?.length ?? 0) === 0
    case "first_message":
      return false
    case "business_hours":
      return condition.hours.length === 0 || condition.hours.some(({ days }) => days.length === 0)
  }
}

function isUnsaid(action: NewAction): boolean {
  switch (action.type) {
    case "auto_reply":
      return action.body.trim() === ""
    case "tag":
    case "untag":
      return action.tag_id === ""
    case "move":
      return action.inbox_id === ""
    default:
      return false
  }
}
