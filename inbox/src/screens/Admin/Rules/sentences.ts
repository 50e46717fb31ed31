import type { ActionView, Condition, Hours, NewAction } from "@causeway/contract/endpoints/rules"
import { weekdays } from "@causeway/contract/weekdays"
import { adminWords } from "../../../admin-words.ts"
import { spanOf } from "../../../format.ts"
import { directionOf, language, locale } from "../../../language.ts"
import { inertBody } from "../../../trusted.ts"
import type { Choices } from "./choices.ts"

const said = adminWords.rules

const both = new Intl.ListFormat(locale, { type: "conjunction" })
const either = new Intl.ListFormat(locale, { type: "disjunction" })
/** 1 January 2024 was a Monday. */
const dayNames = weekdays.map((_, day) =>
  new Intl.DateTimeFormat(locale, { weekday: "short", timeZone: "UTC" }).format(Date.UTC(2024, 0, 1 + day)),
)
export const dayName = (day: (typeof weekdays)[number]): string => dayNames[weekdays.indexOf(day)] as string

/** Names and words keep their own direction where sentences run from right to left. */
const isolated = (text: string): string => (directionOf(language) === "rtl" ? `\u2068${text}\u2069` : text)

/** When a rule applies, as one sentence. */
export function whenOf(conditions: readonly Condition[], match: "all" | "any", choices: Choices): string {
  if (conditions.length === 0) return said.everyMessage
  return (match === "all" ? both : either).format(conditions.map((condition) => conditionOf(condition, choices)))
}

function conditionOf(condition: Condition, choices: Choices): string {
  const nameOf = (id: string) => isolated(choices.nameOf(id))
  const say = said.conditions[condition.type][condition.not ? "not" : "is"] as (...parts: string[]) => string
  switch (condition.type) {
    case "channel":
      return say(either.format(condition.channel_ids.map(nameOf)))
    case "inbox":
      return say(either.format(condition.inbox_ids.map(nameOf)))
    case "text_contains":
      return say(either.format(condition.words.map((word) => said.quoted(isolated(word)))))
    case "text_matches":
      return say(isolated(condition.pattern))
    case "contact":
      return say(
        either.format([
          ...(condition.handles ?? []).map(isolated),
          ...(condition.contact_ids ?? []).map(() => said.oneContact),
        ]),
      )
    case "first_message":
      return say()
    case "business_hours":
      return say(both.format(condition.hours.map(hoursOf)), isolated(condition.timezone))
  }
}

/** "Mon–Fri 09:00–17:00"; the times from left to right whatever is around them. */
export const hoursOf = ({ days, from, to }: Hours): string => `${daysOf(days)} \u2066${from}–${to}\u2069`

function daysOf(days: Hours["days"]): string {
  const sorted = weekdays.filter((day) => days.includes(day))
  const first = weekdays.indexOf(sorted[0] as "mon")
  const isRun = sorted.length > 2 && sorted.every((day, i) => weekdays.indexOf(day) === first + i)
  if (isRun) return `${dayName(sorted[0] as "mon")}–${dayName(sorted.at(-1) as "mon")}`
  return sorted.map(dayName).join(", ")
}

/** What a rule does, in its order. */
export const thenOf = (actions: readonly (NewAction | ActionView)[], choices: Choices): string[] =>
  actions.map((action) => actionOf(action, choices))

function actionOf(action: NewAction | ActionView, choices: Choices): string {
  const nameOf = (id: string) => isolated(choices.nameOf(id))
  switch (action.type) {
    case "auto_reply":
      return said.does.auto_reply(isolated(shortened(textOf(action.body))), spanOf((action.period_hours ?? 24) * 3_600))
    case "assign":
      return action.assignee_id === null ? said.does.unassign : said.does.assign(nameOf(action.assignee_id))
    case "tag":
      return said.does.tag(nameOf(action.tag_id))
    case "untag":
      return said.does.untag(nameOf(action.tag_id))
    case "move":
      return said.does.move(nameOf(action.inbox_id))
    case "archive":
      return said.does.archive
    case "webhook":
      return said.does.webhook(isolated(URL.canParse(action.url) ? new URL(action.url).host : action.url))
  }
}

const shownMax = 80
const shortened = (text: string): string => (text.length > shownMax ? `${text.slice(0, shownMax)}…` : text)

/** Text of what may be HTML. A parsed document runs nothing and loads nothing. */
const textOf = (body: string): string => (/<[a-z]/i.test(body) ? (inertBody(body).textContent ?? "").trim() : body)
