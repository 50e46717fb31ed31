import { createValue, useValue } from "../value.ts"

/** How high the console under a conversation is on this device, CSS px. null: as the style sheet has it. */
const storageKey = "causeway.console"

function parse(kept: string | null): number | null {
  const height = Number(kept ?? 0)
  return height > 0 && Number.isFinite(height) ? height : null
}

const consoleHeight = createValue<number | null>(parse(localStorage.getItem(storageKey)))

export function setConsoleHeight(height: number | null): void {
  if (height === null) localStorage.removeItem(storageKey)
  else localStorage.setItem(storageKey, String(height))
  consoleHeight.set(height)
}

export const useConsoleHeight = (): number | null => useValue(consoleHeight)
