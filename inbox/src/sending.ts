import type { MessageView } from "@causeway/contract/inbox"
import { ApiError, type ReplyBody, type Unseen } from "./api.ts"
import { refusalOf } from "./refusal.ts"

/**
 * What happens to a reply on this device, before the server has it:
 *
 *   submitting --202, or its message is heard of--> accepted --the server's own message is seen--> gone
 *       |  ^ no answer, 429, 5xx: sent again with the same key, after a wait, a reload or a reconnect
 *       |--409, somebody wrote meanwhile--> unseen --the conversation is open--> back in the composer, which shows what came in
 *       '--other 4xx--> refused --Edit--> back in the composer
 *
 * That is all this device decides. Held, queued, sending, sent, failed and unknown are the server's and are read from its messages alone.
 */
export interface OutboxEntry extends ReplyBody {
  /** Idempotency-Key: however often it is sent, it is kept once. */
  key: string
  conversationId: string
  /** Only this teammate's session may send it: somebody else may sign in on this device. */
  teammateId: string
  /** ms since 1970, by this device's clock. */
  createdAt: number
  /** Its writer took it back before the server had answered: once the server has it, it is asked to undo it. */
  isUnwanted?: true
  stage:
    | { name: "submitting"; tries: number }
    | { name: "accepted"; uid: string }
    | { name: "refused"; message: string }
    | ({ name: "unseen" } & Unseen)
}

export type SubmitOutcome = { uid: string } | ApiError

/** The entry after one try. */
export function afterTry(entry: OutboxEntry, outcome: SubmitOutcome): OutboxEntry {
  if (!(outcome instanceof ApiError)) return { ...entry, stage: { name: "accepted", uid: outcome.uid } }
  // 401: signing in again sends it; nobody should have to write it twice.
  if (outcome.isTemporary || outcome.status === 401) {
    const tries = entry.stage.name === "submitting" ? entry.stage.tries + 1 : 1
    return { ...entry, stage: { name: "submitting", tries } }
  }
  // The draft has gone otherwise: words alone need none.
  if (outcome.status === 409 && outcome.unseen === null && entry.draftId !== undefined && !entry.files?.length) {
    const { draftId: _gone, ...rest } = entry
    return { ...rest, stage: { name: "submitting", tries: 1 } }
  }
  if (outcome.unseen !== null) return { ...entry, stage: { name: "unseen", ...outcome.unseen } }
  return { ...entry, stage: { name: "refused", message: refusalOf(outcome) } }
}

/** Which entry of a conversation goes next: replies leave in the order they were written, and a refused one does not hold up the others. */
export function nextToSubmit(entries: readonly OutboxEntry[], conversationId: string): OutboxEntry | null {
  return (
    entries
      .filter((entry) => entry.conversationId === conversationId && entry.stage.name === "submitting")
      .sort((a, b) => a.createdAt - b.createdAt)[0] ?? null
  )
}

const waitMostMs = 30_000
/** How long to wait before the next try, ms. */
export const waitAfter = (tries: number): number => Math.min(waitMostMs, 1_000 * 2 ** Math.max(0, tries - 1))

/** How many are remembered as what may be taken back. */
const sentMax = 20

const prefix = "causeway.outbox."
export type OutboxStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">

/** One item an entry, so that two tabs never write over each other's. */
export function readOutbox(storage: OutboxStorage, teammateId: string): OutboxEntry[] {
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "")
  return keys
    .filter((key) => key.startsWith(prefix))
    .flatMap((key) => parseEntry(storage.getItem(key)) ?? [])
    .filter((entry) => entry.teammateId === teammateId)
    .sort((a, b) => a.createdAt - b.createdAt)
}

function parseEntry(text: string | null): OutboxEntry | null {
  try {
    return JSON.parse(text ?? "null") as OutboxEntry | null
  } catch {
    return null // written by something else under our name: not ours to send
  }
}

interface OutboxDeps {
  storage: OutboxStorage
  teammateId: string
  submit(entry: OutboxEntry): Promise<SubmitOutcome>
  onChange(entries: readonly OutboxEntry[]): void
  /** After the server took one. */
  onAccepted(entry: OutboxEntry): void
  /** After the server held one back because somebody wrote meanwhile. */
  onUnseen?(entry: OutboxEntry): void
}

export interface Outbox {
  add(conversationId: string, reply: ReplyBody): void
  /** Takes an entry away and returns it, for the composer. */
  take(key: string): OutboxEntry | null
  /** What was last sent from this page and neither taken back nor given up, as it was when it was last tried. */
  lastSent(): OutboxEntry | null
  /** There is nothing of it, known by its key or its uid, to take back any more. */
  forget(which: string): void
  /** Takes back what the server has not answered for. It may have it all the same, so that only its answer tells. */
  takeBack(key: string): void
  /**
   * Tells which messages the server has by now: their entries are done, as soon as the message itself is seen, whether the request that brought it has been
   * answered or not. One that was taken back stays until it is known what became of it.
   */
  settle(messages: Iterable<Pick<MessageView, "uid" | "client_key">>): void
  /** Tries everything that waits, now. */
  flush(): void
  stop(): void
}

/** Keeps the entries, tries them in order per conversation, and goes on after a reload. */
export function createOutbox(deps: OutboxDeps): Outbox {
  let entries = readOutbox(deps.storage, deps.teammateId)
  const busy = new Set<string>()
  const timers = new Map<string, ReturnType<typeof setTimeout>>()
  /** By key, for each that is being asked about: its message was heard of, and nobody need wait for the answer. */
  const heard = new Map<string, () => void>()
  /** Those of this page, oldest first. */
  let sent = entries
  let isStopped = false

  function keep(changed: OutboxEntry[]): void {
    entries = changed
    deps.onChange(entries)
  }

  function put(entry: OutboxEntry): void {
    deps.storage.setItem(prefix + entry.key, JSON.stringify(entry))
    sent = sent.map((other) => (other.key === entry.key ? entry : other))
    keep([...entries.filter((other) => other.key !== entry.key), entry].sort((a, b) => a.createdAt - b.createdAt))
  }

  function drop(keys: ReadonlySet<string>): void {
    for (const key of keys) deps.storage.removeItem(prefix + key)
    keep(entries.filter((entry) => !keys.has(entry.key)))
  }

  async function work(conversationId: string): Promise<void> {
    clearTimeout(timers.get(conversationId))
    if (busy.has(conversationId)) return
    busy.add(conversationId)
    let next = nextToSubmit(entries, conversationId)
    while (next !== null && !isStopped) {
      const { key } = next
      const overtaken = new Promise<null>((resolve) => heard.set(key, () => resolve(null)))
      const outcome = await Promise.race([deps.submit(next), overtaken])
      heard.delete(key)
      if (isStopped) break
      const entry = entries.find((candidate) => candidate.key === key && candidate.stage.name === "submitting")
      const after = outcome && entry && afterTry(entry, outcome)
      next = nextToSubmit(entries, conversationId)
      if (!after) continue
      put(after)
      if (after.stage.name === "accepted") deps.onAccepted(after)
      if (after.stage.name === "unseen") deps.onUnseen?.(after)
      if (after.stage.name === "submitting") {
        const again = (): void => void work(conversationId)
        timers.set(conversationId, setTimeout(again, waitAfter(after.stage.tries)))
        break
      }
      next = nextToSubmit(entries, conversationId)
    }
    busy.delete(conversationId)
  }

  const forget = (which: string): void => {
    sent = sent.filter(({ key, stage }) => key !== which && !(stage.name === "accepted" && stage.uid === which))
  }

  const flush = (): void => {
    for (const conversationId of new Set(entries.map((entry) => entry.conversationId))) void work(conversationId)
  }

  deps.onChange(entries)
  return {
    add(conversationId, reply) {
      const { teammateId } = deps
      const stage = { name: "submitting", tries: 0 } as const
      const entry: OutboxEntry = {
        ...reply,
        key: crypto.randomUUID(),
        conversationId,
        teammateId,
        createdAt: Date.now(),
        stage,
      }
      sent = [...sent, entry].slice(-sentMax)
      put(entry)
      void work(conversationId)
    },
    take(key) {
      const entry = entries.find((candidate) => candidate.key === key) ?? null
      if (entry !== null) drop(new Set([key]))
      return entry
    },
    lastSent: () => sent.findLast(({ stage: { name } }) => name === "submitting" || name === "accepted") ?? null,
    forget,
    takeBack(key) {
      const entry = entries.find((candidate) => candidate.key === key)
      if (entry !== undefined) put({ ...entry, isUnwanted: true })
      forget(key)
    },
    settle(messages) {
      const uids = new Map<string, string>()
      for (const { uid, client_key: key } of messages) uids.set(uid, uid).set(key ?? uid, uid)
      for (const entry of entries) {
        const uid = uids.get(entry.key)
        if (uid !== undefined && entry.stage.name !== "accepted") put({ ...entry, stage: { name: "accepted", uid } })
        if (uid !== undefined) heard.get(entry.key)?.()
      }
      const done = entries.filter(
        ({ stage, isUnwanted }) => stage.name === "accepted" && !isUnwanted && uids.has(stage.uid),
      )
      if (done.length > 0) drop(new Set(done.map((entry) => entry.key)))
    },
    flush,
    stop() {
      isStopped = true
      for (const timer of timers.values()) clearTimeout(timer)
    },
  }
}
