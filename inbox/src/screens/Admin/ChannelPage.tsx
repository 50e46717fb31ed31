import type { AppView } from "@causeway/contract/endpoints/apps"
import type { ChannelView } from "@causeway/contract/inbox"
import type { Channel } from "@causeway/contract/resources/channel"
import { useNavigate } from "@tanstack/react-router"
import { useState } from "react"
import { adminApi } from "../../admin-api.ts"
import { adminWords } from "../../admin-words.ts"
import { api } from "../../api.ts"
import { Button } from "../../parts/Button.tsx"
import { Dialog } from "../../parts/Dialog.tsx"
import { Field } from "../../parts/Field.tsx"
import { useWorkspace } from "../../workspace.ts"
import styles from "./Admin.module.css"
import { isDeveloper, useMay } from "./access.ts"
import { ChannelForm } from "./ChannelForm.tsx"
import { ChannelHealth } from "./ChannelHealth.tsx"
import { ToList } from "./Connect.tsx"
import { Loaded, Page, Problem } from "./Page.tsx"
import { Reconnect } from "./Reconnect.tsx"
import { useChange, useResource } from "./resource.ts"

const said = adminWords.channelSettings

export interface ChannelData {
  channel: Channel
  view: ChannelView | undefined
  /** null: a channel without an app. */
  app: AppView | null
  inboxes: { id: string; name: string }[]
}

/** Apps are for admins and developers; for everybody else the channel stands alone. */
async function readChannel(id: string, seesApps: boolean): Promise<ChannelData> {
  const [channel, apps, inboxes, views] = await Promise.all([
    adminApi.channel(id),
    seesApps ? adminApi.apps() : { apps: [] },
    adminApi.inboxes(),
    api.channels(),
  ])
  const view = views.channels.find((each) => each.id === id)
  const app = apps.apps.find(({ name }) => name === view?.app_name) ?? null
  return { channel, view, app, inboxes: inboxes._results }
}

/** One channel: whether it is connected, all its settings, how its server does, and its end. */
export function ChannelPage({ id }: { id: string }) {
  const { teammate } = useWorkspace().session
  const may = useMay("channels")
  const loaded = useResource(`channel ${id}`, () => readChannel(id, isDeveloper(teammate)), { of: ["channel"] })
  return (
    <Loaded from={loaded}>
      {(data) => (
        <Page
          title={data.channel.name}
          lead={adminWords.channels.in(
            data.view?.app_name ?? adminWords.channels.own,
            data.inboxes.find(({ id: inboxId }) => inboxId === data.view?.inbox_id)?.name ?? "?",
          )}
          actions={<ToList />}
        >
          {may.change ? (
            <>
              <Reconnect data={data} onChanged={loaded.reload} />
              <ChannelForm key={data.channel.name} data={data} onChanged={loaded.reload} />
            </>
          ) : (
            <p className={styles.side}>{adminWords.admin.onlyAdminsChange}</p>
          )}
          <ChannelHealth id={id} />
          {may.change && <Removal channel={data.channel} />}
        </Page>
      )}
    </Loaded>
  )
}

function Removal({ channel }: { channel: Channel }) {
  const navigate = useNavigate()
  const { queries } = useWorkspace()
  const [isAsking, setIsAsking] = useState(false)
  const [typed, setTyped] = useState("")
  const { run, isBusy, problem } = useChange()
  async function remove(): Promise<void> {
    const done = await run(() => adminApi.deleteChannel(channel.id), said.removed(channel.name))
    if (done === null) return
    await queries.invalidateQueries({ queryKey: ["channels"] })
    await navigate({ to: "/admin/$section", params: { section: "channels" } })
  }
  return (
    <section className={styles.section}>
      <Button icon="trash" onClick={() => setIsAsking(true)}>
        {said.remove}
      </Button>
      {isAsking && (
        <Dialog
          title={said.removeTitle(channel.name)}
          onClose={() => setIsAsking(false)}
          footer={
            <>
              <Button onClick={() => setIsAsking(false)}>{adminWords.admin.cancel}</Button>
              <Button
                look="primary"
                disabled={isBusy || typed.trim() !== channel.name.trim()}
                onClick={() => void remove()}
              >
                {said.remove}
              </Button>
            </>
          }
        >
          <p>{said.removeText}</p>
          <div onInput={(event) => setTyped((event.target as HTMLInputElement).value)}>
            <Field name="confirm" label={said.removeType(channel.name)} autoComplete="off" isFirst />
          </div>
          <Problem text={problem} />
        </Dialog>
      )}
    </section>
  )
}
