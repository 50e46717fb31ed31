import { useTags } from "../../directory.ts"
import { useInbox } from "../../inbox-state.ts"
import type { ListQuery } from "../../lists.ts"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import { useInboxes } from "./useSections.ts"

export const isNarrowed = ({ inbox, channel, tag, assignee }: ListQuery): boolean =>
  inbox !== null || channel !== null || tag !== null || assignee !== null

interface Narrowing {
  name: "inbox" | "channel" | "tag" | "assignee"
  text: string
}

/** What a list is narrowed to, by name. */
export function useNarrowings(query: ListQuery): Narrowing[] {
  const { me } = useWorkspace()
  const inboxes = useInboxes()
  const tags = useTags().data ?? null
  const channels = useInbox((state) => state.channels)
  const named = (known: readonly { id: string; name: string }[] | null, id: string): string =>
    known?.find((one) => one.id === id)?.name ?? words.list.unnamed
  const { inbox, channel, tag, assignee } = query
  return [
    ...(inbox === null ? [] : [{ name: "inbox" as const, text: named(inboxes, inbox) }]),
    ...(channel === null
      ? []
      : [{ name: "channel" as const, text: channels.get(channel)?.name ?? words.list.unnamed }]),
    ...(tag === null ? [] : [{ name: "tag" as const, text: named(tags, tag) }]),
    ...(assignee === null
      ? []
      : [{ name: "assignee" as const, text: assignee === me ? words.views.names.mine : words.list.unnamed }]),
  ]
}

/** The view's name, or that of the one thing it is narrowed to. */
export function useTitle(query: ListQuery): string {
  const narrowings = useNarrowings(query)
  const only = narrowings.length === 1 && query.view === "open" ? narrowings[0] : undefined
  return only?.text ?? words.views.names[query.view]
}
