import type { ChannelView, ConversationRow, MessageView } from "@causeway/contract/inbox"
import { useMutation, useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { ApiError, api } from "../../api.ts"
import { dispatch, useInbox } from "../../inbox-state.ts"
import { timelineOf } from "../../store.ts"
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
      messages: MessageView[]
      older: { state: "none" | "there" | "loading" | "failed"; load(): void }
    }

interface Window {
  older: string | null
  oldest: MessageView | undefined
}

/** A conversation and its newest messages; older ones on demand; all of it kept current by the live stream. */
export function useConversation(id: string): ConversationState {
  const { live } = useWorkspace()
  const row = useInbox((state) => state.conversations.get(id))
  const channel = useInbox((state) => (row?.channel_id ? state.channels.get(row.channel_id) : undefined))
  const known = useInbox((state) => timelineOf(state, id))
  const [widened, setWidened] = useState<Window | null>(null)

  const first = useQuery({
    queryKey: ["conversation", id],
    queryFn: async (): Promise<Window> => {
      const detail = await api.conversation(id)
      const { conversation, messages, cursor } = detail
      const channels = detail.channel ? [detail.channel] : []
      dispatch({ type: "entities", conversations: [conversation], messages, channels, cursor })
      live.start(detail.cursor)
      return { older: detail.older, oldest: messages[0] }
    },
  })
  const more = useMutation({
    mutationFn: async (before: string) => {
      const page = await api.olderMessages(id, before)
      dispatch({ type: "entities", messages: page.messages })
      setWidened({ older: page.older, oldest: page.messages[0] })
    },
  })

  if (first.data === undefined || row === undefined) {
    if (first.error instanceof ApiError && first.error.status === 404) return { state: "missing" }
    if (first.error !== null) return { state: "unreachable", reload: () => void first.refetch() }
    return { state: "loading" }
  }
  const window = widened ?? first.data
  const { older } = window
  return {
    state: "open",
    row,
    channel: channel ?? null,
    messages: known.filter((message) => isWithin(message, window)),
    older: {
      state: older === null ? "none" : more.isPending ? "loading" : more.error ? "failed" : "there",
      load: () => {
        if (older !== null && !more.isPending) more.mutate(older)
      },
    },
  }
}

/** Between a known old message and the window lie messages that were not read yet: it is not shown before them. */
function isWithin(message: MessageView, { older, oldest }: Window): boolean {
  if (older === null || oldest === undefined) return true
  if (message.created_at !== oldest.created_at) return message.created_at > oldest.created_at
  return message.number >= oldest.number
}
