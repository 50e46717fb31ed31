import type { Hours } from "@causeway/contract/endpoints/rules"
import { weekdays } from "@causeway/contract/weekdays"
import { useId } from "react"
import { adminWords } from "../../../admin-words.ts"
import { Button } from "../../../parts/Button.tsx"
import admin from "../Admin.module.css"
import type { ConditionOf } from "./draft.ts"
import { workweek } from "./draft.ts"
import styles from "./Rules.module.css"
import { dayName, hoursOf } from "./sentences.ts"

const said = adminWords.rules
/** As the contract has it. */
const spansMax = 50

interface HoursFieldsProps {
  condition: ConditionOf<"business_hours">
  onChange(condition: ConditionOf<"business_hours">): void
}

/** Whose clock counts, and the hours of each day. */
export function HoursFields({ condition, onChange }: HoursFieldsProps) {
  const id = useId()
  const put = (hours: Hours[]) => onChange({ ...condition, hours })
  return (
    <div className={styles.hours}>
      <label className={admin.select}>
        <span>{said.timezone}</span>
        <input
          dir="ltr"
          list={id}
          spellCheck={false}
          maxLength={60}
          value={condition.timezone}
          onChange={(event) => onChange({ ...condition, timezone: event.currentTarget.value.trim() })}
        />
      </label>
      <datalist id={id}>
        {Intl.supportedValuesOf("timeZone").map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      {condition.hours.map((span, place) => (
        <Span
          // biome-ignore lint/suspicious/noArrayIndexKey: spans are nothing but their place
          key={place}
          span={span}
          isAlone={condition.hours.length === 1}
          onChange={(next) => put(condition.hours.with(place, next))}
          onRemove={() => put(condition.hours.toSpliced(place, 1))}
        />
      ))}
      {condition.hours.length < spansMax && (
        <Button icon="plus" onClick={() => put([...condition.hours, { ...workweek, days: ["sat"] }])}>
          {said.addHours}
        </Button>
      )}
    </div>
  )
}

interface SpanProps {
  span: Hours
  isAlone: boolean
  onChange(span: Hours): void
  onRemove(): void
}

function Span({ span, isAlone, onChange, onRemove }: SpanProps) {
  const time = (which: "from" | "to") => (
    <label className={admin.row}>
      <span>{said[which]}</span>
      <input
        type="time"
        className={admin.inline}
        required
        // The field knows no 24:00; 00:00 ends the same moment.
        value={span[which] === "24:00" ? "00:00" : span[which]}
        onChange={(event) =>
          event.currentTarget.value !== "" && onChange({ ...span, [which]: event.currentTarget.value })
        }
      />
    </label>
  )
  return (
    <fieldset className={styles.span}>
      <legend className="said">{said.hoursOf(hoursOf(span))}</legend>
      {weekdays.map((day) => (
        <label key={day} className={styles.day}>
          <input
            type="checkbox"
            checked={span.days.includes(day)}
            onChange={(event) =>
              onChange({
                ...span,
                days: weekdays.filter((other) =>
                  other === day ? event.currentTarget.checked : span.days.includes(other),
                ),
              })
            }
          />
          <span>{dayName(day)}</span>
        </label>
      ))}
      {time("from")}
      {time("to")}
      {!isAlone && <Button look="quiet" icon="close" aria-label={said.removePart(hoursOf(span))} onClick={onRemove} />}
      {span.to <= span.from && <small className={admin.side}>{said.overnight}</small>}
    </fieldset>
  )
}
