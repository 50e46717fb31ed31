import { useId, useState } from "react"
import { adminApi } from "../../admin-api.ts"
import { developerWords } from "../../developer-words.ts"
import { momentOf } from "../../format.ts"
import { Button } from "../../parts/Button.tsx"
import { Dialog } from "../../parts/Dialog.tsx"
import { words } from "../../words.ts"
import admin from "../Admin/Admin.module.css"
import { Problem } from "../Admin/Page.tsx"
import { useResource } from "../Admin/resource.ts"
import styles from "./Developer.module.css"
import { type Redrive, type Span, useRedrive } from "./useRedrive.ts"

const said = developerWords.again

/** Seconds, by their name in the words. */
const spans = { quarter: 900, hour: 3_600, day: 86_400, week: 604_800 } as const

/** Tells a channel's server again what failed there: how many first, then how far it is. `channelId`: the one to begin with, if it is there. */
export function ReplayFailed({ channelId, onClose }: { channelId: string | null; onClose(): void }) {
  const channels = useResource("log-channels", adminApi.channels)
  const all = channels.data?._results ?? []
  const first = all.find(({ id }) => id === channelId) ?? all[0]
  if (first === undefined)
    return (
      <Dialog
        title={said.title}
        onClose={onClose}
        footer={<Button onClick={onClose}>{developerWords.shell.close}</Button>}
      >
        <p>{channels.isPending ? words.loading : said.noChannel}</p>
      </Dialog>
    )
  return <Chosen channels={all} first={first.id} onClose={onClose} />
}

interface ChosenProps {
  channels: readonly { id: string; name: string | null }[]
  first: string
  onClose(): void
}

function Chosen({ channels, first, onClose }: ChosenProps) {
  const [span, setSpan] = useState<Span>({ channelId: first, seconds: spans.hour, withUnknown: false })
  const { redrive, run, stop } = useRedrive(span)
  const { state } = redrive
  const name = channels.find(({ id }) => id === span.channelId)?.name ?? span.channelId
  return (
    <Dialog
      title={said.title}
      onClose={onClose}
      footer={
        <>
          {state === "running" ? (
            <Button onClick={stop}>{said.stop}</Button>
          ) : (
            <Button onClick={onClose}>
              {state === "over" ? developerWords.shell.close : developerWords.shell.cancel}
            </Button>
          )}
          {state !== "over" && (
            <Button
              look="primary"
              disabled={state !== "counted" || redrive.count === 0}
              onClick={() => state === "counted" && void run(redrive.count)}
            >
              {said.run}
            </Button>
          )}
        </>
      }
    >
      {state !== "running" && state !== "over" && <Choices channels={channels} span={span} onChange={setSpan} />}
      <div aria-live="polite">
        <Standing redrive={redrive} channel={name} />
      </div>
    </Dialog>
  )
}

interface ChoicesProps {
  channels: ChosenProps["channels"]
  span: Span
  onChange(span: Span): void
}

function Choices({ channels, span, onChange }: ChoicesProps) {
  return (
    <div className={styles.choices}>
      <label className={admin.select}>
        <span>{developerWords.log.channel}</span>
        <select value={span.channelId} onChange={(event) => onChange({ ...span, channelId: event.target.value })}>
          {channels.map(({ id, name }) => (
            <option key={id} value={id}>
              {name ?? id}
            </option>
          ))}
        </select>
      </label>
      <label className={admin.select}>
        <span>{said.since}</span>
        <select value={span.seconds} onChange={(event) => onChange({ ...span, seconds: Number(event.target.value) })}>
          {(["quarter", "hour", "day", "week"] as const).map((each) => (
            <option key={each} value={spans[each]}>
              {said.spans[each]}
            </option>
          ))}
        </select>
      </label>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={span.withUnknown}
          onChange={(event) => onChange({ ...span, withUnknown: event.target.checked })}
        />
        <span>{said.unknown}</span>
      </label>
    </div>
  )
}

/** Where it stands, in a sentence. */
function Standing({ redrive, channel }: { redrive: Redrive; channel: string }) {
  const id = useId()
  switch (redrive.state) {
    case "counting":
      return <p>{said.counting}</p>
    case "counted":
      return (
        <p>
          {redrive.oldestAt === null
            ? said.none
            : said.plan(redrive.count, channel, momentOf(redrive.oldestAt, Date.now()))}
        </p>
      )
    case "running":
      return (
        <p className={styles.progress}>
          <label htmlFor={id}>{said.progress(redrive.done, redrive.of)}</label>
          <progress id={id} value={redrive.done} max={redrive.of} />
        </p>
      )
    case "over":
      return <p>{said.over(redrive.done, redrive.of)}</p>
    case "failed":
      return <Problem text={redrive.problem} />
  }
}
