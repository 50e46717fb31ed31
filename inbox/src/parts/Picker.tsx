import { type KeyboardEvent, type ReactNode, useId, useState } from "react"
import { Icon } from "./Icon.tsx"
import styles from "./Picker.module.css"

export interface PickerOption {
  id: string
  label: string
  /** Said after the label and searched as well: a team, an address. */
  hint?: string
  isChosen?: boolean
  mark?: ReactNode
}

interface PickerProps {
  /** What the field asks for. */
  label: string
  options: readonly PickerOption[]
  /** What is said when nothing matches. */
  none: string
  onPick(option: PickerOption): void
  /** Offered under the matches when nothing is called exactly so. */
  create?: { label(name: string): string; make(name: string): void } | undefined
}

const shownMax = 50
const fold = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase()

/** Options whose label or hint holds every word that is typed; those that begin with it first. */
export function matching(options: readonly PickerOption[], typed: string): PickerOption[] {
  const words = fold(typed).split(/\s+/).filter(Boolean)
  const found = options.filter(({ label, hint = "" }) => {
    const text = fold(`${label} ${hint}`)
    return words.every((word) => text.includes(word))
  })
  const starts = (option: PickerOption): number => (fold(option.label).startsWith(words[0] ?? "") ? 0 : 1)
  return found.toSorted((a, b) => starts(a) - starts(b)).slice(0, shownMax)
}

/** A field that narrows a list: ↑ and ↓ move in the list while one types on, Enter picks. */
export function Picker({ label, options, none, onPick, create }: PickerProps) {
  const id = useId()
  const [typed, setTyped] = useState("")
  const [at, setAt] = useState(0)
  const name = typed.trim()
  const found = matching(options, typed)
  const isNew = create !== undefined && name !== "" && !options.some((option) => fold(option.label) === fold(name))
  const rows = found.length + (isNew ? 1 : 0)
  const active = Math.min(at, rows - 1)

  function pick(index: number): void {
    const option = found[index]
    if (option !== undefined) onPick(option)
    else if (isNew) create.make(name)
  }
  function onKeyDown(event: KeyboardEvent): void {
    const to = { ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: rows - 1 }[event.key]
    if (to !== undefined && rows > 0) {
      event.preventDefault()
      setAt((to + rows) % rows)
    }
    if (event.key === "Enter" && !event.nativeEvent.isComposing && rows > 0) {
      event.preventDefault()
      pick(active)
    }
  }
  return (
    <div className={styles.picker}>
      <input
        type="text"
        role="combobox"
        dir="auto"
        className={styles.field}
        aria-label={label}
        placeholder={label}
        aria-expanded={rows > 0}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
        autoComplete="off"
        // biome-ignore lint/a11y/noAutofocus: whoever opened the list types next
        autoFocus
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div id={id} role="listbox" aria-label={label} className={styles.list} hidden={rows === 0}>
        {found.map((option, index) => (
          <Option
            key={option.id}
            id={`${id}-${index}`}
            isActive={index === active}
            isChosen={option.isChosen === true}
            onPick={() => pick(index)}
          >
            {option.mark}
            <span className={styles.label} dir="auto">
              {option.label}
            </span>
            {option.hint && (
              <span className={styles.hint} dir="auto">
                {option.hint}
              </span>
            )}
          </Option>
        ))}
        {isNew && (
          <Option
            id={`${id}-${found.length}`}
            isActive={active === found.length}
            isChosen={false}
            onPick={() => pick(found.length)}
          >
            <Icon name="plus" size={14} />
            <span className={styles.label} dir="auto">
              {create.label(name)}
            </span>
          </Option>
        )}
      </div>
      {rows === 0 && <output className={styles.none}>{none}</output>}
    </div>
  )
}

interface OptionProps {
  id: string
  isActive: boolean
  isChosen: boolean
  onPick(): void
  children: ReactNode
}

const Option = ({ id, isActive, isChosen, onPick, children }: OptionProps) => (
  // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and the keys
  // biome-ignore lint/a11y/useFocusableInteractive: the field names this as its active descendant
  <div
    id={id}
    role="option"
    aria-selected={isChosen}
    className={styles.option}
    data-active={isActive || undefined}
    ref={isActive ? (element) => element?.scrollIntoView({ block: "nearest" }) : undefined}
    onClick={onPick}
  >
    {children}
    <span className={styles.check}>{isChosen && <Icon name="sent" size={14} />}</span>
  </div>
)
