import type { ChannelView, ConversationRow } from "@causeway/contract/inbox"
import { useMutation, useQuery } from "@tanstack/react-query"
import { ApiError, api } from "../../api.ts"
import { dispatch, inboxState, useInbox } from "../../inbox-state.ts"
import { cameFromDevice } from "../../offline/answers.ts"
import { bySpot, type Entry, entitiesOf, entriesOf, entryOf, gapsOf, type Spot, spotOf } from "../../timeline.ts"
import { useValue } from "../../value.ts"
import { useWorkspace } from "../../workspace.ts"

export type ConversationState =
  | { state: "loading" }
  | { state: "missing" }
  | { state: "unreachable"; reload(): void }
  | {
      state: "open"
      row: ConversationRow
      /** Null while its channel is not known, as when it was deleted. */
      channel: ChannelView | null
      entries: Entry[]
      /** See `gapsOf`; none while the server answers. */
      gaps: string[]
      older: { state: "none" | "there" | "loading" | "failed"; load(): void }
    }

/** How far back a timeline has been read: everything from `floor` on was known when `readTo` was its last message's number. */
interface Window {
  older: string | null
  floor: Spot | null
  readTo: number
}

const keyOf = (id: string) => ["conversation", id] as const

/** A conversation and the newest of its timeline; older pages on demand; all of it kept current by the live stream. */
export function useConversation(id: string): ConversationState {
  const { live, queries } = useWorkspace()
  const row = useInbox((state) => state.conversations.get(id))
  const channel = useInbox((state) => (row?.channel_id ? state.channels.get(row.channel_id) : undefined))

  const read = async (before: string | null) => {
    const page = await api.timeline(id, before)
    const newest = newestKnown(id)
    const channels = page.channel ? [page.channel] : []
    const { cursor } = page
    dispatch({ type: "entities", conversations: [page.conversation], ...entitiesOf(page.items), channels, cursor })
    const last = page.items.at(-1)
    const floor = page.older === null || last === undefined ? null : spotOf(entryOf(last))
    return { cursor, newest, window: { older: page.older, floor, readTo: page.conversation.last_number } }
  }
  const first = useQuery({
    queryKey: keyOf(id),
    queryFn: async (): Promise<Window> => {
      const { cursor, newest, window } = await read(null)
      live.start(cursor)
      // Read again, it joins what was read before, unless something between the two is not known.
      const before = queries.getQueryData<Window>(keyOf(id))
      const joins = window.floor === null || (newest !== null && bySpot(window.floor, newest) <= 0)
      if (before === undefined || !joins || window.floor === null) return window
      return { ...before, readTo: window.readTo }
    },
  })
  const more = useMutation({
    mutationFn: async (before: string) => {
      const { window } = await read(before)
      queries.setQueryData<Window>(keyOf(id), (known = window) => ({ ...window, readTo: known.readTo }))
    },
  })
  const floor = first.data?.floor ?? null
  const { readTo } = first.data ?? {}
  const isFromDevice = useValue(cameFromDevice)
  const gaps = useInbox((state) =>
    isFromDevice && row !== undefined && readTo !== undefined ? gapsOf(state, row, readTo) : [],
  )
  const entries = useInbox((state) => (row === undefined ? [] : entriesOf(state, row, floor)))

  if (first.data === undefined || row === undefined) {
    if (first.error instanceof ApiError && first.error.status === 404) return { state: "missing" }
    if (first.error !== null) return { state: "unreachable", reload: () => void first.refetch() }
    return { state: "loading" }
  }
  const { older } = first.data
  return {
    state: "open",
    row,
    channel: channel ?? null,
    entries,
    gaps,
    older: {
      state: older === null ? "none" : more.isPending ? "loading" : more.error ? "failed" : "there",
      load: () => {
        if (older !== null && !more.isPending) more.mutate(older)
      },
    },
  }
}

/** The last message that was known before a page came in; null: none. */
function newestKnown(id: string): Spot | null {
  const state = inboxState.get()
  const spots = (state.messageIds.get(id) ?? []).flatMap((messageId) => {
    const message = state.messages.get(messageId)
    return message === undefined ? [] : [spotOf(message)]
  })
  return spots.reduce<Spot | null>((last, spot) => (last === null || bySpot(last, spot) < 0 ? spot : last), null)
}
