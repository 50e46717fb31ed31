import { adminWords } from "../../../admin-words.ts"
import { api } from "../../../api.ts"
import { nameOfTeammate, useTags, useTeammates } from "../../../directory.ts"
import { useResource } from "../resource.ts"

export interface Choice {
  id: string
  name: string
}

/** What rules speak of, by their names. */
export interface Choices {
  channels: Choice[]
  inboxes: Choice[]
  tags: Choice[]
  teammates: Choice[]
  /** The name behind an id; says so where there is none any more. */
  nameOf(id: string): string
}

/** All that a rule can name; null until it is there. */
export function useChoices(): Choices | null {
  const channels = useResource("rule channels", api.channels, { of: ["channel"] })
  const inboxes = useResource("rule inboxes", api.inboxes, { of: ["inbox"] })
  const tags = useTags()
  const teammates = useTeammates()
  if (channels.data === undefined || inboxes.data === undefined) return null
  if (tags.data === undefined || teammates.data === undefined) return null
  const lists = {
    channels: channels.data.channels.map(({ id, name }) => ({ id, name })),
    inboxes: inboxes.data.map(({ id, name }) => ({ id, name })),
    tags: tags.data.map(({ id, name }) => ({ id, name })),
    teammates: teammates.data.map((teammate) => ({ id: teammate.id, name: nameOfTeammate(teammate) })),
  }
  const names = new Map(
    Object.values(lists)
      .flat()
      .map(({ id, name }) => [id, name]),
  )
  return { ...lists, nameOf: (id) => names.get(id) ?? adminWords.rules.gone }
}
