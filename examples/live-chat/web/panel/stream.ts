import { call, type Message, ServerError, token } from "./session.ts"

export type ServerEvent =
  | { type: "message"; message: Message }
  | { type: "state"; id: string; state: Message["state"] }
  | { type: "typing"; name: string; for_ms: number }

interface Options {
  /** The last message that is here: what came since is told first. */
  after(): number
  onEvent(event: ServerEvent): void
  onReach(isReached: boolean): void
}

const pauseMsMax = 30_000

/**
 * Hears what the team writes while the page can be seen: a browser keeps only a handful of connections to one server, and hidden tabs leave theirs
 * to the others. A connection that ends is made again, after a pause that grows.
 */
export function openStream({ after, onEvent, onReach }: Options) {
  let current: AbortController | null = null
  let timer = 0
  let pauseMs = 1000

  async function listen(signal: AbortSignal): Promise<void> {
    const { body } = await call(`/api/events?after=${after()}`, { signal })
    if (body === null) throw new Error("no events")
    onReach(true)
    let rest = ""
    for await (const part of body.pipeThrough(new TextDecoderStream())) {
      pauseMs = 1000
      const events = (rest + part).split("\n\n")
      rest = events.pop() ?? ""
      for (const event of events) if (event.startsWith("data: ")) onEvent(JSON.parse(event.slice(6)) as ServerEvent)
    }
  }

  function start(): void {
    clearTimeout(timer)
    if (current !== null || token() === null || document.visibilityState === "hidden") return
    const own = new AbortController()
    current = own
    const again = (error?: unknown) => {
      if (current === own) current = null
      if (own.signal.aborted || (error instanceof ServerError && error.status === 401)) return
      onReach(false)
      timer = window.setTimeout(start, pauseMs)
      pauseMs = Math.min(pauseMs * 2, pauseMsMax)
    }
    listen(own.signal).then(() => again(), again)
  }

  function stop(): void {
    clearTimeout(timer)
    current?.abort()
    current = null
  }

  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? stop() : start()))
  addEventListener("online", start)
  addEventListener("offline", () => {
    stop()
    onReach(false)
  })
  return { start, stop }
}
