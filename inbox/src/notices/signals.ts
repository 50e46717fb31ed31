import { words } from "../words.ts"
import type { Notice } from "./decide.ts"

/** How a page makes itself heard and seen outside its own window: loaded once there may be something to tell. */

let context: AudioContext | null = null

/** Two soft notes, made here: a file would be one more thing to load. False: the browser lets no sound out before somebody has pressed something. */
export async function playSound(): Promise<boolean> {
  context ??= new AudioContext()
  await context.resume().catch(() => {})
  if (context.state !== "running") return false
  const start = context.currentTime
  for (const [delay, hertz] of [
    [0, 659.3],
    [0.14, 880],
  ] as const) {
    const tone = context.createOscillator()
    const loudness = context.createGain()
    tone.frequency.value = hertz
    loudness.gain.setValueAtTime(0, start + delay)
    loudness.gain.linearRampToValueAtTime(0.16, start + delay + 0.02)
    loudness.gain.exponentialRampToValueAtTime(0.001, start + delay + 0.5)
    tone.connect(loudness).connect(context.destination)
    tone.start(start + delay)
    tone.stop(start + delay + 0.55)
  }
  return true
}

const wantedKey = "causeway.browser-notifications"

/** Whether this device shows the system's own notifications: asked for here, and allowed by the browser. */
export const browserNotices = {
  state(): "unsupported" | "off" | "denied" | "on" {
    if (!("Notification" in window)) return "unsupported"
    if (Notification.permission === "denied") return "denied"
    return Notification.permission === "granted" && localStorage.getItem(wantedKey) === "on" ? "on" : "off"
  },
  /** Asks the browser, which asks the person; only after they pressed Enable. */
  async enable(): Promise<void> {
    if ((await Notification.requestPermission()) === "granted") localStorage.setItem(wantedKey, "on")
  },
  disable: (): void => localStorage.removeItem(wantedKey),
}

/** One a conversation: a later one takes the place of the one before. */
export function showBrowserNotice(notice: Notice, onPress: () => void): void {
  const shown = new Notification(words.notices.sentence(words.notices.kinds[notice.kind], notice.who), {
    body: notice.text.slice(0, 200),
    tag: notice.key,
    icon: "/app/icon.svg",
  })
  shown.onclick = () => {
    window.focus()
    onPress()
    shown.close()
  }
}
