import type { NotificationPreferences } from "@causeway/contract/endpoints/notifications"
import type { LiveChange } from "@causeway/contract/inbox"
import { isQuiet, type Notice, noticeOf, type Reader } from "./decide.ts"
import { browserNotices, playSound, showBrowserNotice } from "./signals.ts"

/** A burst of messages makes one sound. */
const soundEveryMs = 3_000
let soundAt = 0

/** Tells of a change, if it is to be told of, and returns how; `add` is false where it was told already. `isSpeaker`: this tab makes the noise of all. */
export function tellOf(
  change: LiveChange,
  reader: Reader & { preferences: NotificationPreferences },
  { add, isSpeaker }: { add(notice: Notice): boolean; isSpeaker: boolean },
): Notice | null {
  const notice = noticeOf(change, reader)
  if (notice !== null && add(notice) && isSpeaker && !isQuiet(reader.preferences.quiet_hours, new Date()))
    speak(notice, reader.preferences)
  return notice
}

function speak(notice: Notice, { sound }: NotificationPreferences): void {
  const isWatched = document.hasFocus()
  if (sound === "always" || (sound === "background" && !isWatched)) {
    if (Date.now() - soundAt >= soundEveryMs) void playSound()
    soundAt = Date.now()
  }
  if (!isWatched && browserNotices.state() === "on") showBrowserNotice(notice, () => go(notice))
}

function go({ conversationId }: Notice): void {
  if (conversationId !== null) window.location.assign(`/app/inbox/open/${encodeURIComponent(conversationId)}`)
}
