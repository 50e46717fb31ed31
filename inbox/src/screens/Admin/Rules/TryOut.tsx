import type { NewRule, RuleView, TriedMessage, TriedRule } from "@causeway/contract/endpoints/rules"
import { Link } from "@tanstack/react-router"
import { useState } from "react"
import { adminWords } from "../../../admin-words.ts"
import { fullTimeOf } from "../../../format.ts"
import { Button } from "../../../parts/Button.tsx"
import { Dialog } from "../../../parts/Dialog.tsx"
import { rulesApi, type Trial, trialCount } from "../../../rules-api.ts"
import admin from "../Admin.module.css"
import { Loaded } from "../Page.tsx"
import { useResource } from "../resource.ts"
import type { Choices } from "./choices.ts"
import styles from "./Rules.module.css"
import { thenOf } from "./sentences.ts"

const said = adminWords.rules

interface TryOutProps {
  trial: Trial
  rules: readonly RuleView[]
  choices: Choices
  onClose(): void
}

/** What would have happened to what came in lately, word for word. Nothing is changed or sent. */
export function TryOut({ trial, rules, choices, onClose }: TryOutProps) {
  const isOne = trial.rule !== undefined
  const [inOrder, setInOrder] = useState(!isOne)
  const [showsAll, setShowsAll] = useState(false)
  const tried = useResource(`trial ${inOrder} ${JSON.stringify(trial)}`, () =>
    rulesApi.tryOut(isOne ? { ...trial, in_order: inOrder } : trial),
  )
  return (
    <Dialog
      title={said.tryTitle}
      onClose={onClose}
      footer={
        <Button look="primary" onClick={onClose}>
          {adminWords.admin.done}
        </Button>
      }
    >
      <div className={admin.page}>
        <p className={admin.side}>{said.tryText}</p>
        {isOne && rules.length > 0 && (
          <div className={admin.choices}>
            <label>
              <input type="checkbox" checked={inOrder} onChange={(event) => setInOrder(event.currentTarget.checked)} />
              <span>{said.inOrder}</span>
            </label>
          </div>
        )}
        <Loaded from={tried}>
          {({ messages }) => (
            <Results messages={messages} showsAll={showsAll} onAll={setShowsAll}>
              {(rule) => actionsOf(rule, trial, rules, choices)}
            </Results>
          )}
        </Loaded>
      </div>
    </Dialog>
  )
}

/** What a tried rule does, in this page's language. */
function actionsOf(tried: TriedRule, trial: Trial, rules: readonly RuleView[], choices: Choices): string[] {
  const isDraft = trial.rule !== undefined && (tried.rule_id === null || tried.rule_id === trial.rule_id)
  const rule: NewRule | RuleView | undefined = isDraft ? trial.rule : rules.find(({ id }) => id === tried.rule_id)
  // What it answers is said word for word beside this.
  return rule === undefined
    ? tried.actions
    : thenOf(
        rule.actions.filter(({ type }) => type !== "auto_reply"),
        choices,
      )
}

interface ResultsProps {
  messages: readonly TriedMessage[]
  showsAll: boolean
  onAll(showsAll: boolean): void
  children(rule: TriedRule): string[]
}

function Results({ messages, showsAll, onAll, children }: ResultsProps) {
  const matched = messages.filter(({ rules }) => rules.length > 0)
  if (messages.length === 0) return <output>{said.nothingCameIn}</output>
  const shown = showsAll ? messages : matched
  return (
    <>
      <output>
        <strong>{said.matched(matched.length, messages.length)}</strong>
        {messages.length === trialCount && ` · ${said.newest}`}
      </output>
      {matched.length < messages.length && (
        <div className={admin.choices}>
          <label>
            <input type="checkbox" checked={showsAll} onChange={(event) => onAll(event.currentTarget.checked)} />
            <span>{said.showAll}</span>
          </label>
        </div>
      )}
      {shown.length > 0 && (
        <ol className={`${admin.rows} ${styles.tried}`}>
          {shown.map((message) => (
            <li key={message.message_id}>
              <Tried message={message} actionsOf={children} />
            </li>
          ))}
        </ol>
      )}
    </>
  )
}

function Tried({ message, actionsOf }: { message: TriedMessage; actionsOf(rule: TriedRule): string[] }) {
  return (
    <div className={admin.what}>
      <strong dir="auto">
        <Link
          to="/inbox/$view/$conversationId"
          params={{ view: "open", conversationId: message.conversation_id }}
          target="_blank"
        >
          {message.from}
        </Link>
      </strong>
      <span dir="auto">{message.blurb}</span>
      <span>{fullTimeOf(message.created_at)}</span>
      {message.rules.length === 0 && <span>{said.noMatch}</span>}
      {message.rules.map((rule, place) => (
        <div key={rule.rule_id ?? "draft"} className={styles.outcome}>
          <span>
            {message.rules.length > 1 && <span className={admin.badge}>{said.nth(String(place + 1))}</span>}{" "}
            <strong>
              <bdi>{rule.name}</bdi>
            </strong>
            {actionsOf(rule).map((action) => ` · ${action}`)}
          </span>
          {rule.auto_reply !== null && <Answer reply={rule.auto_reply} />}
        </div>
      ))}
    </div>
  )
}

function Answer({ reply }: { reply: NonNullable<TriedRule["auto_reply"]> }) {
  if (!reply.is_sent)
    return (
      <span>
        {said.notAnswered} {said.whyNot[reply.why_code ?? ""] ?? reply.why_not}
      </span>
    )
  return (
    <figure className={styles.answer}>
      <figcaption>{said.answer(reply.to)}</figcaption>
      <blockquote dir="auto">{reply.text}</blockquote>
    </figure>
  )
}
