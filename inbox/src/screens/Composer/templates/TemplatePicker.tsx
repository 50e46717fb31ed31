import type { ChannelView, ConversationRow } from "@causeway/contract/inbox"
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react"
import { laterWords } from "../../../later-words.ts"
import { Button } from "../../../parts/Button.tsx"
import { Late } from "../../../parts/Late.tsx"
import { Notice } from "../../../parts/Notice.tsx"
import { words } from "../../../words.ts"
import { useWorkspace } from "../../../workspace.ts"
import type { TemplateReply } from "../useReply.ts"
import { Filling } from "./Filling.tsx"
import styles from "./Templates.module.css"
import { type Group, groupOf, type Item, useTemplates } from "./useTemplates.ts"

const said = laterWords.templates

interface TemplatePickerProps {
  row: ConversationRow
  channel: ChannelView | null
  onClose(): void
  onInsert(html: string, text: string): void
  onSend(reply: TemplateReply): void
}

const groups: readonly Group[] = ["ready", "waiting", "refused", "saved", "signature"]

/** Templates of the channel's provider to fill in and send, and kept answers and signatures to insert. */
export default function TemplatePicker({ row, channel, onClose, onInsert, onSend }: TemplatePickerProps) {
  const { me } = useWorkspace()
  const dialog = useRef<HTMLDialogElement>(null)
  const found = useTemplates(channel, me)
  const [chosenId, setChosenId] = useState<string | null>(null)
  useEffect(() => dialog.current?.showModal(), [])
  const close = (): void => dialog.current?.close()
  const items = found.data ?? []
  const chosen = items.find(({ id }) => id === chosenId) ?? null
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-label={said.title(row.channel_name)}
      onClose={onClose}
      // Its keys are its own; the composer around it would send.
      onKeyDown={(event) => event.stopPropagation()}
    >
      <header className={styles.head}>
        <h2>{said.title(row.channel_name)}</h2>
        <Button look="quiet" icon="close" aria-label={words.close} onClick={close} />
      </header>
      {found.isError ? (
        <Notice title={said.failed} text={words.unreachable.text} onRetry={() => void found.refetch()} />
      ) : found.isPending ? (
        <Late>
          <p className={styles.none}>{words.loading}</p>
        </Late>
      ) : (
        <div className={styles.panes}>
          <Choosing items={items} chosen={chosen} onChoose={setChosenId} />
          {chosen === null ? (
            <p className={styles.none}>{items.length === 0 ? said.noneAtAll : said.choose}</p>
          ) : (
            <Filling
              key={chosen.id}
              item={chosen}
              contactName={row.contact.name ?? ""}
              onInsert={(html, text) => {
                onInsert(html, text)
                close()
              }}
              onSend={(reply) => {
                onSend(reply)
                close()
              }}
            />
          )}
        </div>
      )}
    </dialog>
  )
}

interface ChoosingProps {
  items: readonly Item[]
  chosen: Item | null
  onChoose(id: string): void
}

/** A field that narrows the list; ↑ and ↓ move in it, Enter goes on to the form. */
function Choosing({ items, chosen, onChoose }: ChoosingProps) {
  const id = useId()
  const [typed, setTyped] = useState("")
  const [group, setGroup] = useState<Group | null>(null)
  const present = groups.filter((one) => items.some((item) => groupOf(item) === one))
  const shown = group ?? present[0] ?? "ready"
  const wanted = typed.trim().toLocaleLowerCase()
  const found = items.filter(
    (item) => groupOf(item) === shown && `${item.name} ${item.blurb}`.toLocaleLowerCase().includes(wanted),
  )
  function onKeyDown(event: KeyboardEvent): void {
    const at = found.findIndex((item) => item.id === chosen?.id)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key]
    const next = to === undefined ? undefined : found[(to + found.length) % found.length]
    if (to !== undefined) event.preventDefault()
    if (next !== undefined) onChoose(next.id)
    if (event.key !== "Enter") return
    event.preventDefault()
    if (chosen === null && found[0] !== undefined) onChoose(found[0].id)
    requestAnimationFrame(() => document.querySelector<HTMLElement>("[data-filling] :is(input, button)")?.focus())
  }
  return (
    <div className={styles.choosing}>
      <input
        // biome-ignore lint/a11y/noAutofocus: whoever opened the list types next
        autoFocus
        role="combobox"
        aria-label={said.search}
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={chosen === null ? undefined : `${id}-${chosen.id}`}
        placeholder={said.search}
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <fieldset className={styles.groups} aria-label={said.groups}>
        {present.map((one) => (
          <button key={one} type="button" aria-pressed={one === shown} onClick={() => setGroup(one)}>
            {said.group[one]} ({items.filter((item) => groupOf(item) === one).length})
          </button>
        ))}
      </fieldset>
      <div id={id} role="listbox" aria-label={said.group[shown]} className={styles.list}>
        {found.map((item) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's, which keeps the focus
          <div
            key={item.id}
            id={`${id}-${item.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={item.id === chosen?.id}
            className={styles.item}
            onClick={() => onChoose(item.id)}
          >
            <strong dir="auto">{item.name}</strong>
            <span dir="auto">
              {item.kind === "template" && item.template.state_reason !== null
                ? said.reason[groupOf(item) as "waiting" | "refused"]
                : item.blurb}
            </span>
          </div>
        ))}
      </div>
      {found.length === 0 && <p className={styles.none}>{said.none}</p>}
    </div>
  )
}
