import type { NotificationChange, NotificationPreferences } from "@causeway/contract/endpoints/notifications"
import type { LiveChange, SessionView } from "@causeway/contract/inbox"
import { request } from "../api.ts"
import { createValue, type Value } from "../value.ts"
import { type Notices, openNotices, unopened } from "./notices.ts"
import { showCount, watchTitle } from "./title.ts"

/** Tells a teammate of what happens while they look elsewhere. */
export interface Notifier extends Pick<Notices, "all" | "openAll"> {
  /** null until they are loaded: before that nothing is told. */
  preferences: Value<NotificationPreferences | null>
  /** Throws `ApiError` where the server refuses. */
  change(change: NotificationChange): Promise<void>
  hear(changes: readonly LiveChange[]): void
  /** Which conversation this tab shows; null: none. */
  show(conversationId: string | null): void
  stop(): void
}

const path = "/causeway/notifications/preferences"
/** What judges and tells is no part of the first screen. */
const loadSpeech = () => import("./speak.ts")

export function startNotifier(teammate: SessionView["teammate"]): Notifier {
  const preferences = createValue<NotificationPreferences | null>(null)
  const notices = openNotices(teammate.id, localStorage, window)
  const stopped = new AbortController()
  const speaks = electSpeaker(stopped.signal)
  let shown: string | null = null
  let speech: Awaited<ReturnType<typeof loadSpeech>> | null = null

  const load = (): void =>
    void Promise.all([request<NotificationPreferences>(path), loadSpeech()]).then(
      ([wanted, loaded]) => {
        speech = loaded
        preferences.set(wanted)
      },
      () => {},
    ) // the next change of this page asks again
  load()

  const count = (): number => unopened(notices.all.get())
  const title = watchTitle(count)
  const refresh = (): void => {
    showCount(count())
    title.refresh()
  }
  refresh()
  const unsubscribe = notices.all.subscribe(refresh)

  const isInFront = (): boolean => document.visibilityState === "visible"
  function look(): void {
    if (shown !== null && isInFront()) notices.open(shown)
  }
  document.addEventListener("visibilitychange", look, { signal: stopped.signal })

  return {
    all: notices.all,
    openAll: notices.openAll,
    preferences,
    async change(change) {
      const before = preferences.get()
      if (before !== null) preferences.set(changed(before, change))
      try {
        preferences.set(await request<NotificationPreferences>(path, { method: "PATCH", body: change }))
      } catch (error) {
        preferences.set(before)
        throw error
      }
    },
    hear(changes) {
      const wanted = preferences.get()
      if (wanted === null || speech === null) return load()
      const reader = {
        me: teammate.id,
        role: teammate.role,
        preferences: wanted,
        isVisible: (id: string) => id === shown && isInFront(),
      }
      for (const change of changes) {
        const notice = speech.tellOf(change, reader, { add: notices.add, isSpeaker: speaks() })
        // Whoever is mentioned follows from now on.
        if (notice?.kind === "mention") load()
      }
    },
    show(conversationId) {
      shown = conversationId
      look()
    },
    stop() {
      stopped.abort()
      unsubscribe()
      title.stop()
      notices.stop()
    },
  }
}

/** What the server will answer, so that a switch stands at once where it was put. */
function changed(
  before: NotificationPreferences,
  { levels = {}, ...rest }: NotificationChange,
): NotificationPreferences {
  const inboxes = before.inboxes.map((inbox) => ({ ...inbox, level: levels[inbox.id] ?? inbox.level }))
  return { ...before, ...rest, inboxes }
}

/** Of all tabs one makes the noise: whoever holds the lock, for as long as it is open. A browser without locks lets each speak. */
function electSpeaker(signal: AbortSignal): () => boolean {
  if (!("locks" in navigator)) return () => true
  let isElected = false
  navigator.locks
    .request("causeway.speaker", { signal }, async () => {
      isElected = true
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }))
    })
    .catch(() => {}) // stopped before it was elected
  return () => isElected
}
