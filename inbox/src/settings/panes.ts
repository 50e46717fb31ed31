import { createValue, useValue } from "../value.ts"
import type { DeviceSettings } from "./device.ts"

/** How much the list takes of the screen, CSS px: its width beside the conversation, its height above it. null: as the style sheet has it. */
export type PaneSizes = Readonly<Record<DeviceSettings["layout"], number | null>>

const storageKey = "causeway.panes"
const unset: PaneSizes = { beside: null, above: null }

function parse(kept: string | null): PaneSizes {
  try {
    const { beside, above } = JSON.parse(kept ?? "{}") as Record<string, unknown>
    const sizeOf = (value: unknown): number | null => (typeof value === "number" && value > 0 ? value : null)
    return { beside: sizeOf(beside), above: sizeOf(above) }
  } catch {
    return unset
  }
}

export const paneSizes = createValue<PaneSizes>(parse(localStorage.getItem(storageKey)))

export function setPaneSize(layout: DeviceSettings["layout"], size: number | null): void {
  const next = { ...paneSizes.get(), [layout]: size }
  localStorage.setItem(storageKey, JSON.stringify(next))
  paneSizes.set(next)
}

export const usePaneSizes = (): PaneSizes => useValue(paneSizes)
