import { createValue, useValue } from "../value.ts"

/**
 * How the inbox looks and behaves on this device. Each setting's first choice is what holds until somebody chooses; what a newer or older version kept
 * and this one does not know counts as not chosen. Another open tab follows.
 */
const choices = {
  /** "system": the browser's languages, in their order. */
  language: ["system", "en", "fr", "de", "ar", "pseudo"],
  theme: ["system", "light", "dark", "contrast"],
  density: ["default", "compact", "comfortable"],
  /** "system": as the language has it. */
  hours: ["system", "12", "24"],
  /** Where the list is: beside the conversation or above it. */
  layout: ["beside", "above"],
  /** What is read out by itself: all there is, what concerns one's own work and problems, or problems only. */
  announcements: ["all", "important", "problems"],
} as const

type Choices = typeof choices
export type DeviceSettings = { readonly [Name in keyof Choices]: Choices[Name][number] }
export type DeviceSetting = keyof DeviceSettings

/** What a setting can be; its first one is the default. */
export const choicesOf = <Name extends DeviceSetting>(name: Name): readonly DeviceSettings[Name][] =>
  choices[name] as readonly unknown[] as DeviceSettings[Name][]

const storageKey = "causeway.settings"

/** What was kept as JSON, each setting checked by itself. */
export function parseSettings(kept: string | null): DeviceSettings {
  let values: Record<string, unknown> = {}
  try {
    values = (JSON.parse(kept ?? "{}") ?? {}) as Record<string, unknown>
  } catch {
    // Not ours, or cut short: nothing was chosen.
  }
  const entries = Object.entries(choices).map(([name, allowed]) => [
    name,
    (allowed as readonly unknown[]).includes(values[name]) ? values[name] : allowed[0],
  ])
  return Object.fromEntries(entries) as DeviceSettings
}

// Tests of plain functions run where there is no window.
const storage = typeof window === "undefined" ? null : window.localStorage

export const deviceSettings = createValue<DeviceSettings>(parseSettings(storage?.getItem(storageKey) ?? null))

export function setDeviceSetting<Name extends DeviceSetting>(name: Name, value: DeviceSettings[Name]): void {
  const next = { ...deviceSettings.get(), [name]: value }
  storage?.setItem(storageKey, JSON.stringify(next))
  deviceSettings.set(next)
}

if (storage !== null) {
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key === storageKey) deviceSettings.set(parseSettings(newValue))
  })
}

export const useDeviceSettings = (): DeviceSettings => useValue(deviceSettings)
