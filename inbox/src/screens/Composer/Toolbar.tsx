import { type CSSProperties, type KeyboardEvent, type ReactNode, type Ref, useEffect, useRef } from "react"
import { Icon, type IconName } from "../../parts/Icon.tsx"
import styles from "./Composer.module.css"

/** Buttons that are one stop of the Tab key; the arrows move among them. */
export function Toolbar({ label, children }: { label: string; children: ReactNode }) {
  const bar = useRef<HTMLDivElement>(null)
  const buttons = (): HTMLButtonElement[] => [
    ...(bar.current?.querySelectorAll<HTMLButtonElement>("button[data-tool]") ?? []),
  ]
  // Whichever had the focus last keeps the stop; what comes and goes must not leave the bar without one.
  useEffect(() => {
    const all = buttons()
    if (!all.some((button) => button.tabIndex === 0)) stopAt(all, all[0])
  })
  function onKeyDown(event: KeyboardEvent): void {
    const all = buttons()
    const at = all.indexOf(document.activeElement as HTMLButtonElement)
    if (at === -1) return
    const isMirrored = getComputedStyle(event.currentTarget).direction === "rtl"
    const step = { ArrowRight: isMirrored ? -1 : 1, ArrowLeft: isMirrored ? 1 : -1 }[event.key]
    const to =
      event.key === "Home"
        ? 0
        : event.key === "End"
          ? all.length - 1
          : step === undefined
            ? null
            : (at + step + all.length) % all.length
    if (to === null) return
    event.preventDefault()
    stopAt(all, all[to])
    all[to]?.focus()
  }
  return (
    <div ref={bar} role="toolbar" aria-label={label} className={styles.toolbar} onKeyDown={onKeyDown}>
      {children}
    </div>
  )
}

function stopAt(all: readonly HTMLButtonElement[], one: HTMLButtonElement | undefined): void {
  for (const button of all) button.tabIndex = button === one ? 0 : -1
}

interface ToolProps {
  ref?: Ref<HTMLButtonElement>
  icon: IconName
  label: string
  /** Its key as this keyboard writes it, said in the tooltip. */
  keys?: string
  isPressed?: boolean
  isExpanded?: boolean
  /** What it opens stands beside it by this name. */
  anchor?: string
  onPress(): void
}

export function Tool({ ref, icon, label, keys, isPressed, isExpanded, anchor, onPress }: ToolProps) {
  return (
    <button
      ref={ref}
      type="button"
      data-tool
      className={styles.tool}
      aria-label={label}
      title={keys === undefined ? label : `${label} (${keys})`}
      aria-pressed={isPressed}
      aria-expanded={isExpanded}
      style={anchor === undefined ? undefined : ({ anchorName: anchor } as CSSProperties)}
      // The selection stays where it is: the button acts on it.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPress}
    >
      <Icon name={icon} />
    </button>
  )
}
