import type { ConversationRow, MessageView, SessionView, TimelinePage } from "@causeway/contract/inbox"
import { api, timelinePath } from "../api.ts"
import { dispatch, inboxState } from "../inbox-state.ts"
import { placeIn, plainList } from "../lists.ts"
import { cameFromDevice } from "./answers.ts"
import {
  claim,
  conversationsMax,
  keepAnswer,
  keepChanges,
  keptAnswer,
  keptMessages,
  keptRows,
  prune,
} from "./snapshot.ts"

export interface Keeper {
  /** How far the feed has been heard: what is kept from here on is at least as new. */
  heard(cursor: string): void
  /** The stream is up to date: what was never read on this device is read now, while nobody waits for it. */
  fill(): void
  stop(): void
}

/** What changed is kept together, at most this often, ms. */
const saveEveryMs = 2_000
/** Conversations whose messages are fetched although nobody opened them; all 500 have their row and preview. */
const threadsMax = 100
const pageRows = 50
/** After the stream is up to date, and from one time to the next, ms. */
const fillDelayMs = 2_000
const fillEveryMs = 3_600_000
/** Between two questions that nobody waits for, ms. */
const fillPauseMs = 150

/** Keeps what this page knows for times without a network, for the teammate who is signed in. */
export function startKeeping(session: SessionView): Keeper {
  const stopped = new AbortController()
  let cursor: string | null = null
  let filledAt = 0
  let saved = { conversations: inboxState.get().conversations, messages: inboxState.get().messages }
  let timer: ReturnType<typeof setTimeout> | undefined
  const ready = claim(`${session.company.id} ${session.teammate.id}`).then(() =>
    keepAnswer({ path: "/causeway/session", text: JSON.stringify(session) }),
  )

  async function save(): Promise<void> {
    timer = undefined
    if (cursor === null) return
    const { conversations, messages } = inboxState.get()
    const rows = changed<ConversationRow>(saved.conversations, conversations)
    const texts = changed<MessageView>(saved.messages, messages)
    saved = { conversations, messages }
    await ready
    if (rows.length + texts.length > 0) await keepChanges({ rows, messages: texts, cursor })
  }
  const unsubscribe = inboxState.subscribe(() => {
    timer ??= setTimeout(() => void save(), saveEveryMs)
  })
  const overlayIfOffline = (): void => {
    if (cameFromDevice.get()) void overlay()
  }
  // The session itself may have come from here.
  overlayIfOffline()
  const unfollow = cameFromDevice.subscribe(overlayIfOffline)
  return {
    heard(at) {
      cursor = at
    },
    fill() {
      // One tab is enough, and who pays for each byte is not asked to.
      const { connection, locks } = navigator as Navigator & { connection?: { saveData?: boolean } }
      if (connection?.saveData === true || locks === undefined || Date.now() - filledAt < fillEveryMs) return
      filledAt = Date.now()
      void locks.request("causeway.filling", { ifAvailable: true }, (lock) =>
        lock === null ? undefined : fillIn(ready, stopped.signal).catch(() => {}),
      )
    },
    stop() {
      clearTimeout(timer)
      unsubscribe()
      unfollow()
      stopped.abort()
    },
  }
}

const changed = <Entity>(before: ReadonlyMap<string, Entity>, after: ReadonlyMap<string, Entity>): Entity[] =>
  before === after ? [] : [...after].filter(([id, entity]) => before.get(id) !== entity).map(([, entity]) => entity)

/** Answers are as old as their question; the stream has told this device more since. */
async function overlay(): Promise<void> {
  const [conversations, messages] = await Promise.all([keptRows(), keptMessages()])
  dispatch({ type: "entities", conversations, messages })
}

/** Reads the newest conversations, a page at a time, and then their timelines where what is kept ends earlier. Ends with the first question that fails. */
async function fillIn(ready: Promise<void>, signal: AbortSignal): Promise<void> {
  await ready
  await pause(fillDelayMs)
  const rows = [...(await readRows("open", conversationsMax, signal))]
  if (rows.length < conversationsMax) rows.push(...(await readRows("archived", conversationsMax - rows.length, signal)))
  await prune()
  for (const { id, last_number: last } of rows.slice(0, threadsMax)) {
    if (signal.aborted) return
    const kept = (await keptAnswer(timelinePath(id, null))) as TimelinePage | undefined
    if (kept?.conversation.last_number === last) continue
    await api.timeline(id, null)
    await pause()
  }
}

async function readRows(view: "open" | "archived", most: number, signal: AbortSignal): Promise<ConversationRow[]> {
  const list = plainList(view)
  const rows: ConversationRow[] = []
  while (rows.length < most && !signal.aborted) {
    const last = rows.at(-1)
    const from =
      last === undefined ? ({ from: "top" } as const) : ({ from: "below", place: placeIn("newest", last) } as const)
    const page = await api.conversations(list, from, Math.min(pageRows, most - rows.length))
    if (cameFromDevice.get()) break
    rows.push(...page.conversations)
    await keepChanges({ rows: page.conversations, messages: [], cursor: page.cursor })
    if (!page.more) break
    await pause()
  }
  return rows
}

/** Goes on when the page has nothing else to do: whoever scrolls or types is not made to wait. */
const pause = (ms = fillPauseMs): Promise<void> =>
  new Promise((resolve) =>
    setTimeout(() => ("requestIdleCallback" in window ? requestIdleCallback(() => resolve()) : resolve()), ms),
  )
