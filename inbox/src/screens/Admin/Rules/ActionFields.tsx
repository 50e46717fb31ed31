import type { NewAction, RuleView } from "@causeway/contract/endpoints/rules"
import { ruleTextCharsMax } from "@causeway/contract/limits"
import { useRef } from "react"
import { adminWords } from "../../../admin-words.ts"
import { spanOf } from "../../../format.ts"
import { Button } from "../../../parts/Button.tsx"
import admin from "../Admin.module.css"
import type { Choice, Choices } from "./choices.ts"
import type { ActionOf } from "./draft.ts"
import styles from "./Rules.module.css"

const said = adminWords.rules

interface ActionFieldsProps {
  action: NewAction
  choices: Choices
  /** As it is kept: a webhook's bearer is there and never shown. */
  rule: RuleView | null
  onChange(action: NewAction): void
}

/** What an action needs to know. */
export function ActionFields({ action, choices, rule, onChange }: ActionFieldsProps) {
  switch (action.type) {
    case "auto_reply":
      return <AutoReply action={action} onChange={onChange} />
    case "assign":
      return (
        <One
          label={said.assignee}
          none={said.nobody}
          choices={choices.teammates}
          chosen={action.assignee_id ?? ""}
          onChange={(id) => onChange({ ...action, assignee_id: id === "" ? null : id })}
        />
      )
    case "tag":
    case "untag":
      return (
        <One
          label={said.tag}
          none={said.choose}
          choices={choices.tags}
          chosen={action.tag_id}
          onChange={(tag_id) => onChange({ ...action, tag_id })}
        />
      )
    case "move":
      return (
        <One
          label={said.inbox}
          none={said.choose}
          choices={choices.inboxes}
          chosen={action.inbox_id}
          onChange={(inbox_id) => onChange({ ...action, inbox_id })}
        />
      )
    case "archive":
      return null
    case "webhook":
      return <CallFields action={action} rule={rule} onChange={onChange} />
  }
}

interface OneProps {
  label: string
  /** What the first entry says: nothing is chosen. */
  none: string
  choices: readonly Choice[]
  chosen: string
  onChange(id: string): void
}

function One({ label, none, choices, chosen, onChange }: OneProps) {
  const isGone = chosen !== "" && !choices.some(({ id }) => id === chosen)
  return (
    <select
      className={admin.inline}
      aria-label={label}
      value={chosen}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      <option value="">{none}</option>
      {isGone && <option value={chosen}>{said.gone}</option>}
      {choices.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  )
}

const fields = [
  "recipient.first_name",
  "recipient.name",
  "recipient.handle",
  "message.subject",
  "channel.name",
  "inbox.name",
] as const
const periodHours = [1, 4, 8, 12, 24, 72, 168]

function AutoReply({
  action,
  onChange,
}: {
  action: ActionOf<"auto_reply">
  onChange(action: ActionOf<"auto_reply">): void
}) {
  const area = useRef<HTMLTextAreaElement>(null)
  const period = action.period_hours ?? 24
  const periods = [...new Set([...periodHours, period])].toSorted((a, b) => a - b)
  function insert(field: (typeof fields)[number]): void {
    const element = area.current
    if (element === null) return
    const placed = field === "recipient.first_name" ? `{{${field}|${said.there}}}` : `{{${field}}}`
    element.focus()
    element.setRangeText(placed, element.selectionStart, element.selectionEnd, "end")
    onChange({ ...action, body: element.value })
  }
  return (
    <div className={styles.reply}>
      <label className={styles.text}>
        <span>{said.text}</span>
        <textarea
          ref={area}
          dir="auto"
          rows={4}
          maxLength={ruleTextCharsMax}
          value={action.body}
          onChange={(event) => onChange({ ...action, body: event.currentTarget.value })}
        />
      </label>
      <fieldset className={styles.insert}>
        <legend>{said.insert}</legend>
        {fields.map((field) => (
          <Button key={field} look="quiet" icon="plus" onClick={() => insert(field)}>
            {said.fields[field]}
          </Button>
        ))}
      </fieldset>
      <label className={admin.select}>
        <span>{said.period}</span>
        <select
          value={period}
          onChange={(event) => onChange({ ...action, period_hours: Number(event.currentTarget.value) })}
        >
          {periods.map((hours) => (
            <option key={hours} value={hours}>
              {spanOf(hours * 3_600)}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}

function CallFields({
  action,
  rule,
  onChange,
}: {
  action: ActionOf<"webhook">
  rule: RuleView | null
  onChange(action: ActionOf<"webhook">): void
}) {
  const hasBearer = rule?.actions.some((kept) => kept.type === "webhook" && kept.url === action.url && kept.has_bearer)
  function withBearer(text: string): void {
    const { bearer, ...rest } = action
    onChange(text === "" ? rest : { ...rest, bearer: text })
  }
  return (
    <div className={styles.reply}>
      <label className={admin.select}>
        <span>{said.url}</span>
        <input
          type="url"
          dir="ltr"
          maxLength={2000}
          value={action.url}
          onChange={(event) => onChange({ ...action, url: event.currentTarget.value })}
        />
      </label>
      <label className={admin.select}>
        <span>{said.bearer}</span>
        <input
          type="password"
          dir="ltr"
          autoComplete="off"
          placeholder={hasBearer ? said.bearerKept : ""}
          value={action.bearer ?? ""}
          onChange={(event) => withBearer(event.currentTarget.value)}
        />
      </label>
      <label className={admin.select}>
        <span>{said.payload}</span>
        <select
          value={action.payload ?? "full"}
          onChange={(event) => onChange({ ...action, payload: event.currentTarget.value as "full" })}
        >
          <option value="full">{said.payloads.full}</option>
          <option value="preview">{said.payloads.preview}</option>
        </select>
      </label>
    </div>
  )
}
