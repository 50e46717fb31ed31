import { type DeviceSettings, deviceSettings } from "./device.ts"

const moreContrast = window.matchMedia("(prefers-contrast: more)")

/** Puts the settings that style sheets go by on the page itself: `data-theme`, `data-contrast`, `data-density`, `data-layout`. */
function apply({ theme, density, layout }: DeviceSettings): void {
  const { dataset } = document.documentElement
  dataset.theme = theme === "contrast" ? "system" : theme
  // Who asked the system for more contrast gets it, unless a theme was chosen here.
  const wantsMore = theme === "contrast" || (theme === "system" && moreContrast.matches)
  dataset.contrast = wantsMore ? "more" : "usual"
  dataset.density = density
  dataset.layout = layout
}

/** Applies the settings now and whenever they change. To be called once, before anything is drawn. */
export function applySettings(): void {
  apply(deviceSettings.get())
  deviceSettings.subscribe(() => apply(deviceSettings.get()))
  moreContrast.addEventListener("change", () => apply(deviceSettings.get()))
}
