import type { Condition } from "@causeway/contract/endpoints/rules"
import { rulePatternCharsMax } from "@causeway/contract/limits"
import { useState } from "react"
import { adminWords } from "../../../admin-words.ts"
import admin from "../Admin.module.css"
import type { Choice, Choices } from "./choices.ts"
import type { ConditionOf } from "./draft.ts"
import { HoursFields } from "./HoursFields.tsx"
import styles from "./Rules.module.css"

const said = adminWords.rules

interface ConditionFieldsProps {
  condition: Condition
  choices: Choices
  onChange(condition: Condition): void
}

/** What a condition is about. */
export function ConditionFields({ condition, choices, onChange }: ConditionFieldsProps) {
  switch (condition.type) {
    case "channel":
      return (
        <Several
          label={said.conditionNames.channel}
          choices={choices.channels}
          chosen={condition.channel_ids}
          onChange={(channel_ids) => onChange({ ...condition, channel_ids })}
        />
      )
    case "inbox":
      return (
        <Several
          label={said.conditionNames.inbox}
          choices={choices.inboxes}
          chosen={condition.inbox_ids}
          onChange={(inbox_ids) => onChange({ ...condition, inbox_ids })}
        />
      )
    case "text_contains":
      return (
        <Lines
          label={said.wordsLabel}
          lines={condition.words}
          onChange={(words) => onChange({ ...condition, words })}
        />
      )
    case "text_matches":
      return (
        <label className={admin.select}>
          <span>{said.patternLabel}</span>
          <input
            dir="ltr"
            spellCheck={false}
            maxLength={rulePatternCharsMax}
            value={condition.pattern}
            onChange={(event) => onChange({ ...condition, pattern: event.currentTarget.value })}
          />
        </label>
      )
    case "contact":
      return <From condition={condition} onChange={onChange} />
    case "first_message":
      return null
    case "business_hours":
      return <HoursFields condition={condition} onChange={onChange} />
  }
}

interface SeveralProps {
  label: string
  choices: readonly Choice[]
  chosen: readonly string[]
  onChange(chosen: string[]): void
}

/** One or more of a few. What was chosen and is gone stays chosen until somebody takes it out. */
function Several({ label, choices, chosen, onChange }: SeveralProps) {
  const gone = chosen.filter((id) => !choices.some((choice) => choice.id === id))
  const all = [...choices, ...gone.map((id) => ({ id, name: said.gone }))]
  return (
    <fieldset className={`${admin.choices} ${styles.several}`}>
      <legend className="said">{label}</legend>
      {all.map(({ id, name }) => (
        <label key={id}>
          <input
            type="checkbox"
            checked={chosen.includes(id)}
            onChange={(event) =>
              onChange(event.currentTarget.checked ? [...chosen, id] : chosen.filter((other) => other !== id))
            }
          />
          <span dir="auto">{name}</span>
        </label>
      ))}
    </fieldset>
  )
}

interface LinesProps {
  label: string
  lines: readonly string[]
  onChange(lines: string[]): void
}

/** Several words or handles, one a line. */
function Lines({ label, lines, onChange }: LinesProps) {
  // What is being typed has empty lines and spaces that the rule has not.
  const [text, setText] = useState(lines.join("\n"))
  return (
    <label className={admin.select}>
      <span>{label}</span>
      <textarea
        dir="auto"
        rows={Math.min(6, Math.max(2, text.split("\n").length))}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          onChange(event.currentTarget.value.split("\n").flatMap((line) => line.trim() || []))
        }}
      />
    </label>
  )
}

function From({ condition, onChange }: { condition: ConditionOf<"contact">; onChange(condition: Condition): void }) {
  const { handles = [], contact_ids: contactIds = [], ...rest } = condition
  return (
    <>
      <Lines
        label={said.handlesLabel}
        lines={handles}
        onChange={(lines) =>
          onChange({
            ...rest,
            ...(lines.length > 0 && { handles: lines }),
            ...(contactIds.length > 0 && { contact_ids: contactIds }),
          })
        }
      />
      {contactIds.length > 0 && <p className={admin.side}>{said.contacts(contactIds.length)}</p>}
    </>
  )
}
