import { type KeyboardEvent, type Ref, type RefObject, useId, useImperativeHandle, useState } from "react"
import { nameOfTeammate, useTeammates } from "../../directory.ts"
import { words } from "../../words.ts"
import styles from "./Composer.module.css"

const shownMax = 6

export interface MentionsHandle {
  /** Whether the key was for the list. */
  onKeyDown(event: KeyboardEvent): boolean
  /** The cursor moved or something was typed. */
  look(): void
}

interface MentionsProps {
  ref: Ref<MentionsHandle>
  field: RefObject<HTMLTextAreaElement | null>
  text: string
  onText(text: string): void
}

/** The teammates whose name or username begins with what follows an @ before the cursor. An e-mail address names nobody. */
export function Mentions({ ref, field, text, onText }: MentionsProps) {
  const id = useId()
  const { data: teammates = [] } = useTeammates()
  const [typed, setTyped] = useState<string | null>(null)
  const [at, setAt] = useState(0)
  const wanted = typed?.toLocaleLowerCase() ?? ""
  const found =
    typed === null
      ? []
      : teammates
          .filter((one) => !one.is_blocked)
          .filter((one) =>
            [one.username, ...nameOfTeammate(one).split(" ")].some((name) =>
              name.toLocaleLowerCase().startsWith(wanted),
            ),
          )
          .slice(0, shownMax)

  function pick(username: string): void {
    const { current } = field
    if (current === null || typed === null) return
    const end = current.selectionStart
    const start = end - typed.length
    onText(`${text.slice(0, start)}${username} ${text.slice(end)}`)
    setTyped(null)
    const cursor = start + username.length + 1
    requestAnimationFrame(() => {
      current.focus()
      current.setSelectionRange(cursor, cursor)
    })
  }

  useImperativeHandle(ref, () => ({
    look() {
      const { current } = field
      const before = current?.value.slice(0, current.selectionStart) ?? ""
      const name = /(?<![\w@./])@(\w{0,40})$/u.exec(before)?.[1]
      setTyped(name ?? null)
      if (name !== typed) setAt(0)
    },
    onKeyDown(event) {
      if (found.length === 0) return false
      const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key]
      const isHandled = to !== undefined || ["Enter", "Tab", "Escape"].includes(event.key)
      if (!isHandled) return false
      event.preventDefault()
      if (to !== undefined) setAt((to + found.length) % found.length)
      else if (event.key === "Escape") setTyped(null)
      else pick(found[at]?.username ?? "")
      return true
    },
  }))

  if (found.length === 0) return null
  return (
    <div id={id} role="listbox" aria-label={words.writing.mentions} className={styles.mentions}>
      {found.map((one, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's, which keeps the focus
        <div
          key={one.id}
          role="option"
          tabIndex={-1}
          aria-selected={index === at}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => pick(one.username)}
        >
          <bdi>{nameOfTeammate(one)}</bdi> <span>@{one.username}</span>
        </div>
      ))}
      <output className="said">{found.map(nameOfTeammate)[at]}</output>
    </div>
  )
}
