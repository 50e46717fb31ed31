import type { RuleActivity, RuleView } from "@causeway/contract/endpoints/rules"
import { Link } from "@tanstack/react-router"
import { adminWords } from "../../../admin-words.ts"
import { serverNow } from "../../../api.ts"
import { agoOf, numberOf } from "../../../format.ts"
import { Button } from "../../../parts/Button.tsx"
import { rulesApi } from "../../../rules-api.ts"
import admin from "../Admin.module.css"
import { Problem } from "../Page.tsx"
import { useChange } from "../resource.ts"
import type { Choices } from "./choices.ts"
import styles from "./Rules.module.css"
import { thenOf, whenOf } from "./sentences.ts"

const said = adminWords.rules

interface RuleRowProps {
  rule: RuleView
  place: number
  count: number
  activity: RuleActivity | null
  choices: Choices
  mayChange: boolean
  onMove(by: 1 | -1): void
  onDrag(): void
  onDrop(): void
  onChanged(): Promise<unknown>
}

/** One rule: its place, what it does when, how it fares; switched and moved where it stands. */
export function RuleRow(props: RuleRowProps) {
  const { rule, place, choices, mayChange, onMove, onDrag, onDrop } = props
  return (
    <li
      draggable={mayChange}
      onDragStart={onDrag}
      onDragOver={(event) => event.preventDefault()}
      onDrop={onDrop}
      onKeyDown={(event) => {
        const by = { ArrowUp: -1, ArrowDown: 1 }[event.key] as 1 | -1 | undefined
        if (!mayChange || by === undefined || !event.altKey) return
        event.preventDefault()
        onMove(by)
      }}
    >
      <span className={styles.place}>{numberOf(place + 1)}</span>
      <div className={admin.what}>
        <strong>
          <bdi>
            {mayChange ? (
              <Link to="/admin/$section/$itemId" params={{ section: "rules", itemId: rule.id }}>
                {rule.name}
              </Link>
            ) : (
              rule.name
            )}
          </bdi>{" "}
          {!rule.is_enabled && <span className={admin.badge}>{said.off}</span>}
        </strong>
        <Sentences rule={rule} choices={choices} />
        <Fares activity={props.activity} />
      </div>
      {mayChange && <Controls {...props} />}
    </li>
  )
}

function Sentences({ rule, choices }: { rule: RuleView; choices: Choices }) {
  return (
    <dl className={styles.sentences}>
      <dt>{said.when}</dt>
      <dd>{whenOf(rule.conditions, rule.match, choices)}</dd>
      <dt>{said.outcome}</dt>
      <dd>
        {thenOf(rule.actions, choices).join(" · ")}
        {rule.stop_processing && ` · ${said.stopsShort}`}
      </dd>
    </dl>
  )
}

/** How it went within a day; a reply that failed leads to where it can be sent again. */
function Fares({ activity }: { activity: RuleActivity | null }) {
  if (activity === null || activity.last_run_at === null) return null
  const failed = activity.failed_replies + activity.failed_calls
  return (
    <span>
      {said.ran(activity.runs)} · {said.lastRan(agoOf(activity.last_run_at, serverNow()))}
      {failed > 0 && (
        <>
          {" · "}
          <Link to="/inbox/$view" params={{ view: "failed" }} className={styles.failing ?? ""}>
            {activity.failed_replies > 0
              ? said.failedReplies(activity.failed_replies)
              : said.failedCalls(activity.failed_calls)}
          </Link>
        </>
      )}
    </span>
  )
}

function Controls({ rule, place, count, onMove, onChanged }: RuleRowProps) {
  const { run, isBusy, problem } = useChange()
  const flip = async (isEnabled: boolean) => {
    await run(
      () => rulesApi.change(rule.id, { is_enabled: isEnabled }),
      isEnabled ? said.isOn(rule.name) : said.isOff(rule.name),
    )
    await onChanged()
  }
  return (
    <>
      <label className={admin.row}>
        <input
          type="checkbox"
          aria-label={said.switch(rule.name)}
          checked={rule.is_enabled}
          disabled={isBusy}
          onChange={(event) => void flip(event.currentTarget.checked)}
        />
        <span aria-hidden="true">{said.on}</span>
      </label>
      <span className={styles.moves}>
        <Button
          look="quiet"
          icon="up"
          aria-label={said.up(rule.name)}
          aria-keyshortcuts="Alt+ArrowUp"
          aria-disabled={place === 0}
          onClick={() => onMove(-1)}
        />
        <Button
          look="quiet"
          icon="down"
          aria-label={said.down(rule.name)}
          aria-keyshortcuts="Alt+ArrowDown"
          aria-disabled={place === count - 1}
          onClick={() => onMove(1)}
        />
      </span>
      <Problem text={problem} />
    </>
  )
}
