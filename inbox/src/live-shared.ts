import type { StreamEvent } from "./event-stream.ts"
import type { LiveSource } from "./live.ts"

/**
 * One connection for all tabs of a teammate. Who holds the lock leads: it has the stream and tells the others what it hears. A tab that follows joins from
 * its own place, and is given what the leader heard since; where the leader does not reach back that far, it opens a stream of its own. When a leader's
 * stream ends, or its tab, the next in the queue for the lock goes on from where it stood itself; so nothing depends on a tab's last words.
 */
export interface SharedTabs {
  locks: LockManager
  /** A new channel to the other tabs, under the lock's name. */
  channel(): BroadcastChannel
  /** Of the lock and the channel: names company and teammate, since the stream is what that teammate may see. */
  name: string
  /** How long a leader may take to answer a tab that joins, ms. */
  answerMs?: number
  /** After this long without a word from the leader it is taken for frozen, ms. The server speaks every 15 s. */
  silenceMs?: number
}

type Heard = StreamEvent[] | "unauthenticated"

type Said =
  /** A tab wants to follow from `after`. */
  | { kind: "join"; tab: string; after: string }
  /** What came since; null: the leader does not know. */
  | { kind: "joined"; tab: string; events: StreamEvent[] | null }
  | { kind: "heard"; events: Heard }
  /** A new leader: join it. */
  | { kind: "leading" }

const backlogMax = 2_000

/** The stream of a teammate shared among their tabs; a browser without locks (pages that are not secure have none) gives each tab its own. */
export function sharedOrOwn(direct: LiveSource, name: string): LiveSource {
  if (!("locks" in navigator) || !("BroadcastChannel" in globalThis)) return direct
  return shareAmongTabs(direct, { locks: navigator.locks, channel: () => new BroadcastChannel(name), name })
}

export function shareAmongTabs(direct: LiveSource, tabs: SharedTabs): LiveSource {
  return { ...direct, open: (after, signal) => openShared(direct, tabs, after, signal) }
}

async function* openShared(direct: LiveSource, tabs: SharedTabs, after: string, signal: AbortSignal) {
  const ended = new AbortController()
  const stop = AbortSignal.any([signal, ended.signal])
  try {
    const turn = takeTurn(tabs, stop)
    const release = await Promise.race([turn, nextTick()])
    if (release !== null) return yield* lead(direct, tabs, after, stop, release)
    const following = follow(tabs, after, turn, stop)
    let place = after
    for (;;) {
      const step = await following.next()
      if (step.done === true) {
        const { value: outcome } = step
        if (outcome.kind === "lead") return yield* lead(direct, tabs, place, stop, outcome.release)
        if (outcome.kind === "alone") return yield* direct.open(place, stop)
        return
      }
      if (step.value !== "unauthenticated") place = step.value.findLast(({ id }) => id !== "")?.id ?? place
      yield step.value
    }
  } finally {
    ended.abort()
  }
}

type Release = () => void

/** The lock, once it is this tab's turn: what it resolves to gives it back. Never, when `signal` ends first. */
function takeTurn({ locks, name }: SharedTabs, signal: AbortSignal): Promise<Release> {
  return new Promise((resolve) => {
    locks
      .request(
        name,
        { signal },
        () =>
          new Promise<void>((release) => {
            signal.addEventListener("abort", () => release(), { once: true })
            resolve(release)
          }),
      )
      .catch(() => {}) // the wait was ended
  })
}

/** A free lock is given at once, though not in the same turn of the loop. */
const nextTick = (): Promise<null> => new Promise((resolve) => setTimeout(() => resolve(null), 30))

async function* lead(direct: LiveSource, tabs: SharedTabs, after: string, signal: AbortSignal, release: Release) {
  const channel = tabs.channel()
  const say = (said: Said): void => channel.postMessage(said)
  const backlog = createBacklog(after)
  channel.onmessage = ({ data }: MessageEvent<Said>) => {
    if (data.kind === "join") say({ kind: "joined", tab: data.tab, events: backlog.since(data.after) })
  }
  try {
    say({ kind: "leading" })
    for await (const events of direct.open(after, signal)) {
      if (events !== "unauthenticated") backlog.add(events)
      say({ kind: "heard", events })
      yield events
    }
  } finally {
    channel.close()
    release()
  }
}

type Outcome = { kind: "lead"; release: Release } | { kind: "alone" } | { kind: "ended" }

/** What the leader tells, from this tab's place on, until it is this tab's turn to lead or the leader is of no use. */
async function* follow(
  tabs: SharedTabs,
  after: string,
  turn: Promise<Release>,
  signal: AbortSignal,
): AsyncGenerator<Heard, Outcome> {
  const { answerMs = 2_000, silenceMs = 45_000 } = tabs
  const tab = crypto.randomUUID()
  const channel = tabs.channel()
  const inbox = createMailbox<Said>()
  channel.onmessage = ({ data }: MessageEvent<Said>) => inbox.put(data)
  const stopped = new Promise<Outcome>((resolve) => {
    signal.addEventListener("abort", () => resolve({ kind: "ended" }), { once: true })
  })
  const mine = turn.then((release): Outcome => ({ kind: "lead", release }))
  let place = after
  let hasJoined = false
  const join = (): void => {
    hasJoined = false
    channel.postMessage({ kind: "join", tab, after: place } satisfies Said)
  }
  try {
    join()
    for (;;) {
      const late = waited(hasJoined ? silenceMs : answerMs)
      const next = await Promise.race([inbox.take(), mine, stopped, late.promise])
      late.cancel()
      if (!("said" in next)) return next
      const heard = takenIn(next.said)
      if (heard === "alone") return { kind: "alone" }
      if (heard === null) continue
      if (heard !== "unauthenticated") place = heard.findLast(({ id }) => id !== "")?.id ?? place
      yield heard
    }
  } finally {
    channel.close()
  }

  /** What a word of the leader's brings this tab; null: nothing. */
  function takenIn(said: Said): Heard | "alone" | null {
    if (said.kind === "leading") join()
    if (said.kind === "heard" && hasJoined) return said.events
    if (said.kind !== "joined" || said.tab !== tab || hasJoined) return null
    if (said.events === null) return "alone"
    hasJoined = true
    return said.events
  }
}

interface Backlog {
  add(events: readonly StreamEvent[]): void
  /** What a tab at `after` has not heard, begun like a stream of its own; null: it goes back further than this. */
  since(after: string): StreamEvent[] | null
}

/** What was heard since `start`, as far as it is kept. Cursors are `epoch-position`. */
function createBacklog(start: string): Backlog {
  let floor = start
  let at = start
  let kept: StreamEvent[] = []
  return {
    add(events) {
      for (const event of events) {
        if (event.event === "resync") {
          kept = []
          floor = event.id
        }
        if (event.id !== "") at = event.id
        if (event.event === "change") kept.push(event)
      }
      if (kept.length > backlogMax) {
        const dropped = kept.splice(0, kept.length - backlogMax)
        floor = dropped.at(-1)?.id ?? floor
      }
    },
    since(after) {
      if (epochOf(after) !== epochOf(floor) || positionOf(after) < positionOf(floor)) return null
      const missed = kept.filter(({ id }) => positionOf(id) > positionOf(after))
      const end = positionOf(at) > positionOf(after) ? at : after
      return [{ id: after, event: "hello", data: JSON.stringify({ cursor: end }) }, ...missed]
    },
  }
}

const epochOf = (cursor: string): string => cursor.split("-")[0] ?? ""
const positionOf = (cursor: string): number => Number(cursor.split("-")[1])

interface Mailbox<Letter> {
  put(letter: Letter): void
  take(): Promise<{ said: Letter }>
}

/** Letters in the order in which they came; one taker at a time, who may give up and take again. */
function createMailbox<Letter>(): Mailbox<Letter> {
  const letters: Letter[] = []
  let waiting: { promise: Promise<{ said: Letter }>; give(letter: Letter): void } | null = null
  return {
    put(letter) {
      if (waiting === null) letters.push(letter)
      else waiting.give(letter)
      waiting = null
    },
    take() {
      const letter = letters.shift()
      if (letter !== undefined) return Promise.resolve({ said: letter })
      if (waiting === null) {
        const { promise, resolve } = Promise.withResolvers<{ said: Letter }>()
        waiting = { promise, give: (given) => resolve({ said: given }) }
      }
      return waiting.promise
    },
  }
}

function waited(ms: number): { promise: Promise<Outcome>; cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  const promise = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => resolve({ kind: "alone" }), ms)
  })
  return { promise, cancel: () => clearTimeout(timer) }
}
