import type { AppView } from "@causeway/contract/endpoints/apps"
import type { WebhookView } from "@causeway/contract/endpoints/webhooks"
import { useState } from "react"
import { adminWords } from "../../admin-words.ts"
import { fullTimeOf } from "../../format.ts"
import { integrationsApi } from "../../integrations-api.ts"
import { Button } from "../../parts/Button.tsx"
import { Notice } from "../../parts/Notice.tsx"
import styles from "./Admin.module.css"
import { ShownOnce } from "./Dialogs.tsx"
import { Loaded, Page } from "./Page.tsx"
import { useResource } from "./resource.ts"
import { Webhook } from "./Webhook.tsx"
import { RotateSecret, WebhookForm } from "./WebhookForm.tsx"

const said = adminWords.webhooks

/** How each fares is told by no event: it is asked for while somebody looks. */
const refreshMs = 10_000

export type AppWithWebhooks = { app: AppView; webhooks: WebhookView[] }

/** Addresses that are told what happens: made after they proved themselves, paused with the reason, resumed, tested. */
export default function Webhooks() {
  const apps = useResource("webhooks", integrationsApi.appsWithWebhooks, { of: ["webhook", "app"], everyMs: refreshMs })
  const [isMaking, setIsMaking] = useState(false)
  const list = apps.data ?? []
  return (
    <Page
      title={adminWords.admin.sections.webhooks}
      lead={said.lead}
      actions={
        list.length > 0 && (
          <Button look="primary" icon="plus" onClick={() => setIsMaking(true)}>
            {said.create}
          </Button>
        )
      }
    >
      <Loaded from={apps}>{(data) => <List apps={data} onChanged={apps.reload} />}</Loaded>
      {isMaking && (
        <WebhookForm
          apps={list.map(({ app }) => app)}
          webhook={null}
          onDone={() => {
            setIsMaking(false)
            void apps.reload()
          }}
          onClose={() => setIsMaking(false)}
        />
      )}
    </Page>
  )
}

function List({ apps, onChanged }: { apps: AppWithWebhooks[]; onChanged(): unknown }) {
  if (apps.length === 0) return <Notice title={said.noApps} text={said.noAppsText} />
  const used = apps.filter(({ webhooks }) => webhooks.length > 0)
  if (used.length === 0) return <Notice title={said.empty} text={said.emptyText} />
  return used.map(({ app, webhooks }) => (
    <section key={app.uid} className={styles.section} aria-label={app.name}>
      <AppHead app={app} onChanged={onChanged} />
      <ul className={styles.rows}>
        {webhooks.map((webhook) => (
          <Webhook key={webhook.id} webhook={webhook} app={app} onChanged={onChanged} />
        ))}
      </ul>
    </section>
  ))
}

function AppHead({ app, onChanged }: { app: AppView; onChanged(): unknown }) {
  const [isAsking, setIsAsking] = useState(false)
  const [made, setMade] = useState<{ secret: string; old_secret_until: number } | null>(null)
  return (
    <div className={styles.head}>
      <h2 dir="auto">{app.name}</h2>
      <Button aria-label={`${said.rotate}: ${app.name}`} onClick={() => setIsAsking(true)}>
        {said.rotate}
      </Button>
      {isAsking && (
        <RotateSecret
          app={app}
          onDone={(secret) => {
            setIsAsking(false)
            setMade(secret)
            void onChanged()
          }}
          onClose={() => setIsAsking(false)}
        />
      )}
      {made !== null && (
        <ShownOnce
          title={said.readyTitle(app.name)}
          text={said.readyText(fullTimeOf(made.old_secret_until))}
          values={[{ label: said.secret, value: made.secret }]}
          onClose={() => setMade(null)}
        />
      )}
    </div>
  )
}
