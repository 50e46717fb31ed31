import type { BulkChange } from "@causeway/contract/inbox-bulk"
import { useEffect, useRef, useState } from "react"
import { api } from "../../api.ts"
import { nameOfTeammate, useTags, useTeammates } from "../../directory.ts"
import { useCommand } from "../../keys/useCommand.ts"
import { laterWords } from "../../later-words.ts"
import type { ListQuery } from "../../lists.ts"
import { Avatar } from "../../parts/Avatar.tsx"
import { Button } from "../../parts/Button.tsx"
import { Picker } from "../../parts/Picker.tsx"
import { Popover } from "../../parts/Popover.tsx"
import { words } from "../../words.ts"
import { tellProblem, useWorkspace } from "../../workspace.ts"
import { snoozePresets } from "../Conversation/Header/snooze-times.ts"
import styles from "./BulkBar.module.css"
import { changeAll } from "./bulk.ts"
import type { Selection } from "./useSelection.ts"

const said = laterWords.bulk

interface BulkBarProps {
  query: ListQuery
  total: number
  selection: Selection
}

type Run = (change: BulkChange) => void

/** In place of the list's head while conversations are chosen: how many, and what can be done with all of them. */
export default function BulkBar({ query, total, selection }: BulkBarProps) {
  const workspace = useWorkspace()
  const [done, setDone] = useState<number | null>(null)
  const ids = [...selection.ids]
  const run: Run = (change) => {
    setDone(0)
    void changeAll(workspace, ids, change, setDone).finally(() => {
      setDone(null)
      selection.clear()
    })
  }
  if (done !== null)
    return (
      <div className={styles.bar}>
        <progress max={ids.length} value={done} aria-label={said.working(done, ids.length)} />
        <output>{said.working(done, ids.length)}</output>
      </div>
    )
  return (
    <div className={styles.bar} role="toolbar" aria-label={said.label}>
      <Button look="quiet" icon="close" aria-label={said.clear} title={said.clear} onClick={selection.clear} />
      <output className={styles.count}>{said.chosen(ids.length)}</output>
      <All query={query} total={total} selection={selection} />
      <span className={styles.actions}>
        <Actions run={run} query={query} count={ids.length} />
      </span>
    </div>
  )
}

/** Chooses the whole list, as far as one can choose at once. */
function All({ query, total, selection }: BulkBarProps) {
  const workspace = useWorkspace()
  const [isAsking, setIsAsking] = useState(false)
  const isAll = selection.ids.size >= total
  async function choose(): Promise<void> {
    setIsAsking(true)
    try {
      selection.choose((await api.listIds(query)).ids)
    } catch (error) {
      tellProblem(workspace, error)
    } finally {
      setIsAsking(false)
    }
  }
  useCommand("selectAll", isAll ? null : () => void choose(), 1)
  if (isAll) return null
  return (
    <Button look="quiet" disabled={isAsking} onClick={() => void choose()}>
      {said.all(total)}
    </Button>
  )
}

function Actions({ run, query, count }: { run: Run; query: ListQuery; count: number }) {
  const [isAsking, setIsAsking] = useState(false)
  const isDone = query.view === "archived" || query.view === "trash" || query.view === "snoozed"
  const archive = (): void => run({ status: isDone ? "open" : "archived" })
  const archiveText = isDone ? words.conversation.reopen : words.conversation.archive
  useCommand("archive", archive, 1)
  useCommand("trash", query.view === "trash" ? null : () => setIsAsking(true), 1)
  return (
    <>
      <Button
        icon={isDone ? "open" : "archived"}
        aria-label={archiveText}
        title={archiveText}
        aria-keyshortcuts="e"
        onClick={archive}
      />
      <Popover command="assign" rank={1} icon="mine" label={words.header.assign.label} text="">
        {(close) => <Assignees run={closing(close, run)} />}
      </Popover>
      <Popover command="tag" rank={1} icon="tag" label={words.header.tags.label} text="">
        {(close) => <Tags run={closing(close, run)} />}
      </Popover>
      <Popover command="snooze" rank={1} icon="snooze" label={words.header.snooze.label} text="">
        {(close) => <Times run={closing(close, run)} />}
      </Popover>
      {query.view !== "trash" && (
        <Button
          icon="trash"
          aria-label={words.header.trash.confirm}
          title={words.header.trash.confirm}
          aria-keyshortcuts="#"
          onClick={() => setIsAsking(true)}
        />
      )}
      {isAsking && <Trash count={count} run={run} onClose={() => setIsAsking(false)} />}
    </>
  )
}

const closing =
  (close: () => void, run: Run): Run =>
  (change) => {
    close()
    run(change)
  }

const nobody = "nobody"

function Assignees({ run }: { run: Run }) {
  const { me } = useWorkspace()
  const people = (useTeammates().data ?? [])
    .filter(({ is_blocked, type }) => !is_blocked && type === "user")
    .map((teammate) => ({ id: teammate.id, name: nameOfTeammate(teammate) }))
    .toSorted((a, b) => Number(b.id === me) - Number(a.id === me) || a.name.localeCompare(b.name))
  const options = [
    ...people.map(({ id, name }) => ({
      id,
      label: id === me ? words.header.assign.me(name) : name,
      mark: <Avatar name={name} />,
    })),
    { id: nobody, label: words.header.assign.nobody, mark: <Avatar name="–" isFaded /> },
  ]
  return (
    <Picker
      label={words.header.assign.search}
      options={options}
      none={words.header.assign.none}
      onPick={({ id }) => run({ assignee_id: id === nobody ? null : id })}
    />
  )
}

function Tags({ run }: { run: Run }) {
  const options = (useTags().data ?? [])
    .map((tag) => ({ id: tag.id, label: tag.name }))
    .toSorted((a, b) => a.label.localeCompare(b.label))
  return (
    <Picker
      label={words.header.tags.search}
      options={options}
      none={words.header.tags.none}
      onPick={({ id }) => run({ add_tag_ids: [id] })}
    />
  )
}

function Times({ run }: { run: Run }) {
  const [presets] = useState(() => snoozePresets(new Date(), document.documentElement.lang || navigator.language))
  return (
    <div className={styles.times}>
      {presets.map(({ name, at }, index) => (
        <Button
          key={name}
          look="quiet"
          autoFocus={index === 0}
          onClick={() => run({ snooze_until: at.getTime() / 1000 })}
        >
          {words.header.snooze[name]}
        </Button>
      ))}
    </div>
  )
}

/** Asks first: what is in the trash is in no list. */
function Trash({ count, run, onClose }: { count: number; run: Run; onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby="bulk-trash-title" onClose={onClose}>
      <h2 id="bulk-trash-title">{said.trash(count)}</h2>
      <p>{words.header.trash.text}</p>
      <footer>
        <Button onClick={() => dialog.current?.close()}>{words.header.trash.cancel}</Button>
        <Button look="primary" onClick={() => run({ status: "deleted" })}>
          {words.header.trash.confirm}
        </Button>
      </footer>
    </dialog>
  )
}
