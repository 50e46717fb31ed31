import { readEvents } from "./event-stream.ts"
import type { LiveSource } from "./live.ts"

/** The server says that it is there every 15 s; after this long without a sign the connection is taken for dead. */
const silenceMaxMs = 40_000

/** The browser's end of GET /causeway/live. */
export const liveSource: LiveSource = {
  async *open(after, signal) {
    const silence = new AbortController()
    let timer = setTimeout(() => silence.abort(), silenceMaxMs)
    // Without a network the stream would look alive until the silence is noticed.
    const onOffline = (): void => silence.abort()
    window.addEventListener("offline", onOffline)
    try {
      const response = await fetch(`/causeway/live?after=${encodeURIComponent(after)}`, {
        credentials: "same-origin",
        headers: { accept: "text/event-stream" },
        cache: "no-store",
        signal: AbortSignal.any([signal, silence.signal]),
      })
      if (response.status === 401) yield "unauthenticated"
      if (!response.ok || response.body === null) return
      for await (const events of readEvents(response.body)) {
        clearTimeout(timer)
        timer = setTimeout(() => silence.abort(), silenceMaxMs)
        yield events
      }
    } finally {
      clearTimeout(timer)
      window.removeEventListener("offline", onOffline)
    }
  },
  isOnline: () => navigator.onLine,
  pause,
  random: Math.random,
}

/** Coming back to the page or to a network is worth a try at once. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const ended = new AbortController()
    const end = (): void => {
      clearTimeout(timer)
      ended.abort()
      resolve()
    }
    const timer = setTimeout(end, ms)
    const options = { signal: ended.signal }
    signal.addEventListener("abort", end, options)
    window.addEventListener("online", end, options)
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && end(), options)
  })
}
