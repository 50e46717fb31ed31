import type { AppView } from "@causeway/contract/endpoints/apps"
import type { Channel } from "@causeway/contract/resources/channel"
import { Link, useNavigate } from "@tanstack/react-router"
import { useState } from "react"
import { serverNow } from "../../api.ts"
import { developerApi } from "../../developer-api.ts"
import { developerWords } from "../../developer-words.ts"
import { momentOf } from "../../format.ts"
import { Button } from "../../parts/Button.tsx"
import { CopyField } from "../../parts/CopyField.tsx"
import { Dialog } from "../../parts/Dialog.tsx"
import admin from "../Admin/Admin.module.css"
import { Page } from "../Admin/Page.tsx"
import { useChange } from "../Admin/resource.ts"
import { ManifestEditor } from "./Manifest.tsx"
import { Secret } from "./Types.tsx"

const said = developerWords.types

interface Props {
  app: AppView
  channels: readonly Channel[]
  onChanged(): unknown
}

/** One channel type: what it is, its manifest, its secret and the addresses to connect with. */
export function TypePage({ app, channels, onChanged }: Props) {
  const [isRemoving, setIsRemoving] = useState(false)
  return (
    <Page
      title={app.name}
      lead={app.webhook_url}
      actions={
        <div className={admin.filters}>
          <Link to="/developer/$section" params={{ section: "log" }} search={{ app: app.uid }}>
            {said.logOf}
          </Link>
          <Link to="/developer/$section" params={{ section: "conformance" }} search={{ app: app.uid }}>
            {said.verify}
          </Link>
          <Button icon="trash" onClick={() => setIsRemoving(true)}>
            {said.remove}
          </Button>
        </div>
      }
    >
      <section className={admin.section}>
        <div>
          <CopyField label={said.uid} value={app.uid} />
        </div>
      </section>
      <Credentials app={app} onChanged={onChanged} />
      <ManifestEditor app={app} onChanged={onChanged} />
      <Endpoints channels={channels} />
      {isRemoving && <Remove app={app} onClose={() => setIsRemoving(false)} onChanged={onChanged} />}
    </Page>
  )
}

const overlapHours = 24

/** Two secrets live at once: the new one is told to the server first, then webhooks switch over. */
function Credentials({ app, onChanged }: { app: AppView; onChanged(): unknown }) {
  const { run, isBusy } = useChange()
  const [isAsking, setIsAsking] = useState(false)
  const [made, setMade] = useState<{ uid: string; secret: string } | null>(null)
  async function rotate(): Promise<void> {
    setIsAsking(false)
    const done = await run(() => developerApi.rotate(app.uid, overlapHours), null)
    if (done !== null) setMade(done)
    await onChanged()
  }
  const switchOver = async () => {
    await run(() => developerApi.switchSecret(app.uid))
    await onChanged()
  }
  return (
    <section className={admin.section}>
      <h2>{said.credentials}</h2>
      {app.old_secret_until !== null && (
        <>
          <p>{said.overlap(momentOf(app.old_secret_until, serverNow()))}</p>
          <span className={admin.badge} data-state={app.signs_with_old ? "warn" : "ok"}>
            {app.signs_with_old ? said.signsOld : said.signsNew}
          </span>
        </>
      )}
      <div className={admin.filters}>
        <Button disabled={isBusy} onClick={() => setIsAsking(true)}>
          {said.rotate}
        </Button>
        {app.signs_with_old && (
          <Button look="primary" disabled={isBusy} onClick={() => void switchOver()}>
            {said.switch}
          </Button>
        )}
      </div>
      {isAsking && (
        <Dialog
          title={said.rotateTitle}
          onClose={() => setIsAsking(false)}
          footer={
            <>
              <Button onClick={() => setIsAsking(false)}>{developerWords.shell.cancel}</Button>
              <Button look="primary" onClick={() => void rotate()}>
                {said.rotate}
              </Button>
            </>
          }
        >
          <p>{said.rotateText}</p>
        </Dialog>
      )}
      {made !== null && <Secret {...made} onClose={() => setMade(null)} />}
    </section>
  )
}

/** Where a server calls us, with a channel of the type where there is one. */
function Endpoints({ channels }: { channels: readonly Channel[] }) {
  const base = `${window.location.origin}/channels/${channels[0]?.id ?? "{channel_id}"}`
  const paths = { inbound: "inbound_messages", outbound: "outbound_messages", calls: "calls" } as const
  return (
    <section className={admin.section}>
      <h2>{said.endpoints}</h2>
      <div className={admin.page}>
        {Object.entries(paths).map(([name, path]) => (
          <CopyField key={name} label={said.endpoint[name as keyof typeof paths]} value={`${base}/${path}`} />
        ))}
        <CopyField
          label={said.endpoint.status}
          value={`${base}/conversations/{external_conversation_id}/messages/{external_id}/status`}
        />
      </div>
    </section>
  )
}

function Remove({ app, onClose, onChanged }: { app: AppView; onClose(): void; onChanged(): unknown }) {
  const navigate = useNavigate()
  const { run, isBusy, problem } = useChange()
  async function remove(): Promise<void> {
    if ((await run(() => developerApi.deleteApp(app.uid))) === null) return
    await navigate({ to: "/developer/$section", params: { section: "types" } })
    await onChanged()
  }
  return (
    <Dialog
      title={said.removeTitle(app.name)}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{developerWords.shell.cancel}</Button>
          <Button look="primary" disabled={isBusy} onClick={() => void remove()}>
            {said.remove}
          </Button>
        </>
      }
    >
      <p>{problem ?? said.removeText}</p>
    </Dialog>
  )
}
