import type { AppView } from "@causeway/contract/endpoints/apps"
import { Link, useNavigate, useParams } from "@tanstack/react-router"
import { useId, useState } from "react"
import { developerApi } from "../../developer-api.ts"
import { developerWords } from "../../developer-words.ts"
import { Button } from "../../parts/Button.tsx"
import { CopyField } from "../../parts/CopyField.tsx"
import { Dialog } from "../../parts/Dialog.tsx"
import { Field } from "../../parts/Field.tsx"
import { Notice } from "../../parts/Notice.tsx"
import admin from "../Admin/Admin.module.css"
import { Loaded, Page, Problem } from "../Admin/Page.tsx"
import { useChange, useResource } from "../Admin/resource.ts"
import { TypePage } from "./TypePage.tsx"

const said = developerWords.types

const readTypes = async () => {
  const [{ apps }, { _results: channels }] = await Promise.all([developerApi.apps(), developerApi.channels()])
  return { apps, channels }
}

/** Channel types: what each is called, and whether it has channels; one of them with all that can be said of it. */
export default function Types() {
  const { itemId } = useParams({ strict: false })
  const types = useResource("types", readTypes)
  const [isMaking, setIsMaking] = useState(false)
  if (itemId !== undefined)
    return (
      <Loaded from={types}>
        {({ apps, channels }) => {
          const app = apps.find(({ uid }) => uid === itemId)
          return app === undefined ? (
            <Notice title={said.empty} text={said.emptyText} level={1} />
          ) : (
            <TypePage key={app.uid} app={app} channels={channels} onChanged={types.reload} />
          )
        }}
      </Loaded>
    )
  return (
    <Page
      title={developerWords.shell.sections.types}
      lead={said.lead}
      actions={
        <Button look="primary" icon="plus" onClick={() => setIsMaking(true)}>
          {said.create}
        </Button>
      }
    >
      <Loaded from={types}>
        {({ apps }) =>
          apps.length === 0 ? <Notice title={said.empty} text={said.emptyText} /> : <TypeList apps={apps} />
        }
      </Loaded>
      {isMaking && <Make onClose={() => setIsMaking(false)} onMade={types.reload} />}
    </Page>
  )
}

function TypeList({ apps }: { apps: AppView[] }) {
  return (
    <ul className={admin.rows}>
      {apps.map((app) => (
        <li key={app.uid}>
          <div className={admin.what}>
            <strong>
              <Link to="/developer/$section/$itemId" params={{ section: "types", itemId: app.uid }} dir="auto">
                {app.name}
              </Link>
            </strong>
            <span>
              {said.auths[app.server_auth.type as keyof typeof said.auths]} · {said.composers[app.composer]} ·{" "}
              {app.features.map((name) => said.featureNames[name as keyof typeof said.featureNames] ?? name).join(", ")}
            </span>
            <span dir="ltr">{app.webhook_url}</span>
          </div>
          {app.old_secret_until !== null && (
            <span className={admin.badge} data-state="warn">
              {app.signs_with_old ? said.signsOld : said.signsNew}
            </span>
          )}
          <Link to="/developer/$section" params={{ section: "log" }} search={{ app: app.uid }}>
            {said.logOf}
          </Link>
        </li>
      ))}
    </ul>
  )
}

function Make({ onClose, onMade }: { onClose(): void; onMade(): unknown }) {
  const form = useId()
  const navigate = useNavigate()
  const { run, isBusy, problem } = useChange()
  const [made, setMade] = useState<{ uid: string; secret: string } | null>(null)
  async function make(data: FormData): Promise<void> {
    const body = { name: String(data.get("name")).trim(), webhook_url: String(data.get("url")).trim() }
    const done = await run(() => developerApi.createApp(body), null)
    if (done === null) return
    setMade(done)
    await onMade()
  }
  if (made !== null)
    return (
      <Secret
        {...made}
        onClose={() =>
          void navigate({ to: "/developer/$section/$itemId", params: { section: "types", itemId: made.uid } })
        }
      />
    )
  return (
    <Dialog
      title={said.create}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{developerWords.shell.cancel}</Button>
          <Button look="primary" type="submit" form={form} disabled={isBusy}>
            {said.make}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className={admin.page}
        onSubmit={(event) => {
          event.preventDefault()
          void make(new FormData(event.currentTarget))
        }}
      >
        <Field name="name" label={said.name} autoComplete="off" maxLength={200} isFirst />
        <Field name="url" label={said.url} autoComplete="off" maxLength={2000} defaultValue="http://localhost:3000/" />
        <Problem text={problem} />
      </form>
    </Dialog>
  )
}

/** Shown once. */
export function Secret({ uid, secret, onClose }: { uid: string; secret: string; onClose(): void }) {
  return (
    <Dialog
      title={said.madeTitle}
      onClose={onClose}
      footer={
        <Button look="primary" onClick={onClose}>
          {developerWords.shell.close}
        </Button>
      }
    >
      <p>{said.madeText}</p>
      <CopyField label={said.uid} value={uid} />
      <CopyField label={said.secret} value={secret} />
    </Dialog>
  )
}
