import type { RuleActivity, RuleView } from "@causeway/contract/endpoints/rules"
import { Link } from "@tanstack/react-router"
import { useState } from "react"
import { adminWords } from "../../../admin-words.ts"
import { Button } from "../../../parts/Button.tsx"
import { Icon } from "../../../parts/Icon.tsx"
import { Notice } from "../../../parts/Notice.tsx"
import { rulesApi } from "../../../rules-api.ts"
import admin from "../Admin.module.css"
import { useMay } from "../access.ts"
import { Loaded, Page, Problem } from "../Page.tsx"
import { useResource } from "../resource.ts"
import { type Choices, useChoices } from "./choices.ts"
import { RuleRow } from "./RuleRow.tsx"
import styles from "./Rules.module.css"
import { TryOut } from "./TryOut.tsx"
import { useOrder } from "./useOrder.ts"

const said = adminWords.rules

/** How often they ran is told by no event: it is asked for while somebody looks. */
const refreshMs = 15_000

/** All rules, asked from top to bottom. */
export function RuleList() {
  const may = useMay("rules")
  const rules = useResource("rules", rulesApi.list, { of: ["rule"] })
  const activity = useResource("rule activity", rulesApi.activity, { of: ["rule"], everyMs: refreshMs })
  const choices = useChoices()
  const [isTrying, setIsTrying] = useState(false)
  const hasRules = (rules.data?.rules.length ?? 0) > 0
  return (
    <Page
      title={adminWords.admin.sections.rules}
      lead={said.lead}
      actions={
        may.change && (
          <div className={admin.row}>
            {hasRules && <Button onClick={() => setIsTrying(true)}>{said.tryAll}</Button>}
            <Link
              to="/admin/$section/$itemId"
              params={{ section: "rules", itemId: "new" }}
              className={admin.primary ?? ""}
            >
              <Icon name="plus" /> {said.create}
            </Link>
          </div>
        )
      }
    >
      {!may.change && <p className={admin.side}>{adminWords.admin.onlyAdminsChange}</p>}
      <Loaded from={choices === null ? { ...rules, data: undefined } : rules}>
        {(data) =>
          data.rules.length === 0 ? (
            <Notice title={said.empty} text={said.emptyText} />
          ) : (
            <Ordered
              rules={data.rules}
              activity={activity.data?.rules ?? []}
              choices={choices as Choices}
              mayChange={may.change}
              onChanged={rules.reload}
            />
          )
        }
      </Loaded>
      <p className={styles.safety}>{said.safety}</p>
      {isTrying && choices !== null && (
        <TryOut trial={{}} rules={rules.data?.rules ?? []} choices={choices} onClose={() => setIsTrying(false)} />
      )}
    </Page>
  )
}

interface OrderedProps {
  rules: readonly RuleView[]
  activity: readonly RuleActivity[]
  choices: Choices
  mayChange: boolean
  onChanged(): Promise<unknown>
}

function Ordered({ rules, activity, choices, mayChange, onChanged }: OrderedProps) {
  const { ordered, problem, move, drop, setDragged } = useOrder(rules, onChanged)
  return (
    <>
      <ol className={admin.rows}>
        {ordered.map((rule, place) => (
          <RuleRow
            key={rule.id}
            rule={rule}
            place={place}
            count={ordered.length}
            activity={activity.find((each) => each.rule_id === rule.id) ?? null}
            choices={choices}
            mayChange={mayChange}
            onMove={(by) => void move(rule, by)}
            onDrag={() => setDragged(rule.id)}
            onDrop={() => void drop(place)}
            onChanged={onChanged}
          />
        ))}
      </ol>
      <Problem text={problem} />
    </>
  )
}
