import type { AppView } from "@causeway/contract/endpoints/apps"
import type { Channel } from "@causeway/contract/resources/channel"
import { Link, useParams } from "@tanstack/react-router"
import { adminApi } from "../../admin-api.ts"
import { adminWords } from "../../admin-words.ts"
import { api } from "../../api.ts"
import { Notice } from "../../parts/Notice.tsx"
import styles from "./Admin.module.css"
import { useMay } from "./access.ts"
import { ChannelPage } from "./ChannelPage.tsx"
import { Connect } from "./Connect.tsx"
import { Loaded, Page } from "./Page.tsx"
import { useResource } from "./resource.ts"

const said = adminWords.channels

/** The last segment of a link: what it is about. */
export const idIn = (link: string | null): string => link?.split("/").at(-1) ?? ""

/** The list of channels, one of them, or the way to a new one: what the address says. */
export default function Channels() {
  const { itemId } = useParams({ strict: false }) as { itemId?: string }
  const may = useMay("channels")
  if (itemId === "new" && may.change) return <Connect />
  if (itemId === "new")
    return <Notice title={adminWords.admin.onlyAdmins} text={adminWords.admin.onlyAdminsText} level={1} />
  if (itemId !== undefined) return <ChannelPage key={itemId} id={itemId} />
  return <ChannelList />
}

async function readAll() {
  const [channels, inboxes, views] = await Promise.all([adminApi.channels(), adminApi.inboxes(), api.channels()])
  return { channels: channels._results, inboxes: inboxes._results, views: views.channels }
}
type All = Awaited<ReturnType<typeof readAll>>

function ChannelList() {
  const may = useMay("channels")
  const all = useResource("channels", readAll, { of: ["channel", "app", "inbox"] })
  return (
    <Page
      title={said.title}
      lead={said.lead}
      actions={
        may.change && (
          <Link
            to="/admin/$section/$itemId"
            params={{ section: "channels", itemId: "new" }}
            className={styles.primary ?? ""}
          >
            {said.add}
          </Link>
        )
      }
    >
      {!may.change && <p className={styles.side}>{adminWords.admin.onlyAdminsChange}</p>}
      <Loaded from={all}>
        {(data) =>
          data.channels.length === 0 ? (
            <Notice title={said.none} text={said.noneText} />
          ) : (
            <ul className={styles.rows}>
              {data.channels.map((channel) => (
                <Row key={channel.id} channel={channel} all={data} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Page>
  )
}

function Row({ channel, all }: { channel: Channel; all: All }) {
  const view = all.views.find(({ id }) => id === channel.id)
  const inbox = all.inboxes.find(({ id }) => id === idIn(channel._links.related.inbox))
  const state = !channel.is_valid ? "offline" : view?.delivery.state === "pausing" ? "pausing" : "online"
  return (
    <li>
      <span className={styles.badge} data-state={{ offline: "fail", pausing: "warn", online: "ok" }[state]}>
        {said[state]}
      </span>
      <div className={styles.what}>
        <strong dir="auto">
          <Link to="/admin/$section/$itemId" params={{ section: "channels", itemId: channel.id }}>
            {channel.name}
          </Link>
        </strong>
        <span dir="auto">{said.in(view?.app_name ?? said.own, inbox?.name ?? "?")}</span>
      </div>
      <span className={styles.side} dir="ltr">
        {channel.send_as}
      </span>
    </li>
  )
}

/** How somebody signs in at an app's server, in words. */
export const signInOf = (app: AppView): string =>
  adminWords.connect.signIns[app.server_auth.type] ?? app.server_auth.type
