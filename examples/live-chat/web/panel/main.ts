/** The chat as a page of its own, shown in a frame of the website that loads it. */
import { h, icon } from "../../../shared/web/dom.ts"
import { createComposer } from "./composer.ts"
import { createLog } from "./log.ts"
import { openOutbox } from "./outbox.ts"
import { become, call, forget, type Message, newId, post, ServerError, storage, token } from "./session.ts"
import { openStream, type ServerEvent } from "./stream.ts"
import { languages, type Words } from "./words.ts"

const asked = new URLSearchParams(location.search)
const lang = asked.get("lang")?.slice(0, 2) ?? "en"
const words = languages[lang] ?? (languages.en as Words)
const root = document.documentElement
root.lang = languages[lang] === undefined ? "en" : lang
root.dir = asked.get("dir") === "rtl" || (asked.get("dir") === null && lang === "ar") ? "rtl" : "ltr"
root.dataset.theme = asked.get("theme") === "dark" ? "dark" : "light"
document.title = words.title

const seenKey = "chat:seen"
const lostAfterMs = 1500
const messages = new Map<string, Message>()
let hasEarlier = false
let isReached = true
let lostTimer = 0
let typingTimer = 0
/** By itself, without a website around it, the panel is always in sight. */
let isShown = window.parent === window

const tellSite = (message: object): void => {
  if (window.parent !== window) window.parent.postMessage(message, "*")
}

const status = h("p", {})
const notice = h("p", { class: "notice", role: "status" })
const close = h(
  "button",
  { type: "button", "aria-label": words.close, onclick: () => tellSite({ type: "close" }) },
  icon("M6 6l12 12M18 6 6 18"),
)
const log = createLog(words, root.lang, {
  retry: (id) => outbox.retry(id),
  remove: (id) => outbox.remove(id),
  earlier: () => load(inOrder()[0]?.seq),
})
const composer = createComposer({ words, send, say, onTyping })
document.body.append(
  h("header", {}, h("div", {}, h("h1", {}, words.title), status), close),
  notice,
  log.element,
  composer.element,
)

const outbox = openOutbox({ onChange: show, onSent: take, onReach: reach })
const stream = openStream({ after: () => inOrder().at(-1)?.seq ?? 0, onEvent: hear, onReach: reach })

const inOrder = (): Message[] => [...messages.values()].sort((a, b) => a.seq - b.seq)

function show(): void {
  log.render({ messages: inOrder(), waiting: outbox.list(), isReached: isReached && navigator.onLine, hasEarlier })
  const seen = Number(storage.get(seenKey) ?? 0)
  const unseen = inOrder().filter(({ seq, is_mine }) => !is_mine && seq > seen)
  const isInSight = isShown && document.visibilityState === "visible"
  if (isInSight && unseen.length > 0) {
    const last = unseen.at(-1) as Message
    storage.set(seenKey, String(last.seq))
    post("/api/seen", { id: last.id }).catch(() => {})
  }
  tellSite({ type: "unread", count: isInSight ? 0 : unseen.length })
}

function say(sentence: string): void {
  if (notice.textContent !== sentence) notice.textContent = sentence
}

function send(text: string, files: Message["files"]): void {
  say(reachSentence())
  outbox.add({ id: newId(), text, files, at: Date.now() })
  log.toEnd()
}

/** Who has written nothing has no conversation in which they could be seen. */
function onTyping(typing: boolean): void {
  if (token() !== null && messages.size > 0) post("/api/typing", { typing }).catch(() => {})
}

function take(message: Message): void {
  if (message.is_mine && messages.size === 0) tellSite({ type: "talked" })
  messages.set(message.id, message)
  stream.start()
  show()
}

function hear(event: ServerEvent): void {
  if (event.type === "message") {
    if (!event.message.is_mine) showTyping(null, 0)
    take(event.message)
  }
  if (event.type === "typing") showTyping(event.name, event.for_ms)
  if (event.type !== "state") return
  const message = messages.get(event.id)
  if (message !== undefined) take({ ...message, state: event.state })
}

function showTyping(name: string | null, forMs: number): void {
  clearTimeout(typingTimer)
  log.showTyping(name)
  if (name !== null) typingTimer = window.setTimeout(() => log.showTyping(null), forMs)
}

const reachSentence = (): string => (navigator.onLine ? (isReached ? "" : words.reconnecting) : words.offline)

/** A connection that is back at once was never lost. */
function reach(is: boolean): void {
  clearTimeout(lostTimer)
  lostTimer = window.setTimeout(() => setReached(is), is ? 0 : navigator.onLine ? lostAfterMs : 0)
}

function setReached(is: boolean): void {
  isReached = is
  composer.setOnline(is && navigator.onLine)
  say(reachSentence())
  show()
}

interface Page {
  messages?: Message[]
  has_more?: boolean
  is_open: boolean
  opens_at: number | null
}

/** The newest messages, or those before one; who has written nothing has none. */
async function load(before?: number): Promise<void> {
  const path = token() === null ? "/api/hours" : `/api/messages${before === undefined ? "" : `?before=${before}`}`
  const page = (await (await call(path)).json()) as Page
  for (const message of page.messages ?? []) messages.set(message.id, message)
  hasEarlier = page.has_more ?? false
  status.textContent = page.is_open
    ? words.isOpen
    : page.opens_at === null
      ? words.closed
      : words.opensAt(whenOf(page.opens_at))
  show()
}

const whenOf = (at: number): string =>
  new Intl.DateTimeFormat(root.lang, { weekday: "long", hour: "2-digit", minute: "2-digit" }).format(at)

async function begin(): Promise<void> {
  try {
    await load()
    reach(true)
  } catch (error) {
    // A token that the service no longer knows is nobody's: whoever writes next is a new visitor.
    const isUnknown = error instanceof ServerError && error.status === 401
    if (isUnknown && token() !== null) {
      forget()
      return begin()
    }
    reach(false)
  }
  if (messages.size > 0) tellSite({ type: "talked" })
  stream.start()
  void outbox.flush()
  log.toEnd()
  log.speak()
}

/** Another person, or nobody: what the last one wrote and read is not theirs. */
function leave(): void {
  stream.stop()
  messages.clear()
  hasEarlier = false
}

const fromSite: Record<string, (message: { hasFocus?: boolean; identity?: string }) => void> = {
  shown({ hasFocus }) {
    isShown = true
    show()
    log.toEnd()
    if (hasFocus) composer.focus()
  },
  hidden() {
    isShown = false
  },
  identify({ identity = "" }) {
    become(identity).then(
      () => {
        leave()
        return begin()
      },
      () => {},
    )
  },
  forget() {
    leave()
    forget()
    outbox.clear()
    composer.clear()
    storage.set(seenKey, null)
  },
}

addEventListener("message", ({ source, data }: MessageEvent) => {
  if (source === window.parent && source !== window) fromSite[String(data?.type)]?.(data)
})
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing) tellSite({ type: "close" })
})
addEventListener("online", () => void begin())
addEventListener("offline", () => reach(false))
document.addEventListener("visibilitychange", show)
addEventListener("storage", ({ key, newValue }) => {
  // Another tab has become somebody, or nobody.
  if (key !== "chat:token") return
  leave()
  if (newValue !== null) void begin()
  else show()
})
if (window.parent === window) close.hidden = true
tellSite({ type: "ready" })
await begin()
