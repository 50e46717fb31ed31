import { type KeyboardEvent, type PointerEvent, useRef } from "react"
import styles from "./Splitter.module.css"

interface SplitterProps {
  label: string
  /** vertical: a line between what is side by side; horizontal: between what is above and below. */
  orientation: "vertical" | "horizontal"
  /** Of what stands before the line (after it, with `isFirst`), CSS px; null: as the style sheet has it. */
  size: number | null
  min: number
  max: number
  /** It stands at the beginning of its parent, and is there on small screens too. */
  isFirst?: boolean
  onSize(size: number | null): void
}

const stepPx = 16
const bigStepPx = 96

/**
 * The line between two panes: dragged, or moved by arrow keys (further with Shift), Home and End; a double press or Enter gives the usual size back.
 * It stands at the end of its parent (at the beginning, with `isFirst`), whose size it changes.
 */
export function Splitter({ label, orientation, size, min, max, isFirst, onSize }: SplitterProps) {
  const line = useRef<HTMLDivElement>(null)
  const start = useRef({ at: 0, size: 0 })
  const isVertical = orientation === "vertical"
  const isTurned = (): boolean => isVertical && line.current?.matches(":dir(rtl)") === true
  const way = isFirst ? -1 : 1
  const within = (wanted: number): number => Math.round(Math.min(max, Math.max(min, wanted)))
  function present(): number {
    const box = line.current?.parentElement?.getBoundingClientRect()
    return size ?? (isVertical ? (box?.width ?? min) : (box?.height ?? min))
  }
  const placeOf = (event: PointerEvent): number => (isVertical ? event.clientX : event.clientY)

  function onKeyDown(event: KeyboardEvent): void {
    const step = way * (event.shiftKey ? bigStepPx : stepPx)
    const forward = isVertical ? (isTurned() ? "ArrowLeft" : "ArrowRight") : "ArrowDown"
    const backward = isVertical ? (isTurned() ? "ArrowRight" : "ArrowLeft") : "ArrowUp"
    if (event.key === forward) onSize(within(present() + step))
    else if (event.key === backward) onSize(within(present() - step))
    else if (event.key === "Home") onSize(min)
    else if (event.key === "End") onSize(max)
    else if (event.key === "Enter") onSize(null)
    else return
    event.preventDefault()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: an hr can be neither focused nor moved
    <div
      ref={line}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={orientation}
      aria-valuenow={Math.round(size ?? min)}
      aria-valuemin={min}
      aria-valuemax={max}
      className={styles.splitter}
      data-orientation={orientation}
      data-first={isFirst}
      onKeyDown={onKeyDown}
      onDoubleClick={() => onSize(null)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        start.current = { at: placeOf(event), size: present() }
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
        const moved = way * (placeOf(event) - start.current.at)
        onSize(within(start.current.size + (isTurned() ? -moved : moved)))
      }}
    />
  )
}
