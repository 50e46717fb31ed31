import type { PresenceReport } from "@causeway/contract/endpoints/presence"
import type { PresenceState, PresentTeammate } from "@causeway/contract/inbox-presence"
import { presenceTabsMax } from "@causeway/contract/limits"

/** What one tab of a teammate says of itself. */
export interface Sight {
  companyId: number
  conversationId: number
  teammateId: number
  /** `tea_…`, and the name that colleagues see: nobody asks the database for either again. */
  person: { id: string; name: string }
  tab: string
  state: PresenceReport["state"]
}

/**
 * Who is at which conversation, as far as this process heard. A tab is at one conversation at a time, is forgotten when it was silent for 75 s (browsers
 * let a hidden tab speak once a minute), and its person is shown by the busiest of their tabs. Nothing is written down: after a restart the tabs say it again.
 */
export interface Presence {
  /** Takes a report in and tells whoever listens if it changes what colleagues see. */
  note(sight: Sight): void
  at(companyId: number, conversationId: number): PresentTeammate[]
  /** The conversations of a company at which somebody is. */
  conversations(companyId: number): number[]
  /** Forgets the silent; runs by itself every 5 s. */
  sweep(): void
  stop(): void
}

const silentMs = 75_000
const sweepMs = 5_000
/** The busiest first. */
const rank: readonly PresenceState[] = ["replying", "viewing", "away"]

interface Tab extends Omit<Sight, "state"> {
  state: PresenceState
  until: number
}

interface Deps {
  /** ms, of the wall clock: people sit there in real time. */
  now(): number
  onChange(companyId: number, conversationId: number, teammates: PresentTeammate[]): void
}

export function createPresence({ now, onChange }: Deps): Presence {
  /** By company, then by teammate and tab. */
  const tabs = new Map<number, Map<string, Tab>>()

  const at = (companyId: number, conversationId: number): PresentTeammate[] => {
    const here = [...(tabs.get(companyId)?.values() ?? [])].filter((tab) => tab.conversationId === conversationId)
    const byPerson = Map.groupBy(here, (tab) => tab.teammateId)
    return [...byPerson.values()]
      .map((theirs) => ({
        ...(theirs[0] as Tab).person,
        state: rank.find((state) => theirs.some((tab) => tab.state === state)) ?? "away",
      }))
      .toSorted((a, b) => rank.indexOf(a.state) - rank.indexOf(b.state) || a.name.localeCompare(b.name))
  }

  /** Runs a change of one company's tabs, and tells of those conversations that look different afterwards. */
  function changing(companyId: number, conversationIds: readonly number[], change: () => void): void {
    const before = conversationIds.map((id) => JSON.stringify(at(companyId, id)))
    change()
    conversationIds.forEach((id, i) => {
      const after = at(companyId, id)
      if (JSON.stringify(after) !== before[i]) onChange(companyId, id, after)
    })
  }

  function note({ state, ...sight }: Sight): void {
    const { companyId, conversationId } = sight
    const known = tabs.get(companyId) ?? new Map<string, Tab>()
    tabs.set(companyId, known)
    const key = `${sight.teammateId} ${sight.tab}`
    const before = known.get(key)
    // A tab that has gone on says so late: what it left is not where it is.
    if (state === "gone" && before?.conversationId !== conversationId) return
    const left = before !== undefined && before.conversationId !== conversationId ? [before.conversationId] : []
    changing(companyId, [conversationId, ...left], () => {
      known.delete(key)
      if (state !== "gone") known.set(key, { ...sight, state, until: now() + silentMs })
      if (known.size > presenceTabsMax) known.delete(known.keys().next().value as string)
    })
  }

  function sweep(): void {
    for (const [companyId, known] of tabs) {
      const silent = [...known].filter(([, tab]) => tab.until <= now())
      changing(companyId, [...new Set(silent.map(([, tab]) => tab.conversationId))], () => {
        for (const [key] of silent) known.delete(key)
      })
      if (known.size === 0) tabs.delete(companyId)
    }
  }

  const timer = setInterval(sweep, sweepMs)
  timer.unref()
  return {
    note,
    at,
    conversations: (companyId) => [
      ...new Set([...(tabs.get(companyId)?.values() ?? [])].map((tab) => tab.conversationId)),
    ],
    sweep,
    stop: () => clearInterval(timer),
  }
}
