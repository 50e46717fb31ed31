import type { DeliveryView } from "@causeway/contract/endpoints/deliveries"
import type { ApiCallView, LogEntry } from "@causeway/contract/endpoints/log"
import { Link } from "@tanstack/react-router"
import { useEffect, useRef, useState } from "react"
import { developerApi } from "../../developer-api.ts"
import { developerWords } from "../../developer-words.ts"
import { useCommand } from "../../keys/useCommand.ts"
import { Button } from "../../parts/Button.tsx"
import admin from "../Admin/Admin.module.css"
import { Loaded } from "../Admin/Page.tsx"
import { useChange, useResource } from "../Admin/resource.ts"
import styles from "./Developer.module.css"
import { EditAndReplay } from "./EditAndReplay.tsx"
import { Attempts, Compare, Side, Timing, Why } from "./EntryParts.tsx"
import { curlOf, shownAttempt, shownCall } from "./exchange.ts"
import { resultOf } from "./LogRow.tsx"
import { saveFile } from "./save-file.ts"

const said = developerWords.log

interface Props {
  id: string
  entries: readonly LogEntry[]
  onClose(): void
  onChoose(id: string): void
}

/** An entry of the log, whole. */
export function Entry({ id, ...rest }: Props) {
  const seen = rest.entries.find((entry) => entry.id === id)
  const isCall = id.startsWith("req_")
  const read = useResource<{ call: ApiCallView } | { delivery: DeliveryView }>(`entry ${id}`, async () =>
    isCall ? { call: await developerApi.apiCall(id) } : { delivery: await developerApi.delivery(id) },
  )
  // Asked for again whenever the stream says that it has changed; what is shown, and where one was in it, stays meanwhile.
  const told = `${seen?.outcome} ${seen?.attempts}`
  const known = useRef(told)
  const { reload } = read
  useEffect(() => {
    if (known.current === told) return
    known.current = told
    void reload()
  }, [told, reload])
  return (
    <Loaded from={read}>
      {(found) => (
        <Whole
          id={id}
          seen={seen}
          delivery={"delivery" in found ? found.delivery : null}
          call={"call" in found ? found.call : null}
          {...rest}
        />
      )}
    </Loaded>
  )
}

interface WholeProps extends Props {
  seen: LogEntry | undefined
  delivery: DeliveryView | null
  call: ApiCallView | null
}

const tabs = ["request", "response", "timing", "attempts", "compare"] as const
type Tab = (typeof tabs)[number]

function Whole({ id, seen, delivery, call, entries, onClose, onChoose }: WholeProps) {
  const [tab, setTab] = useState<Tab>("request")
  const [number, setNumber] = useState<number | null>(null)
  const [isEditing, setIsEditing] = useState(false)
  const { run, isBusy, problem } = useChange()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const attempts = delivery?.attempts ?? []
  const attempt = attempts.find((one) => one.number === number) ?? attempts.at(-1)
  const shown = call !== null ? shownCall(call) : shownAttempt(delivery as DeliveryView, attempt)
  const replay = async () => {
    const done = await run(() => developerApi.replay(id), null)
    if (done !== null) onChoose(done.delivery_id)
  }
  const copy = () => run(() => navigator.clipboard.writeText(curlOf(shown)), said.curlCopied)
  const canEdit = delivery !== null && delivery.channel_id !== null && shown.requestBody !== null

  useCommand("logReplay", delivery === null ? null : () => void replay())
  useCommand("logEdit", canEdit ? () => setIsEditing(true) : null)
  useCommand("logCopy", () => void copy())
  useCommand("logCompare", () => setTab("compare"))
  return (
    <section
      className={styles.entry}
      aria-labelledby="entry"
      data-keys="log"
      onKeyDown={(event) => event.key === "Escape" && !isEditing && onClose()}
    >
      <header className={admin.head}>
        <div>
          <h2 id="entry" ref={heading} tabIndex={-1} dir="ltr">
            {id} {seen?.what ?? delivery?.type ?? call?.what}
          </h2>
          <p className={styles.outcome} data-state={seen?.outcome}>
            {seen !== undefined && resultOf(seen)}
          </p>
        </div>
        <div className={admin.filters}>
          {delivery !== null && (
            <Button icon="undo" disabled={isBusy} onClick={() => void replay()}>
              {said.replay}
            </Button>
          )}
          {canEdit && <Button onClick={() => setIsEditing(true)}>{said.edit}</Button>}
          <Button icon="copy" onClick={() => void copy()}>
            {said.curl}
          </Button>
          <Button onClick={() => saveFile(`${id}.json`, "application/json", shown.requestBody ?? "")}>
            {said.fixture}
          </Button>
          <Link to="/developer/$section" params={{ section: "trace" }} search={{ id }}>
            {said.traced}
          </Link>
          {delivery !== null && (
            <Link to="/developer/$section" params={{ section: "signatures" }} search={{ id }}>
              {said.inspect}
            </Link>
          )}
          <Button icon="close" onClick={onClose}>
            {developerWords.shell.close}
          </Button>
        </div>
      </header>
      {problem !== null && (
        <p role="alert" className={admin.problem}>
          {problem}
        </p>
      )}
      <Why reason={delivery?.reason ?? seen?.reason ?? null} codes={[attempt?.outcome, delivery?.error_code]} />
      <fieldset className={styles.tabs}>
        <legend className="said">{said.detail}</legend>
        {tabs
          .filter((name) => name !== "attempts" || attempts.length > 0)
          .map((name) => (
            <button key={name} type="button" aria-pressed={tab === name} onClick={() => setTab(name)}>
              {said.tabs[name]}
              {name === "attempts" && ` ${attempts.length}`}
            </button>
          ))}
      </fieldset>
      {tab === "request" && (
        <Side title={`${shown.method} ${shown.url}`} headers={shown.requestHeaders} body={shown.requestBody} />
      )}
      {tab === "response" &&
        (shown.status === null ? (
          <p>{said.noAnswer}</p>
        ) : (
          <Side title={String(shown.status)} headers={shown.responseHeaders} body={shown.responseBody} />
        ))}
      {tab === "timing" && <Timing timing={shown.timing} />}
      {tab === "attempts" && <Attempts attempts={attempts} chosen={attempt?.number ?? 0} onChoose={setNumber} />}
      {tab === "compare" && <Compare shown={shown} entries={entries} replayOf={delivery?.replay_of ?? null} />}
      <p className={admin.side}>
        {said.masked}
        {(shown.requestBody?.length ?? 0) >= 8_000 && ` ${said.cut}`}
      </p>
      {isEditing && delivery !== null && (
        <EditAndReplay
          id={id}
          body={shown.requestBody ?? ""}
          onClose={() => setIsEditing(false)}
          onDone={(made) => {
            setIsEditing(false)
            onChoose(made.id)
          }}
        />
      )}
    </section>
  )
}
