import type { LogEntry } from "@causeway/contract/endpoints/log"
import { useNavigate, useParams, useSearch } from "@tanstack/react-router"
import { type KeyboardEvent, useRef, useState } from "react"
import { adminApi } from "../../admin-api.ts"
import { adminWords } from "../../admin-words.ts"
import { developerApi, type LogFilter } from "../../developer-api.ts"
import { developerWords } from "../../developer-words.ts"
import { useCommand } from "../../keys/useCommand.ts"
import { Button } from "../../parts/Button.tsx"
import { Late } from "../../parts/Late.tsx"
import { Notice } from "../../parts/Notice.tsx"
import { unreadOf } from "../../refusal.ts"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import admin from "../Admin/Admin.module.css"
import { Page } from "../Admin/Page.tsx"
import { useResource } from "../Admin/resource.ts"
import styles from "./Developer.module.css"
import { Entry } from "./Entry.tsx"
import { LogRow, rowPx } from "./LogRow.tsx"
import { ReplayFailed } from "./ReplayFailed.tsx"
import type { DeveloperSearch } from "./sections.ts"
import { useLog } from "./useLog.ts"
import { useWindow } from "./useWindow.ts"

const said = developerWords.log

const whats = [
  "message",
  "message_autoreply",
  "message_imported",
  "authorization",
  "list_addresses",
  "delete",
  "POST inbound_messages",
  "POST outbound_messages",
  "POST calls",
  "PATCH calls",
]

/** What the address asks for, as the server takes it. */
const filterOf = (search: DeveloperSearch): LogFilter => ({
  channel_id: search.channel ?? null,
  app_uid: search.app ?? null,
  conversation_id: null,
  direction: search.direction === "in" || search.direction === "out" ? search.direction : null,
  what: search.what ?? null,
  outcome: search.outcome !== undefined && search.outcome in said.outcomes ? search.outcome : null,
  text: search.text ?? null,
})

/** Everything that passed both ways, live; the chosen entry beside or under it. */
export default function Log() {
  const search = useSearch({ strict: false }) as DeveloperSearch
  const { itemId } = useParams({ strict: false })
  const navigate = useNavigate()
  const { role } = useWorkspace().session.teammate
  const log = useLog(filterOf(search))
  const [isAgain, setIsAgain] = useState(false)
  useCommand("logHold", () => log.setLive(!log.isLive))
  useCommand("logFilter", () => document.querySelector<HTMLElement>("[data-log-text]")?.focus())
  const choose = (id: string | null) =>
    void navigate(
      id === null
        ? { to: "/developer/$section", params: { section: "log" }, search }
        : { to: "/developer/$section/$itemId", params: { section: "log", itemId: id }, search },
    )
  const isFiltered = Object.keys(search).length > 0
  return (
    <Page
      title={developerWords.shell.sections.log}
      lead={said.lead(log.keptDays)}
      actions={
        <div className={admin.filters}>
          <span className={admin.badge} data-state={log.isLost ? "warn" : log.isLive ? "ok" : undefined}>
            {log.isLost ? said.lost : log.isLive ? said.live : said.paused}
          </span>
          <Button icon={log.isLive ? "pause" : "play"} onClick={() => log.setLive(!log.isLive)}>
            {log.isLive ? said.pause : said.go}
            {log.unseen > 0 && ` · ${said.unseen(log.unseen)}`}
          </Button>
          {role !== "observer" && (
            <Button icon="undo" onClick={() => setIsAgain(true)}>
              {developerWords.again.title}
            </Button>
          )}
        </div>
      }
    >
      <Filters
        search={search}
        onChange={(next) => void navigate({ to: "/developer/$section", params: { section: "log" }, search: next })}
      />
      {log.problem !== null ? (
        <Notice title={adminWords.admin.unloaded} text={unreadOf(log.problem)} />
      ) : log.entries === null ? (
        <Late>
          <output>{words.loading}</output>
        </Late>
      ) : log.entries.length === 0 ? (
        <Notice title={isFiltered ? said.none : said.empty} text={isFiltered ? said.searched : said.emptyText}>
          {isFiltered && (
            <Button
              onClick={() => void navigate({ to: "/developer/$section", params: { section: "log" }, search: {} })}
            >
              {said.clear}
            </Button>
          )}
        </Notice>
      ) : (
        <Stream entries={log.entries} chosen={itemId ?? null} onChoose={choose} onEnd={log.readOn} />
      )}
      {itemId !== undefined && (
        <Entry key={itemId} id={itemId} entries={log.entries ?? []} onClose={() => choose(null)} onChoose={choose} />
      )}
      {isAgain && <ReplayFailed channelId={search.channel ?? null} onClose={() => setIsAgain(false)} />}
    </Page>
  )
}

interface StreamProps {
  entries: readonly LogEntry[]
  chosen: string | null
  onChoose(id: string): void
  onEnd(): void
}

/** The rows that are on the screen and a few around them, whatever there is; arrows move, Enter opens. */
function Stream({ entries, chosen, onChoose, onEnd }: StreamProps) {
  const box = useRef<HTMLDivElement>(null)
  const channels = useResource("log-channels", adminApi.channels)
  const [active, setActive] = useState(0)
  const { from, to, onScroll } = useWindow(box, entries.length, rowPx, onEnd)
  const names = new Map(channels.data?._results.map(({ id, name }) => [id, name]))

  function move(index: number): void {
    const next = Math.max(0, Math.min(entries.length - 1, index))
    setActive(next)
    const top = next * rowPx
    const { scrollTop = 0, clientHeight = 0 } = box.current ?? {}
    if (top < scrollTop) box.current?.scrollTo({ top })
    else if (top + rowPx > scrollTop + clientHeight) box.current?.scrollTo({ top: top + rowPx - clientHeight })
  }
  function onKeyDown(event: KeyboardEvent): void {
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      j: 1,
      k: -1,
      PageDown: 10,
      PageUp: -10,
      Home: -entries.length,
      End: entries.length,
    }
    const step = steps[event.key]
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (step !== undefined) move(active + step)
    else if (event.key === "Enter" && entries[active] !== undefined) onChoose(entries[active].id)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const current = entries[active]
  return (
    <div className={styles.log}>
      <div className={styles.logHead} aria-hidden="true">
        <span>{said.columns.time}</span>
        <span />
        <span>{said.columns.what}</span>
        <span>{said.channel}</span>
        <span>{said.columns.status}</span>
        <span>{said.columns.took}</span>
      </div>
      <div
        ref={box}
        className={styles.rows}
        role="listbox"
        tabIndex={0}
        aria-label={said.table}
        aria-activedescendant={current === undefined ? undefined : `row-${current.id}`}
        data-keys="log"
        onScroll={onScroll}
        onKeyDown={onKeyDown}
      >
        <div role="presentation" style={{ blockSize: entries.length * rowPx, position: "relative" }}>
          {entries.slice(from, to).map((entry, i) => (
            <LogRow
              key={entry.id}
              entry={entry}
              index={from + i}
              count={entries.length}
              channel={names.get(entry.channel_id ?? "") ?? null}
              isActive={from + i === active}
              isChosen={entry.id === chosen}
              onChoose={() => {
                setActive(from + i)
                onChoose(entry.id)
              }}
            />
          ))}
        </div>
      </div>
      <p className={admin.side}>{said.keys}</p>
    </div>
  )
}

function Filters({ search, onChange }: { search: DeveloperSearch; onChange(search: DeveloperSearch): void }) {
  const types = useResource("log-types", developerApi.apps)
  const channels = useResource("log-channels", adminApi.channels)
  const set = (name: keyof DeveloperSearch, value: string) => {
    const { [name]: _before, ...rest } = search
    onChange(value === "" ? rest : { ...rest, [name]: value })
  }
  const choice = (name: keyof DeveloperSearch, label: string, options: readonly [value: string, text: string][]) => (
    <label className={admin.select}>
      <span>{label}</span>
      <select value={search[name] ?? ""} onChange={(event) => set(name, event.target.value)}>
        <option value="">{said.any}</option>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
  return (
    <form
      className={admin.filters}
      onSubmit={(event) => {
        event.preventDefault()
        set("text", String(new FormData(event.currentTarget).get("text")).trim())
      }}
    >
      {choice("outcome", said.outcome, Object.entries(said.outcomes))}
      {choice("direction", said.direction, Object.entries(said.directions))}
      {choice(
        "what",
        said.type,
        whats.map((what) => [what, what]),
      )}
      {choice("app", developerWords.conformance.app, types.data?.apps.map(({ uid, name }) => [uid, name]) ?? [])}
      {choice("channel", said.channel, channels.data?._results.map(({ id, name }) => [id, name]) ?? [])}
      <label className={admin.select}>
        <span>{said.text}</span>
        <input
          key={search.text ?? ""}
          name="text"
          data-log-text
          type="search"
          defaultValue={search.text ?? ""}
          maxLength={200}
          title={said.searched}
        />
      </label>
    </form>
  )
}
