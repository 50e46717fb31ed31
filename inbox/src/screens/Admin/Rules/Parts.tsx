import type { Condition, NewAction, RuleView } from "@causeway/contract/endpoints/rules"
import { ruleActionsMax, ruleConditionsMax } from "@causeway/contract/limits"
import { type ReactNode, useEffect, useRef } from "react"
import { adminWords } from "../../../admin-words.ts"
import { Button } from "../../../parts/Button.tsx"
import admin from "../Admin.module.css"
import { ActionFields } from "./ActionFields.tsx"
import { ConditionFields } from "./ConditionFields.tsx"
import type { Choices } from "./choices.ts"
import { actionTypes, blankAction, blankCondition, conditionTypes, type Draft, type Row, rowOf } from "./draft.ts"
import styles from "./Rules.module.css"

const said = adminWords.rules

interface PartProps {
  draft: Draft
  choices: Choices
  onChange(draft: Draft): void
}

/** The "When" of a rule. */
export function Conditions({ draft, choices, onChange }: PartProps) {
  const rows = draft.conditions
  const put = (conditions: Row<Condition>[]) => onChange({ ...draft, conditions })
  return (
    <section className={admin.section}>
      <h2>{said.when}</h2>
      {rows.length === 0 && <p className={admin.side}>{said.everyMessage}</p>}
      {rows.length > 1 && (
        <label className={admin.select}>
          <span>{said.match}</span>
          <select
            value={draft.match}
            onChange={(event) => onChange({ ...draft, match: event.currentTarget.value as Draft["match"] })}
          >
            <option value="all">{said.matches.all}</option>
            <option value="any">{said.matches.any}</option>
          </select>
        </label>
      )}
      <Rows rows={rows} nameOf={(row) => said.conditionNames[row.value.type]} onChange={put}>
        {(value, change) => (
          <>
            <select
              className={admin.inline}
              aria-label={said.conditionType}
              value={value.type}
              onChange={(event) => change(blankCondition(event.currentTarget.value as Condition["type"]))}
            >
              {conditionTypes.map((type) => (
                <option key={type} value={type}>
                  {said.conditionNames[type]}
                </option>
              ))}
            </select>
            <select
              className={admin.inline}
              aria-label={said.negation}
              value={value.not ? "not" : "is"}
              onChange={(event) => change({ ...value, not: event.currentTarget.value === "not" })}
            >
              <option value="is">{said.negations[value.type].is}</option>
              <option value="not">{said.negations[value.type].not}</option>
            </select>
            <ConditionFields condition={value} choices={choices} onChange={change} />
          </>
        )}
      </Rows>
      {rows.length < ruleConditionsMax && (
        <Button icon="plus" onClick={() => put([...rows, rowOf(blankCondition("channel"))])}>
          {said.addCondition}
        </Button>
      )}
    </section>
  )
}

/** The "Then" of a rule. */
export function Actions({ draft, choices, rule, onChange }: PartProps & { rule: RuleView | null }) {
  const rows = draft.actions
  const put = (actions: Row<NewAction>[]) => onChange({ ...draft, actions })
  return (
    <section className={admin.section}>
      <h2>{said.outcome}</h2>
      <Rows rows={rows} nameOf={(row) => said.actionNames[row.value.type]} onChange={put}>
        {(value, change) => (
          <>
            <select
              className={admin.inline}
              aria-label={said.actionType}
              value={value.type}
              onChange={(event) => change(blankAction(event.currentTarget.value as NewAction["type"]))}
            >
              {actionTypes.map((type) => (
                <option key={type} value={type}>
                  {said.actionNames[type]}
                </option>
              ))}
            </select>
            <ActionFields action={value} choices={choices} rule={rule} onChange={change} />
          </>
        )}
      </Rows>
      {rows.length < ruleActionsMax && (
        <Button icon="plus" onClick={() => put([...rows, rowOf(blankAction("auto_reply"))])}>
          {said.addAction}
        </Button>
      )}
    </section>
  )
}

interface RowsProps<Value> {
  rows: readonly Row<Value>[]
  nameOf(row: Row<Value>): string
  onChange(rows: Row<Value>[]): void
  children(value: Value, change: (value: Value) => void): ReactNode
}

/** Fieldsets one under the other; a new one takes the focus, and one that is removed leaves it to the one before. */
function Rows<Value>({ rows, nameOf, onChange, children }: RowsProps<Value>) {
  const list = useRef<HTMLDivElement>(null)
  const known = useRef(rows.length)
  useEffect(() => {
    const before = known.current
    known.current = rows.length
    if (rows.length === before) return
    const fieldsets = list.current?.querySelectorAll<HTMLElement>(":scope > fieldset")
    const last = fieldsets?.[fieldsets.length - 1]?.querySelector<HTMLElement>("select, button")
    const add = list.current?.nextElementSibling
    if (last) last.focus()
    else if (rows.length < before && add instanceof HTMLElement) add.focus()
  }, [rows.length])
  const replace = (key: number, value: Value) => onChange(rows.map((row) => (row.key === key ? { key, value } : row)))
  return (
    <div ref={list} className={styles.parts}>
      {rows.map((row, place) => (
        <fieldset key={row.key} className={styles.part}>
          <legend className="said">{said.part(String(place + 1), nameOf(row))}</legend>
          {children(row.value, (value) => replace(row.key, value))}
          <Button
            look="quiet"
            icon="close"
            className={styles.removal}
            aria-label={said.removePart(nameOf(row))}
            onClick={() => onChange(rows.filter((each) => each.key !== row.key))}
          />
        </fieldset>
      ))}
    </div>
  )
}
