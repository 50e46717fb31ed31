import type { Team } from "@causeway/contract/resources/company"
import type { Tag } from "@causeway/contract/resources/tag"
import type { Teammate } from "@causeway/contract/resources/teammate"
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { at, request } from "./api.ts"

/** The company's surroundings of a conversation, as the vendor's API tells them: who works here, which tags there are, what hangs on a conversation. */

const listOf = async <Item>(path: string): Promise<Item[]> => {
  const items: Item[] = []
  let next: string | null = path
  while (next !== null) {
    const page: { _results: Item[]; _pagination?: { next: string | null } } = await request(next)
    items.push(...page._results)
    const url: string | null | undefined = page._pagination?.next
    next = url ? url.replace(/^https?:\/\/[^/]+/, "") : null
  }
  return items
}

const minuteMs = 60_000

export const useTeammates = () =>
  useQuery({ queryKey: ["teammates"], queryFn: () => listOf<Teammate>("/teammates"), staleTime: minuteMs })

export const useTeams = () =>
  useQuery({
    queryKey: ["teams"],
    // The list names them; each says itself who is of it.
    queryFn: async () =>
      Promise.all((await listOf<{ id: string }>("/teams")).map(({ id }) => request<Team>(at`/teams/${id}`))),
    staleTime: minuteMs,
  })

export const useTags = () =>
  useQuery({ queryKey: ["tags"], queryFn: () => listOf<Tag>("/tags?limit=100"), staleTime: minuteMs })

/** Who follows a conversation. Asked for again whenever its `version` moves; until that is there, what was known stays. `enabled`: whether to ask. */
export const useFollowers = (conversationId: string, version: number, enabled: boolean) =>
  useQuery({
    queryKey: ["followers", conversationId, version],
    queryFn: () => listOf<Teammate>(at`/conversations/${conversationId}/followers`),
    placeholderData: keepPreviousData,
    enabled,
  })

export const directory = {
  tag: (conversationId: string, tagId: string) =>
    request<void>(at`/conversations/${conversationId}/tags`, { method: "POST", body: { tag_ids: [tagId] } }),
  untag: (conversationId: string, tagId: string) =>
    request<void>(at`/conversations/${conversationId}/tags`, { method: "DELETE", body: { tag_ids: [tagId] } }),
  /** A tag of the whole company: admins only. */
  createTag: (name: string) => request<Tag>("/company/tags", { method: "POST", body: { name } }),
  /** `until` in seconds since 1970; null ends the snooze. */
  snooze: (conversationId: string, teammateId: string, until: number | null) =>
    request<void>(at`/conversations/${conversationId}/reminders`, {
      method: "PATCH",
      body: { teammate_id: teammateId, scheduled_at: until },
    }),
  follow: (conversationId: string, teammateId: string) =>
    request<void>(at`/conversations/${conversationId}/followers`, {
      method: "POST",
      body: { teammate_ids: [teammateId] },
    }),
  unfollow: (conversationId: string, teammateId: string) =>
    request<void>(at`/conversations/${conversationId}/followers`, {
      method: "DELETE",
      body: { teammate_ids: [teammateId] },
    }),
}

export const nameOfTeammate = ({ first_name, last_name, email }: Teammate): string =>
  `${first_name ?? ""} ${last_name ?? ""}`.trim() || email
