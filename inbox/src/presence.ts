import type { PresenceReport } from "@causeway/contract/endpoints/presence"
import type {
  ConversationPresence,
  CustomerTyping,
  PresenceState,
  PresentTeammate,
} from "@causeway/contract/inbox-presence"
import { createValue, type Value } from "./value.ts"

/** Where reports go and how time passes; the browser's own in presence-door.ts. */
export interface PresenceDoor {
  /** Never throws: what did not arrive is said again soon. */
  report(conversationId: string, state: PresenceReport["state"]): Promise<ConversationPresence | null>
  list(): Promise<ConversationPresence[] | null>
  /** ms since 1970 */
  now(): number
  /** Whether somebody looks at this page and did something in the last minutes. */
  isAttended(): boolean
  /** Calls back when `isAttended` may have changed, and when words are typed that go to the customer. Returns what ends that. */
  watch(listener: { attended(): void; typed(): void }): () => void
}

/** Who is at which conversation, and telling the others where one is oneself. */
export interface Presence {
  /** Everybody heard of, oneself included, by conversation. */
  people: Value<ReadonlyMap<string, readonly PresentTeammate[]>>
  /** Says that this tab is at a conversation now; null: at none. */
  enter(conversationId: string | null): void
  /** The conversations whose customer is writing. */
  customers: Value<ReadonlySet<string>>
  heard(presence: ConversationPresence): void
  heardTyping(typing: CustomerTyping): void
  /** Loads who is where: when the live stream is there again, what was missed is not told twice. */
  refresh(): void
  stop(): void
}

/** Reports are at least this far apart, however fast somebody types. */
const reportEveryMs = 3_000
/** Said again this often, so that the server does not forget a tab that is still there. */
const repeatMs = 25_000
/** This long after the last key, nobody is writing any more. */
const replyingMs = 6_000

export function createPresence(door: PresenceDoor): Presence {
  const people = createValue<ReadonlyMap<string, readonly PresentTeammate[]>>(new Map())
  let at: string | null = null
  let typedAt = Number.NEGATIVE_INFINITY
  let told: { at: string; state: PresenceState } | null = null
  let toldAt = Number.NEGATIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | undefined

  const state = (): PresenceState =>
    door.now() - typedAt < replyingMs ? "replying" : door.isAttended() ? "viewing" : "away"

  function heard({ conversation_id: id, teammates }: ConversationPresence): void {
    const next = new Map(people.get())
    if (teammates.length === 0) next.delete(id)
    else next.set(id, teammates)
    people.set(next)
  }

  async function tell(conversationId: string, what: PresenceReport["state"]): Promise<void> {
    toldAt = door.now()
    const answer = await door.report(conversationId, what)
    if (answer !== null) heard(answer)
  }

  /** Tells now what is not told yet, or waits until it may. */
  function update(): void {
    clearTimeout(timer)
    if (at === null) {
      if (told !== null) void tell(told.at, "gone")
      told = null
      return
    }
    const now = door.now()
    const wanted = state()
    const isTold = told?.at === at && told.state === wanted && now - toldAt < repeatMs
    const wait = toldAt + reportEveryMs - now
    if (!isTold && wait <= 0) {
      told = { at, state: wanted }
      void tell(at, wanted)
    }
    const next = isTold || wait <= 0 ? toldAt + repeatMs - now : wait
    const writingEnds = wanted === "replying" ? typedAt + replyingMs - now : Number.POSITIVE_INFINITY
    timer = setTimeout(update, Math.max(50, Math.min(next, writingEnds)))
  }

  const unwatch = door.watch({
    attended: update,
    typed() {
      typedAt = door.now()
      update()
    },
  })
  return {
    people,
    enter(conversationId) {
      if (at === conversationId) return
      at = conversationId
      typedAt = Number.NEGATIVE_INFINITY
      update()
    },
    ...createTyping(),
    heard,
    refresh() {
      void door.list().then((all) => {
        if (all !== null) people.set(new Map(all.map((each) => [each.conversation_id, each.teammates])))
      })
      told = null
      update()
    },
    stop() {
      unwatch()
      at = null
      update()
    },
  }
}

/** Which customers are writing: for as long as it was said, unless it is said again. */
function createTyping(): Pick<Presence, "customers" | "heardTyping"> {
  const customers = createValue<ReadonlySet<string>>(new Set())
  const ends = new Map<string, ReturnType<typeof setTimeout>>()

  function heardTyping({ conversation_id: id, for_ms }: CustomerTyping): void {
    clearTimeout(ends.get(id))
    const next = new Set(customers.get())
    if (for_ms > 0) {
      next.add(id)
      ends.set(id, setTimeout(heardTyping, for_ms, { conversation_id: id, for_ms: 0 }))
    } else if (!next.delete(id)) return
    customers.set(next)
  }
  return { customers, heardTyping }
}
