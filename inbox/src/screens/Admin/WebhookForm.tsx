import type { AppView } from "@causeway/contract/endpoints/apps"
import type { WebhookView } from "@causeway/contract/endpoints/webhooks"
import { type WebhookEvent, webhookEventNames } from "@causeway/contract/webhook-events"
import { useState } from "react"
import { adminWords } from "../../admin-words.ts"
import { integrationsApi } from "../../integrations-api.ts"
import styles from "./Admin.module.css"
import { AllOrSome, chosenIn } from "./AllOrSome.tsx"
import { FormDialog } from "./Dialogs.tsx"
import { useChange } from "./resource.ts"

const said = adminWords.webhooks
const payloads = ["full", "preview"] as const

interface WebhookFormProps {
  /** Whose secret may sign. */
  apps: readonly AppView[]
  /** null: a new one. */
  webhook: WebhookView | null
  onDone(): void
  onClose(): void
}

/** Address, events and how much of them. A new address has to prove itself before anything is kept. */
export function WebhookForm({ apps, webhook, onDone, onClose }: WebhookFormProps) {
  const { run, isBusy, problem } = useChange()
  const [isNothing, setIsNothing] = useState(false)
  async function save(data: FormData): Promise<void> {
    const chosen = chosenIn(data) as WebhookEvent[] | null
    // An empty list would mean every event.
    const nothing = chosen?.length === 0
    setIsNothing(nothing)
    if (nothing) return
    const body = {
      url: String(data.get("url")).trim(),
      event_types: chosen ?? [],
      payload: data.get("payload") as (typeof payloads)[number],
    }
    const work = () =>
      webhook === null
        ? integrationsApi.createWebhook(String(data.get("app")), body)
        : integrationsApi.changeWebhook(webhook.id, body)
    if ((await run(work)) !== null) onDone()
  }
  return (
    <FormDialog
      title={webhook === null ? said.title : said.editTitle}
      submit={webhook === null ? said.make : said.save}
      isBusy={isBusy}
      problem={isNothing ? said.nothing : problem}
      onSubmit={(data) => void save(data)}
      onClose={onClose}
    >
      {webhook === null && (
        <label className={styles.select}>
          <span>{said.app}</span>
          <select name="app">
            {apps.map((app) => (
              <option key={app.uid} value={app.uid}>
                {app.name}
              </option>
            ))}
          </select>
        </label>
      )}
      <label className={styles.select}>
        <span>{said.url}</span>
        <input name="url" type="url" dir="ltr" required maxLength={2000} defaultValue={webhook?.url ?? "https://"} />
        <small>{said.urlHint}</small>
      </label>
      <AllOrSome
        legend={said.events}
        all={said.all}
        some={said.some}
        options={webhookEventNames}
        given={webhook === null || webhook.event_types.length === 0 ? null : webhook.event_types}
      />
      <fieldset className={styles.choices}>
        <legend>{said.payload}</legend>
        {payloads.map((payload) => (
          <label key={payload}>
            <input
              type="radio"
              name="payload"
              value={payload}
              defaultChecked={payload === (webhook?.payload ?? "full")}
            />
            <span>{said.payloads[payload]}</span>
          </label>
        ))}
      </fieldset>
      {isBusy && <output>{said.asking}</output>}
    </FormDialog>
  )
}

const overlapHours = [24, 72, 168, 1, 0] as const

interface RotateSecretProps {
  app: AppView
  onDone(made: { secret: string; old_secret_until: number }): void
  onClose(): void
}

/** A new secret for an app, and how long the one before it still holds. */
export function RotateSecret({ app, onDone, onClose }: RotateSecretProps) {
  const { run, isBusy, problem } = useChange()
  async function rotate(data: FormData): Promise<void> {
    const hours = Number(data.get("hours"))
    const made = await run(() => integrationsApi.rotateAppSecret(app.uid, hours, data.get("old") === "on"), null)
    if (made !== null) onDone(made)
  }
  return (
    <FormDialog
      title={said.rotateTitle(app.name)}
      submit={said.rotate}
      isBusy={isBusy}
      problem={problem}
      onSubmit={(data) => void rotate(data)}
      onClose={onClose}
    >
      <p>{said.rotateText}</p>
      <label className={styles.select}>
        <span>{said.overlap}</span>
        <select name="hours">
          {overlapHours.map((hours) => (
            <option key={hours} value={hours}>
              {said.overlaps(hours)}
            </option>
          ))}
        </select>
      </label>
      <div className={styles.choices}>
        <label>
          <input type="checkbox" name="old" defaultChecked />
          <span>
            {said.signsWithOld} <small>{said.signsWithOldHint}</small>
          </span>
        </label>
      </div>
    </FormDialog>
  )
}
