import type { DeviceSettings } from "./device.ts"

/** How high one conversation is in the list, CSS px: one, two or three lines. The style sheets have it as `--row-block-size`. */
export const rowHeightPx: Readonly<Record<DeviceSettings["density"], number>> = {
  compact: 36,
  default: 56,
  comfortable: 72,
}
