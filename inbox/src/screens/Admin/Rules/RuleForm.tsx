import type { RuleView } from "@causeway/contract/endpoints/rules"
import { useBlocker, useNavigate } from "@tanstack/react-router"
import { type FormEvent, useState } from "react"
import { adminWords } from "../../../admin-words.ts"
import { Button } from "../../../parts/Button.tsx"
import { rulesApi } from "../../../rules-api.ts"
import admin from "../Admin.module.css"
import { ConfirmDialog } from "../Dialogs.tsx"
import { Problem } from "../Page.tsx"
import { useChange } from "../resource.ts"
import type { Choices } from "./choices.ts"
import { type Draft, draftOf, emptyDraft, type Gap, gapIn, ruleIn } from "./draft.ts"
import { Actions, Conditions } from "./Parts.tsx"
import styles from "./Rules.module.css"
import { Starters } from "./Starters.tsx"
import { TryOut } from "./TryOut.tsx"

const said = adminWords.rules

interface RuleFormProps {
  /** null: a new one. */
  rule: RuleView | null
  rules: readonly RuleView[]
  choices: Choices
}

/** When, and what then; tried on what came in lately before it is kept. */
export function RuleForm({ rule, rules, choices }: RuleFormProps) {
  const navigate = useNavigate()
  const { run, isBusy, problem } = useChange()
  const [draft, setDraft] = useState<Draft>(() => (rule === null ? emptyDraft : draftOf(rule)))
  const [before, setBefore] = useState(draft)
  const [gap, setGap] = useState<Gap | null>(null)
  const [isTrying, setIsTrying] = useState(false)
  const toList = () => navigate({ to: "/admin/$section", params: { section: "rules" }, ignoreBlocker: true })

  /** Whether nothing is missing; says what is. */
  function isWhole(): boolean {
    const found = gapIn(draft)
    setGap(found)
    return found === null
  }
  async function save(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (!isWhole()) return
    const sent = ruleIn(draft)
    const kept = await run(
      () => (rule === null ? rulesApi.create(sent) : rulesApi.change(rule.id, sent)),
      said.saved(sent.name),
    )
    if (kept === null) return
    setBefore(draft)
    await toList()
  }

  return (
    <form className={admin.page} noValidate onSubmit={(event) => void save(event)}>
      {rule === null && draft === emptyDraft && <Starters onChoose={setDraft} />}
      <label className={admin.select}>
        <span>{said.name}</span>
        <input
          dir="auto"
          maxLength={200}
          value={draft.name}
          onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
        />
      </label>
      <Conditions draft={draft} choices={choices} onChange={setDraft} />
      <Actions draft={draft} choices={choices} rule={rule} onChange={setDraft} />
      <div className={admin.choices}>
        <label>
          <input
            type="checkbox"
            checked={draft.stops}
            onChange={(event) => setDraft({ ...draft, stops: event.currentTarget.checked })}
          />
          <span>
            {said.stops} <small>{said.stopsHint}</small>
          </span>
        </label>
      </div>
      <p className={styles.safety}>{said.safety}</p>
      <Problem text={gap === null ? problem : gapInWords(gap)} />
      <div className={admin.filters}>
        <Button type="submit" look="primary" disabled={isBusy}>
          {said.save}
        </Button>
        <Button disabled={isBusy} onClick={() => isWhole() && setIsTrying(true)}>
          {said.tryOne}
        </Button>
        {rule !== null && <Removal rule={rule} onRemoved={toList} />}
      </div>
      {isTrying && (
        <TryOut
          trial={{ rule: ruleIn(draft), ...(rule !== null && { rule_id: rule.id }) }}
          rules={rules}
          choices={choices}
          onClose={() => setIsTrying(false)}
        />
      )}
      <LeaveGuard isChanged={draft !== before} />
    </form>
  )
}

function gapInWords(gap: Gap): string {
  if (gap.at === "name") return said.gaps.name
  if (gap.at === "actions") return said.gaps.actions
  return said.gaps.choice(gap.at === "condition" ? said.conditionNames[gap.type] : said.actionNames[gap.type])
}

/** Asks before what was written and not saved is left behind. */
function LeaveGuard({ isChanged }: { isChanged: boolean }) {
  const blocker = useBlocker({
    shouldBlockFn: () => isChanged,
    enableBeforeUnload: () => isChanged,
    withResolver: true,
  })
  if (blocker.status !== "blocked") return null
  return (
    <ConfirmDialog
      title={said.leaveTitle}
      text={said.leaveText}
      action={said.leave}
      onConfirm={blocker.proceed}
      onClose={blocker.reset}
    />
  )
}

function Removal({ rule, onRemoved }: { rule: RuleView; onRemoved(): Promise<unknown> }) {
  const [isAsking, setIsAsking] = useState(false)
  const { run, isBusy, problem } = useChange()
  const remove = async () => {
    if ((await run(() => rulesApi.remove(rule.id), said.removed(rule.name))) !== null) await onRemoved()
  }
  return (
    <>
      <Button icon="trash" onClick={() => setIsAsking(true)}>
        {said.remove}
      </Button>
      {isAsking && (
        <ConfirmDialog
          title={said.removeTitle(rule.name)}
          text={said.removeText}
          action={said.remove}
          isBusy={isBusy}
          problem={problem}
          onConfirm={() => void remove()}
          onClose={() => setIsAsking(false)}
        />
      )}
    </>
  )
}
