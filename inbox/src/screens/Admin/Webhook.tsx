import type { AppView } from "@causeway/contract/endpoints/apps"
import type { WebhookView } from "@causeway/contract/endpoints/webhooks"
import { webhookFailuresMax } from "@causeway/contract/limits"
import { pausedByHand } from "@causeway/contract/webhook-events"
import { type SyntheticEvent, useState } from "react"
import { adminWords } from "../../admin-words.ts"
import { ApiError } from "../../api.ts"
import { fullTimeOf, millisecondsOf, numberOf } from "../../format.ts"
import { integrationsApi } from "../../integrations-api.ts"
import { Button } from "../../parts/Button.tsx"
import { Icon } from "../../parts/Icon.tsx"
import { reasonOf } from "../../refusal.ts"
import styles from "./Admin.module.css"
import { ConfirmDialog } from "./Dialogs.tsx"
import { Loaded, Problem } from "./Page.tsx"
import { sentenceOf, useChange, useResource } from "./resource.ts"
import { WebhookForm } from "./WebhookForm.tsx"

const said = adminWords.webhooks

interface WebhookProps {
  webhook: WebhookView
  app: AppView
  onChanged(): unknown
}

/** One address: what it is told, whether it takes it, and what can be done about it. */
export function Webhook({ webhook, app, onChanged }: WebhookProps) {
  const { run, isBusy, problem } = useChange()
  const [isOpen, setIsOpen] = useState(false)
  const [proof, setProof] = useState<Proof>(null)
  const change = async (work: () => Promise<unknown>, done?: string) => {
    await run(work, done)
    await onChanged()
  }
  const test = async () => {
    setProof("asking")
    try {
      const { took_ms } = await integrationsApi.testWebhook(webhook.id)
      setProof({ isGood: true, text: said.tested(millisecondsOf(took_ms)) })
    } catch (error) {
      setProof({
        isGood: false,
        text: error instanceof ApiError && error.status === 400 ? reasonOf(error) : sentenceOf(error),
      })
    }
  }
  return (
    <li>
      <State webhook={webhook} />
      <div className={styles.what}>
        <strong dir="ltr">{webhook.url}</strong>
        <span>
          {webhook.event_types.length === 0 ? said.everything : said.told(webhook.event_types.length)} ·{" "}
          {said.payloads[webhook.payload]}
        </span>
        <Trouble webhook={webhook} />
      </div>
      {webhook.state === "paused" ? (
        <Resume webhook={webhook} isBusy={isBusy} onChange={change} />
      ) : (
        <Button
          disabled={isBusy}
          aria-label={`${said.pause}: ${webhook.url}`}
          onClick={() => void change(() => integrationsApi.pauseWebhook(webhook.id))}
        >
          {said.pause}
        </Button>
      )}
      <Button disabled={proof === "asking"} aria-label={`${said.test}: ${webhook.url}`} onClick={() => void test()}>
        {said.test}
      </Button>
      <details
        className={styles.details}
        onToggle={(event: SyntheticEvent<HTMLDetailsElement>) => setIsOpen(event.currentTarget.open)}
      >
        <summary className={styles.side}>{said.more(webhook.url)}</summary>
        {isOpen && <More webhook={webhook} app={app} onChanged={onChanged} />}
      </details>
      <TestResult proof={proof} />
      <Problem text={problem} />
    </li>
  )
}

/** How the last test went; null: there was none. */
type Proof = null | "asking" | { isGood: boolean; text: string }

function TestResult({ proof }: { proof: Proof }) {
  if (proof === null) return null
  if (proof === "asking") return <output className={styles.side}>{said.asking}</output>
  return proof.isGood ? <output className={styles.side}>✓ {proof.text}</output> : <Problem text={proof.text} />
}

function State({ webhook: { state, failures } }: { webhook: WebhookView }) {
  const kind = state === "paused" ? "fail" : failures > 0 ? "warn" : "ok"
  return (
    <span className={styles.badge} data-state={kind}>
      <Icon name={{ fail: "pause", warn: "failed", ok: "sent" }[kind] as "pause"} size={13} />
      {{ fail: said.paused, warn: said.failing, ok: said.active }[kind]}
    </span>
  )
}

/** Why it stands still, or that it soon may. */
function Trouble({ webhook: { state, state_reason, state_at, failures } }: { webhook: WebhookView }) {
  if (state === "paused")
    return (
      <>
        <span>
          {said.pausedBy(state_reason === pausedByHand ? said.byHand : (state_reason ?? "?"), fullTimeOf(state_at))}
        </span>
        <span>{said.pausedText}</span>
      </>
    )
  if (failures === 0) return null
  return (
    <span>
      {said.failures(failures)}. {said.failuresText(numberOf(webhookFailuresMax))}
    </span>
  )
}

interface ResumeProps {
  webhook: WebhookView
  isBusy: boolean
  onChange(work: () => Promise<unknown>): Promise<void>
}

function Resume({ webhook, isBusy, onChange }: ResumeProps) {
  const [isAsking, setIsAsking] = useState(false)
  const resume = (from: "failed" | "now") => onChange(() => integrationsApi.resumeWebhook(webhook.id, from))
  return (
    <>
      <Button
        look="primary"
        disabled={isBusy}
        aria-label={`${said.resume}: ${webhook.url}`}
        onClick={() => void resume("failed")}
      >
        {said.resume}
      </Button>
      <Button disabled={isBusy} aria-label={`${said.resumeNow}: ${webhook.url}`} onClick={() => setIsAsking(true)}>
        {said.resumeNow}
      </Button>
      {isAsking && (
        <ConfirmDialog
          title={said.resumeNowTitle}
          text={said.resumeNowText}
          action={said.resumeNow}
          isBusy={isBusy}
          onConfirm={() => {
            setIsAsking(false)
            void resume("now")
          }}
          onClose={() => setIsAsking(false)}
        />
      )}
    </>
  )
}

/** What failed lately, and the ways to change or end it. */
function More({ webhook, app, onChanged }: WebhookProps) {
  const [open, setOpen] = useState<"edit" | "remove" | null>(null)
  const { run, isBusy, problem } = useChange()
  const close = () => setOpen(null)
  const remove = async () => {
    if ((await run(() => integrationsApi.deleteWebhook(webhook.id))) !== null) await onChanged()
  }
  return (
    <div className={styles.section}>
      {webhook.event_types.length > 0 && (
        <p className={styles.side} dir="ltr">
          {webhook.event_types.join(" · ")}
        </p>
      )}
      <Failures webhook={webhook} />
      <div className={styles.filters}>
        <Button onClick={() => setOpen("edit")}>{said.edit}</Button>
        <Button icon="trash" onClick={() => setOpen("remove")}>
          {said.remove}
        </Button>
      </div>
      {open === "edit" && (
        <WebhookForm
          apps={[app]}
          webhook={webhook}
          onDone={() => {
            close()
            void onChanged()
          }}
          onClose={close}
        />
      )}
      {open === "remove" && (
        <ConfirmDialog
          title={said.removeTitle}
          text={said.removeText}
          action={said.remove}
          isBusy={isBusy}
          problem={problem}
          onConfirm={() => void remove()}
          onClose={close}
        />
      )}
    </div>
  )
}

function Failures({ webhook }: { webhook: WebhookView }) {
  const failures = useResource(`failures ${webhook.id}`, () => integrationsApi.failuresOf(webhook.id), {
    of: ["webhook"],
    everyMs: 10_000,
  })
  return (
    <div>
      <h2>{said.recent}</h2>
      <Loaded from={failures}>
        {({ deliveries }) =>
          deliveries.length === 0 ? (
            <p className={styles.side}>{said.noRecent}</p>
          ) : (
            <ul className={styles.rows}>
              {deliveries.map((delivery) => {
                const status = delivery.attempts.at(-1)?.response?.status
                return (
                  <li key={delivery.id}>
                    <div className={styles.what}>
                      <strong>{status === undefined ? delivery.error_code : said.answered(String(status))}</strong>
                      {status === undefined && <span dir="auto">{delivery.reason}</span>}
                    </div>
                    <span className={styles.side}>{fullTimeOf(delivery.finished_at ?? delivery.created_at)}</span>
                  </li>
                )
              })}
            </ul>
          )
        }
      </Loaded>
    </div>
  )
}
