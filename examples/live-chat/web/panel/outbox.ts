import { become, call, type FileInfo, forget, type Message, post, ServerError, storage, token } from "./session.ts"

/** A message that the server does not have yet. */
export interface Waiting {
  id: string
  text: string
  files: FileInfo[]
  at: number
  /** The server will not take it. */
  isRefused?: boolean
}

interface Events {
  /** The list has changed, here or in another tab. */
  onChange(): void
  onSent(message: Message): void
  /** False: the server cannot be reached. */
  onReach(isReached: boolean): void
}

const key = "chat:outbox"
const pauseMsMax = 30_000

/**
 * Keeps what a visitor writes until the server has it: in order, over reloads, and once, because every message has its id before it is first sent and
 * the server knows it again. Tabs share the list and take turns.
 */
export function openOutbox(events: Events) {
  let isFlushing = false
  let pauseMs = 1000
  let timer = 0

  const list = (): Waiting[] => JSON.parse(storage.get(key) ?? "[]") as Waiting[]
  function change(next: (all: Waiting[]) => Waiting[]): void {
    const all = next(list())
    storage.set(key, all.length === 0 ? null : JSON.stringify(all))
    events.onChange()
  }
  const without = (id: string) => change((all) => all.filter((one) => one.id !== id))

  /** True where the next may follow. */
  async function sendOne({ id, text, files }: Waiting): Promise<boolean> {
    try {
      await become()
      const answer = await post("/api/messages", { id, text, files: files.map((file) => file.id) })
      events.onSent((await answer.json()) as Message)
      without(id)
      reached()
      return true
    } catch (error) {
      return settle(id, error)
    }
  }

  function reached(): void {
    pauseMs = 1000
    events.onReach(true)
  }

  function settle(id: string, error: unknown): boolean {
    const status = error instanceof ServerError ? error.status : 0
    if (status === 401 && token() !== null) {
      forget()
      return true
    }
    if (status >= 400 && status < 500 && status !== 429 && status !== 401) {
      reached()
      change((all) => all.map((one) => (one.id === id ? { ...one, isRefused: true } : one)))
      return true
    }
    const asked = error instanceof ServerError ? error.retryAfter * 1000 : 0
    if (status !== 429) events.onReach(false)
    clearTimeout(timer)
    timer = window.setTimeout(flush, Math.max(asked, pauseMs))
    pauseMs = Math.min(pauseMs * 2, pauseMsMax)
    return false
  }

  async function work(): Promise<void> {
    for (let next = list().find((one) => !one.isRefused); next; next = list().find((one) => !one.isRefused)) {
      if (!(await sendOne(next))) return
    }
  }

  async function flush(): Promise<void> {
    if (isFlushing) return
    isFlushing = true
    // Where there are no locks two tabs may send the same: it still counts once.
    if (navigator.locks) await navigator.locks.request("chat:outbox", work)
    else await work()
    isFlushing = false
  }

  addEventListener("storage", (event) => {
    if (event.key !== key) return
    events.onChange()
    void flush()
  })
  addEventListener("online", () => {
    pauseMs = 1000
    void flush()
  })
  return {
    list,
    flush,
    add(message: Waiting): void {
      change((all) => [...all, message])
      void flush()
    },
    retry(id: string): void {
      change((all) => all.map((one) => (one.id === id ? { ...one, isRefused: false } : one)))
      void flush()
    },
    remove: without,
    clear: () => change(() => []),
  }
}

/** Uploads a file, which goes with a message later. */
export async function upload(file: File): Promise<FileInfo> {
  await become()
  const answer = await call(`/api/files?name=${encodeURIComponent(file.name)}`, {
    method: "POST",
    headers: { "content-type": file.type || "application/octet-stream" },
    body: file,
  })
  return (await answer.json()) as FileInfo
}
