import type { Session, SessionDifference, SessionStep } from "@causeway/contract/endpoints/simulator"
import { version } from "../version.ts"

/** What is written down while a session is recorded. */
export interface Recording {
  seed: number | null
  startedAt: number
  steps: SessionStep[]
  entries: Entry[]
  /** The calls of this session, in order: steps name them by their place. */
  callIds: string[]
}

export interface Entry {
  stream: "calls" | "sends" | "notices"
  thread: string
  what: string
  /** What was asked. */
  body: unknown
  status: number | null
  answer: unknown
  atMs: number
  tookMs: number
}

export const newRecording = (seed: number | null): Recording => ({
  seed,
  startedAt: Date.now(),
  steps: [],
  entries: [],
  callIds: [],
})

/** What a session holds at most, as its contract says: whoever forgets to end one fills no memory, and what was recorded can be replayed. */
const bounds = { steps: 500, entries: 2_000, threads: 500, chars: 100_000 }

export const isFull = (recording: Recording): boolean => recording.steps.length >= bounds.steps

export function recordStep(recording: Recording | null, step: SessionStep): void {
  if (recording !== null && !isFull(recording)) recording.steps.push(step)
}

export function recordEntry(recording: Recording, entry: Entry): void {
  const { entries } = recording
  if (entries.length >= bounds.entries) return
  const threads = new Set(entries.map(({ thread }) => thread))
  if (threads.has(entry.thread) || threads.size < bounds.threads) entries.push(entry)
}

/**
 * The session as plain data. Each thread has three streams, since the server promises an order within each and none between them; ids and times are
 * replaced by what is the same in every run, so that two runs are equal byte for byte or differ in something that matters.
 */
export function sessionOf(recording: Recording, space: string): Session {
  const byThread = Map.groupBy(recording.entries, ({ thread }) => thread)
  const streams = [...byThread]
    .map(([thread, entries]) => {
      const plain = plainer(space)
      const of = (stream: Entry["stream"]) =>
        entries
          .filter((entry) => entry.stream === stream)
          .map(({ what, body, status, answer }) =>
            JSON.stringify(plain({ what, body, status, answer })).slice(0, bounds.chars),
          )
      return { thread: String(plain(thread)), calls: of("calls"), sends: of("sends"), notices: of("notices") }
    })
    .sort((a, b) => (a.thread < b.thread ? -1 : 1))
  return {
    format: "causeway-session/1",
    version,
    seed: recording.seed,
    steps: recording.steps,
    streams,
    timings: recording.entries.map(({ what, atMs, tookMs }) => ({ what, at_ms: atMs, took_ms: tookMs })),
  }
}

/** Makes values plain, one after the other: what comes first is 1 everywhere. */
function plainer(space: string): (value: unknown) => unknown {
  const names = new Map<string, string>()
  const counts = new Map<string, number>()
  const named = (kind: string, id: string): string => {
    const known = names.get(id)
    if (known !== undefined) return known
    const n = (counts.get(kind) ?? 0) + 1
    counts.set(kind, n)
    names.set(id, `<${kind} ${n}>`)
    return `<${kind} ${n}>`
  }
  const text = (value: string): string =>
    value
      .replaceAll(space, "<run>")
      .replace(/https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?/g, "<origin>")
      .replace(/\b(att|cal|cha|cmp|cnv|com|crd|fil|inb|msg|tea)_[1-9a-z][0-9a-z]{0,10}\b/g, (id, kind: string) =>
        named(kind, id),
      )
  const walk = (value: unknown, key: string): unknown => {
    if (key === "version") return null
    if (typeof value === "string") return key === "message_uid" ? named("uid", value) : text(value)
    if (typeof value === "number") return /(^|_)(at|time)$/.test(key) ? 0 : value
    if (Array.isArray(value)) return value.map((item) => walk(item, ""))
    if (typeof value !== "object" || value === null) return value
    if (key === "author") return "<author>"
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, walk(inner, name)]))
  }
  return (value) => walk(value, "")
}

const differencesMax = 100

/** Where what passed now differs from what was recorded; empty when both are equal byte for byte. */
export function compareSessions(recorded: Session, now: Session): SessionDifference[] {
  const differences: SessionDifference[] = []
  const threads = new Set([...recorded.streams, ...now.streams].map(({ thread }) => thread))
  for (const thread of threads) {
    const before = recorded.streams.find((stream) => stream.thread === thread)
    const after = now.streams.find((stream) => stream.thread === thread)
    for (const stream of ["calls", "sends", "notices"] as const) {
      const length = Math.max(before?.[stream].length ?? 0, after?.[stream].length ?? 0)
      for (let index = 0; index < length && differences.length < differencesMax; index++) {
        const [was = null, is = null] = [before?.[stream][index], after?.[stream][index]]
        if (was !== is) differences.push({ thread, stream, index, recorded: was, now: is })
      }
    }
  }
  return differences
}
