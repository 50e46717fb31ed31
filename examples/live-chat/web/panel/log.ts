import { h, icon } from "../../../shared/web/dom.ts"
import type { Waiting } from "./outbox.ts"
import type { FileInfo, Message } from "./session.ts"
import { withLinks } from "./text.ts"
import type { Words } from "./words.ts"

interface Actions {
  retry(id: string): void
  remove(id: string): void
  earlier(): Promise<void>
}

export interface Shown {
  /** In order. */
  messages: readonly Message[]
  /** Not on the server yet, in order. */
  waiting: readonly Waiting[]
  isReached: boolean
  hasEarlier: boolean
}

type State = "waiting" | "sending" | "sent" | "refused" | null

interface Item {
  id: string
  isMine: boolean
  text: string
  author: string | null
  files: readonly FileInfo[]
  at: number
  state: State
  /** Nobody's message of the same side stands right above. */
  isFirst: boolean
}

const nearEndPx = 80
const isPicture = (type: string): boolean => /^image\/(png|jpeg|gif|webp|avif)$/.test(type)

/** The conversation as it is read: a live region, so that answers are spoken when they come, and what was there before is not. */
export function createLog(words: Words, lang: string, actions: Actions) {
  const time = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit" })
  const day = new Intl.DateTimeFormat(lang, { weekday: "long", day: "numeric", month: "long" })
  const list = h("div", { class: "log", role: "log", "aria-label": words.log, "aria-live": "off" })
  const earlier = h(
    "button",
    { type: "button", class: "small", hidden: true, onclick: () => void showEarlier() },
    words.earlier,
  )
  const hello = h("p", { class: "hello" }, words.hello)
  const typing = h("p", { class: "typing", role: "status" })
  const element = h("main", { tabindex: "0", "aria-label": words.log }, earlier, hello, list, typing)
  const nodes = new Map<string, { node: HTMLElement; looks: string }>()

  /** What comes in above leaves what is read where it is, and is not spoken. */
  async function showEarlier(): Promise<void> {
    list.setAttribute("aria-live", "off")
    const below = element.scrollHeight - element.scrollTop
    await actions.earlier()
    element.scrollTop = element.scrollHeight - below
    requestAnimationFrame(() => list.setAttribute("aria-live", "polite"))
    element.focus()
  }

  function render({ messages, waiting, isReached, hasEarlier }: Shown): void {
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < nearEndPx
    const items = itemsOf(messages, waiting, isReached)
    const wanted = new Set<string>()
    let place: ChildNode | null = list.firstChild
    const put = (key: string, looks: string, make: () => HTMLElement) => {
      wanted.add(key)
      const known = nodes.get(key)
      const node = known?.looks === looks ? known.node : make()
      if (known !== undefined && known.node !== node) {
        if (place === known.node) place = node
        known.node.replaceWith(node)
      }
      nodes.set(key, { node, looks })
      if (place === node) place = node.nextSibling
      else list.insertBefore(node, place)
    }
    let today = ""
    for (const item of items) {
      const date = day.format(item.at)
      if (date !== today) put(`day:${date}`, date, () => h("p", { class: "day" }, date))
      today = date
      put(item.id, JSON.stringify(item), () => bubble(item))
    }
    for (const [key, { node }] of nodes) {
      if (wanted.has(key)) continue
      node.remove()
      nodes.delete(key)
    }
    hello.hidden = items.length > 0
    earlier.hidden = !hasEarlier
    if (isAtEnd || waiting.length > 0) element.scrollTop = element.scrollHeight
  }

  function bubble(item: Item): HTMLElement {
    const { isMine, author, files, text, state, at, isFirst } = item
    const name = isMine ? words.you : (author ?? words.team)
    const clock = h("time", { datetime: new Date(at).toISOString() }, time.format(at))
    return h(
      "div",
      {
        class: `message${isMine ? " mine" : ""}${state === "waiting" || state === "sending" ? " waiting" : ""}`,
        "data-id": item.id,
      },
      isMine || !isFirst
        ? h("span", { class: "hidden" }, `${name}: `)
        : h("span", { class: "name" }, `${name} · `, clock),
      h("div", { class: "bubble" }, ...files.map(fileOf), text !== "" && h("p", { dir: "auto" }, ...withLinks(text))),
      state && stateLine(item.id, state, isMine ? clock : null),
    )
  }

  function stateLine(id: string, state: Exclude<State, null>, clock: HTMLElement | null): HTMLElement {
    if (state !== "refused")
      return h("span", { class: "state" }, words[state], state === "sent" && clock && " · ", state === "sent" && clock)
    return h(
      "span",
      { class: "state failed" },
      words.refused,
      h("button", { type: "button", class: "small", onclick: () => actions.retry(id) }, words.retry),
      h("button", { type: "button", class: "small", onclick: () => actions.remove(id) }, words.remove),
    )
  }

  function fileOf({ name, type, path }: FileInfo): HTMLElement {
    if (path === undefined) return h("span", { class: "file" }, icon(clip), name)
    const inside = isPicture(type)
      ? h("img", { src: path, alt: name, loading: "lazy" })
      : h("span", { class: "file" }, icon(clip), name)
    return h("a", { href: path, target: "_blank", rel: "noopener" }, inside)
  }

  return {
    element,
    render,
    /** From now on what comes is spoken. */
    speak: () => requestAnimationFrame(() => list.setAttribute("aria-live", "polite")),
    toEnd: () => element.scrollTo({ top: element.scrollHeight }),
    showTyping(name: string | null) {
      const sentence = name === null ? "" : words.typing(name)
      // Said once, however often it is heard.
      if (typing.textContent === sentence) return
      const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < nearEndPx
      typing.textContent = sentence
      if (isAtEnd) element.scrollTop = element.scrollHeight
    },
  }
}

export const clip =
  "M20 11.5 12 19.6a5 5 0 0 1-7.1-7.1l8.2-8.1a3.3 3.3 0 0 1 4.7 4.7l-8.1 8.1a1.7 1.7 0 0 1-2.4-2.4l7.5-7.4"

/** Only the last of the visitor's own messages says that it was sent. */
function itemsOf(messages: readonly Message[], waiting: readonly Waiting[], isReached: boolean): Item[] {
  const known = new Set(messages.map(({ id }) => id))
  const left = waiting.filter(({ id }) => !known.has(id))
  const lastMine = left.length > 0 ? undefined : messages.findLast(({ is_mine }) => is_mine)?.id
  const items: Item[] = messages.map(({ id, is_mine: isMine, text, author, files, at, state }) => ({
    ...{ id, isMine, text, author, files, at, isFirst: true },
    state: state === "refused" ? "refused" : id === lastMine ? "sent" : null,
  }))
  for (const { id, text, files, at, isRefused } of left) {
    const state = isRefused ? "refused" : isReached ? "sending" : "waiting"
    items.push({ id, isMine: true, text, author: null, files, at, state, isFirst: true })
  }
  return items.map((item, i) => ({
    ...item,
    isFirst: items[i - 1]?.isMine !== item.isMine || items[i - 1]?.author !== item.author,
  }))
}
