import type { Preferences } from "@causeway/contract/inbox-preferences"
import { usualPreferences } from "@causeway/contract/usual-preferences"
import { api } from "../api.ts"
import { keySettings, readKeySettings } from "../keys/settings.ts"
import { createValue, useValue } from "../value.ts"

/** What the teammate who is signed in chose for themselves; read with the session, and the same on every device. */
export const preferences = createValue<Preferences>(usualPreferences)

export const usePreferences = (): Preferences => useValue(preferences)

/** Takes over what the server has. */
export function takePreferences(kept: Preferences): void {
  preferences.set(kept)
  keySettings.set(readKeySettings(kept.keys))
}

/** Changes a part, at once here and then on the server; when that fails it is again as it was, and the error is thrown. */
export async function changePreferences(change: Partial<Preferences>): Promise<void> {
  const before = preferences.get()
  takePreferences({ ...before, ...change })
  try {
    takePreferences(await api.updatePreferences(change))
  } catch (error) {
    takePreferences(before)
    throw error
  }
}
