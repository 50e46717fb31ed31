import { adminWords } from "../../../admin-words.ts"
import { Button } from "../../../parts/Button.tsx"
import admin from "../Admin.module.css"
import { blankAction, blankCondition, type Draft, emptyDraft, rowOf } from "./draft.ts"

const said = adminWords.rules

const starters = {
  away: (): Draft => ({
    ...emptyDraft,
    name: said.starters.away,
    conditions: [rowOf({ ...blankCondition("business_hours"), not: true })],
    actions: [rowOf({ type: "auto_reply", body: said.starters.awayText, period_hours: 12 })],
  }),
  greeting: (): Draft => ({
    ...emptyDraft,
    name: said.starters.greeting,
    conditions: [rowOf(blankCondition("first_message"))],
    actions: [rowOf({ type: "auto_reply", body: said.starters.greetingText, period_hours: 24 })],
  }),
  sort: (): Draft => ({
    ...emptyDraft,
    name: said.starters.sort,
    conditions: [rowOf(blankCondition("text_contains"))],
    actions: [rowOf(blankAction("tag"))],
  }),
}

/** What most rules are, filled in as far as it can be. */
export const Starters = ({ onChoose }: { onChoose(draft: Draft): void }) => (
  <div className={admin.filters}>
    <span className={admin.side}>{said.starters.label}</span>
    {(["away", "greeting", "sort"] as const).map((name) => (
      <Button key={name} onClick={() => onChoose(starters[name]())}>
        {said.starters[name]}
      </Button>
    ))}
  </div>
)
