import type { ChannelSettings } from "@causeway/contract/endpoints/channels"
import { undoSendSeconds } from "@causeway/contract/limits"
import { type FormEvent, useState } from "react"
import { adminApi } from "../../admin-api.ts"
import { adminWords } from "../../admin-words.ts"
import { timeOf } from "../../format.ts"
import { Button } from "../../parts/Button.tsx"
import { CopyField } from "../../parts/CopyField.tsx"
import styles from "./Admin.module.css"
import type { ChannelData } from "./ChannelPage.tsx"
import { idIn } from "./Channels.tsx"
import { Problem } from "./Page.tsx"
import { useChange } from "./resource.ts"

const said = adminWords.channelSettings

/** All settings of a channel. A channel of an app has its address and its modes from there. */
export function ChannelForm({ data, onChanged }: { data: ChannelData; onChanged(): unknown }) {
  const { channel, app, inboxes } = data
  const { run, isBusy, problem } = useChange()
  const [savedAt, setSavedAt] = useState<number | null>(null)
  const [replies, setReplies] = useState(channel.settings.reply_mode !== "unsupported")
  const isOwn = app === null
  const inboxId = idIn(channel._links.related.inbox)

  async function save(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const to = String(form.get("inbox"))
    const done = await run(() =>
      adminApi.changeChannel(channel.id, {
        name: String(form.get("name")).trim(),
        settings: settingsIn(form, isOwn),
        ...(to !== inboxId && { inbox_id: to }),
      }),
    )
    if (done === null) return
    setSavedAt(Date.now() / 1000)
    await onChanged()
  }

  return (
    <form className={styles.page} onSubmit={(event) => void save(event)}>
      <section className={styles.section}>
        <h2>{said.general}</h2>
        <div className={styles.filters}>
          <label className={styles.select}>
            <span>{said.name}</span>
            <input name="name" defaultValue={channel.name} maxLength={200} required />
          </label>
          <label className={styles.select}>
            <span>{said.inbox}</span>
            <select name="inbox" defaultValue={inboxId}>
              {inboxes.map((inbox) => (
                <option key={inbox.id} value={inbox.id}>
                  {inbox.name}
                </option>
              ))}
            </select>
          </label>
        </div>
      </section>
      <section className={styles.section}>
        <h2>{said.sending}</h2>
        <label className={styles.select}>
          <span>
            {said.undo}: {said.undoHint}
          </span>
          <select name="undo_send_time" defaultValue={channel.settings.undo_send_time}>
            {undoSendSeconds.map((seconds) => (
              <option key={seconds} value={seconds}>
                {seconds === 0 ? said.off : said.seconds(seconds)}
              </option>
            ))}
          </select>
        </label>
        <div className={styles.choices}>
          <label>
            <input type="checkbox" name="auto_assign" defaultChecked={channel.settings.auto_assign} />
            <span>{said.autoAssign}</span>
          </label>
          {isOwn && (
            <>
              <label>
                <input
                  type="checkbox"
                  name="reply_mode"
                  checked={replies}
                  onChange={(event) => setReplies(event.target.checked)}
                />
                <span>
                  {said.replies} {!replies && <small>{said.repliesOff}</small>}
                </span>
              </label>
              <label>
                <input
                  type="checkbox"
                  name="compose_mode"
                  defaultChecked={channel.settings.compose_mode === "normal"}
                />
                <span>
                  {said.compose} <small>{said.composeWarning}</small>
                </span>
              </label>
            </>
          )}
        </div>
      </section>
      <Endpoints data={data} isNeeded={replies} />
      <Problem text={problem} />
      <div className={styles.filters}>
        <Button type="submit" look="primary" disabled={isBusy}>
          {said.save}
        </Button>
        {savedAt !== null && <output className={styles.side}>{said.saved(timeOf(savedAt))}</output>}
      </div>
    </form>
  )
}

function settingsIn(form: FormData, isOwn: boolean): ChannelSettings {
  const url = String(form.get("webhook_url") ?? "").trim()
  return {
    undo_send_time: Number(form.get("undo_send_time")) as never,
    auto_assign: form.get("auto_assign") === "on",
    ...(isOwn && {
      reply_mode: form.get("reply_mode") === "on" ? ("same_channel" as const) : ("unsupported" as const),
      compose_mode: form.get("compose_mode") === "on" ? ("normal" as const) : ("unsupported" as const),
      webhook_url: url === "" ? null : url,
    }),
  }
}

function Endpoints({ data: { channel, app }, isNeeded }: { data: ChannelData; isNeeded: boolean }) {
  const incoming =
    app === null
      ? `${window.location.origin}/channels/${channel.id}/incoming_messages`
      : `${window.location.origin}/channels/${channel.id}/inbound_messages`
  return (
    <section className={styles.section}>
      <h2>{said.endpoints}</h2>
      <CopyField label={said.incoming} value={incoming} />
      <p className={styles.side}>{said.example}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard */}
      <pre className={styles.code} tabIndex={0} dir="ltr">
        {exampleOf(incoming, app !== null)}
      </pre>
      {app === null && (
        <label className={styles.select}>
          <span>{said.outgoing}</span>
          <input
            name="webhook_url"
            type="url"
            dir="ltr"
            defaultValue={channel.settings.webhook_url ?? ""}
            required={isNeeded}
            maxLength={2000}
          />
          {isNeeded && <small>{said.outgoingNeeded}</small>}
        </label>
      )}
    </section>
  )
}

const exampleOf = (url: string, isApp: boolean): string => {
  const body = isApp
    ? '{"sender":{"handle":"+43660123456"},"body":"Hello","metadata":{"external_id":"m1","external_conversation_id":"c1"}}'
    : '{"sender":{"handle":"mia"},"body":"Hello","metadata":{}}'
  return `curl ${url} \\\n  -H 'Authorization: Bearer TOKEN' -H 'Content-Type: application/json' \\\n  -d '${body}'`
}
