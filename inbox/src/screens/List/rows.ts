import { useSyncExternalStore } from "react"
import { useDeviceSettings } from "../../settings/device.ts"

/** Fixed, in px: where a row stands is worked out, not measured. List.module.css draws rows of these heights. */
const heights = { compact: 36, default: 58, comfortable: 78 } as const
export type Density = keyof typeof heights

/** Fingers need more than the compact row has. */
const touchMin = 44
const touch = window.matchMedia("(pointer: coarse)")

function subscribe(listener: () => void): () => void {
  touch.addEventListener("change", listener)
  return () => touch.removeEventListener("change", listener)
}

export function useRowHeight(): { density: Density; height: number } {
  const { density } = useDeviceSettings()
  const isTouch = useSyncExternalStore(subscribe, () => touch.matches)
  return { density, height: Math.max(heights[density], isTouch ? touchMin : 0) }
}

export const rowId = (conversationId: string): string => `row-${conversationId}`

/** How many rows are mounted at a time: scrolling adds one of these, not a few rows a frame. */
export const chunkRows = 5

/** Browsers give up on elements that are much taller; what lies further down is found by narrowing the list. */
const tallestPx = 15_000_000
export const shownRows = (total: number, height: number): number => Math.min(total, Math.floor(tallestPx / height))
