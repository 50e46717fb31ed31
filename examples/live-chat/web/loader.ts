/**
 * What a website loads: a button, and nothing more until somebody comes near it. Everything is inside a closed shadow root with a style sheet of its
 * own, so that neither page nor widget changes the other, and a content security policy needs only our origin for scripts and frames.
 */
type Options = { lang?: string; dir?: string; theme?: string; identity?: string }
type Call = [command: string, argument?: unknown]
type Command = { (...call: Call): void; q?: IArguments[] }

const script = document.currentScript as HTMLScriptElement
const home = new URL(script.src).origin
const root = document.documentElement
/** The panel had a conversation: the only thing kept on the website, and only once its visitor has written. */
const talked = "causeway-chat"
const opened = "causeway-chat-open"

const labels: Record<string, [open: string, close: string, unread: string]> = {
  en: ["Open chat", "Close chat", "unread"],
  fr: ["Ouvrir la discussion", "Fermer la discussion", "non lus"],
  de: ["Chat öffnen", "Chat schließen", "ungelesen"],
  ar: ["فتح المحادثة", "إغلاق المحادثة", "غير مقروءة"],
}

const css = `:host{all:initial}
button{position:fixed;inset-block-end:20px;inset-inline-end:20px;z-index:2147483647;display:grid;place-items:center;inline-size:56px;block-size:56px;padding:0;border:0;border-radius:50%;background:#1c4fa8;color:#fff;box-shadow:0 4px 16px rgb(0 0 0/.28);cursor:pointer}
button:hover{background:#173f87}
button:focus-visible{outline:3px solid #fff;outline-offset:-6px;box-shadow:0 0 0 3px #1c4fa8}
svg{inline-size:28px;block-size:28px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
b{position:absolute;inset-block-start:-4px;inset-inline-end:-4px;min-inline-size:22px;padding-inline:5px;box-sizing:border-box;border-radius:11px;background:#a4262c;font:600 13px/22px system-ui,sans-serif;text-align:center}
b:empty{display:none}
div{position:fixed;inset-block-end:88px;inset-inline-end:20px;z-index:2147483647;inline-size:min(384px,calc(100vw - 40px));block-size:min(620px,calc(100dvh - 108px));border-radius:16px;overflow:hidden;box-shadow:0 12px 40px rgb(0 0 0/.3)}
div[hidden]{display:none}
iframe{display:block;inline-size:100%;block-size:100%;border:0;color-scheme:normal}
@media(max-width:480px){div{inset:0;inline-size:auto;block-size:auto;border-radius:0}button[aria-expanded=true]{display:none}}
@media(prefers-reduced-motion:no-preference){div{animation:in .16s ease-out}@keyframes in{from{transform:translateY(12px);opacity:0}}}`

let options: Options = { ...script.dataset }
let host: HTMLElement | null = null
let button: HTMLButtonElement
let badge: HTMLElement
let box: HTMLElement
let frame: HTMLIFrameElement | null = null
let isReady = false
let isShown = false
let unread = 0
let onUnread: ((count: number) => void) | null = null

/** Storage may be forbidden. */
function remember(store: "localStorage" | "sessionStorage", key: string, isOn?: boolean): boolean {
  try {
    if (isOn) window[store].setItem(key, "1")
    else if (isOn === false) window[store].removeItem(key)
    return window[store].getItem(key) === "1"
  } catch {
    return false
  }
}

const language = () => (options.lang ?? root.lang ?? "en").slice(0, 2)
const words = () => labels[language()] ?? (labels.en as [string, string, string])
const direction = () => options.dir ?? (options.lang === "ar" ? "rtl" : getComputedStyle(root).direction)

/** The website's own scheme: dark only where it says that it can be. */
function theme(): string {
  const own = getComputedStyle(root).colorScheme
  const named = document.querySelector<HTMLMetaElement>("meta[name=color-scheme]")?.content ?? ""
  const scheme = own === "normal" ? named : own
  const isBoth = scheme.includes("light")
  const isDark = scheme.includes("dark") && (!isBoth || matchMedia("(prefers-color-scheme: dark)").matches)
  return options.theme ?? (isDark ? "dark" : "light")
}

function draw(): void {
  host = document.createElement("causeway-chat")
  const shadow = host.attachShadow({ mode: "closed" })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  shadow.adoptedStyleSheets = [sheet]
  host.dir = direction()
  host.lang = language()
  button = document.createElement("button")
  button.type = "button"
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  svg.setAttribute("viewBox", "0 0 24 24")
  svg.setAttribute("aria-hidden", "true")
  svg.append(document.createElementNS("http://www.w3.org/2000/svg", "path"))
  badge = document.createElement("b")
  badge.setAttribute("aria-hidden", "true")
  button.append(svg, badge)
  box = document.createElement("div")
  box.setAttribute("role", "dialog")
  box.hidden = true
  shadow.append(box, button)
  button.onclick = () => (isShown ? hide() : show())
  button.onpointerenter = load
  button.onfocus = load
  ;(document.body ?? root).append(host)
  label()
}

function label(): void {
  const [open, close, more] = words()
  button.setAttribute("aria-expanded", String(isShown))
  button.setAttribute("aria-label", isShown ? close : unread > 0 ? `${open} (${unread} ${more})` : open)
  button.querySelector("path")?.setAttribute("d", isShown ? "m6 9 6 6 6-6" : "M4 5h16v11H9l-5 4z")
  badge.textContent = isShown || unread === 0 ? "" : String(Math.min(unread, 99))
  box.setAttribute("aria-label", open)
}

function load(): void {
  if (frame !== null) return
  frame = document.createElement("iframe")
  frame.title = words()[0]
  frame.src = `${home}/panel?${new URLSearchParams({ lang: language(), dir: direction(), theme: theme() })}`
  box.append(frame)
}

function tell(message: object): void {
  if (isReady) frame?.contentWindow?.postMessage(message, home)
}

function show(hasFocus = true): void {
  if (host === null) draw()
  load()
  isShown = true
  box.hidden = false
  remember("sessionStorage", opened, true)
  if (hasFocus) frame?.focus()
  tell({ type: "shown", hasFocus })
  label()
}

function hide(): void {
  if (host === null || !isShown) return
  isShown = false
  box.hidden = true
  remember("sessionStorage", opened, false)
  tell({ type: "hidden" })
  label()
  button.focus()
}

function shutdown(): void {
  tell({ type: "forget" })
  for (const [store, key] of [
    ["localStorage", talked],
    ["sessionStorage", opened],
  ] as const)
    remember(store, key, false)
  host?.remove()
  host = frame = null
  isReady = isShown = false
  unread = 0
}

const hears: Record<string, (message: { count?: number }) => void> = {
  ready() {
    isReady = true
    if (options.identity) tell({ type: "identify", identity: options.identity })
    if (isShown) tell({ type: "shown", hasFocus: document.activeElement === host })
  },
  close: hide,
  talked: () => remember("localStorage", talked, true),
  unread({ count = 0 }) {
    unread = count
    label()
    onUnread?.(count)
  },
}

addEventListener("message", ({ source, origin: from, data }: MessageEvent) => {
  if (from === home && frame !== null && source === frame.contentWindow) hears[String(data?.type)]?.(data)
})

function init(more: unknown): void {
  options = { ...options, ...(more as Options) }
  if (host !== null) return
  draw()
  if (remember("sessionStorage", opened)) show(false)
  // Somebody who has a conversation is told of answers.
  else if (remember("localStorage", talked)) load()
}

const commands: Record<string, (argument: unknown) => void> = {
  init,
  show: () => show(),
  hide,
  identify(identity) {
    options.identity = String(identity)
    tell({ type: "identify", identity })
  },
  onUnread(listener) {
    onUnread = listener as typeof onUnread
    onUnread?.(unread)
  },
  shutdown,
}

const page = window as unknown as { CausewayChat?: Command }
const waiting = page.CausewayChat?.q ?? []
page.CausewayChat = (command, argument) => commands[command]?.(argument)
function begin(): void {
  if (!("manual" in script.dataset)) init({})
  for (const call of waiting) page.CausewayChat?.(...([...call] as Call))
}
if (document.body === null) addEventListener("DOMContentLoaded", begin)
else begin()

export {}
