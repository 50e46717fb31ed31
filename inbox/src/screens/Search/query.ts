/** What is typed into the search: words, and operators as `name:value` or `name:"value with spaces"`. */
export const operators = ["channel", "is", "from", "assignee", "tag", "inbox", "before", "after"] as const
export type Operator = (typeof operators)[number]

export interface Typed {
  words: string
  filters: { name: Operator; value: string }[]
}

const pattern = /(\p{L}+):(?:"([^"]*)"?|(\S+))|\S+/gu

/** What has a colon and no operator's name before it is words. */
export function parseTyped(text: string): Typed {
  const words: string[] = []
  const filters: Typed["filters"] = []
  for (const [piece, before, quoted, bare] of text.matchAll(pattern)) {
    const name = operators.find((known) => known === before?.toLowerCase())
    const value = quoted ?? bare ?? ""
    if (name === undefined || value === "") words.push(piece)
    else filters.push({ name, value })
  }
  return { words: words.join(" "), filters }
}

/** The text again, without one of its filters. */
export function withoutFilter({ words, filters }: Typed, index: number): string {
  const kept = filters
    .filter((_, i) => i !== index)
    .map(({ name, value }) => `${name}:${/\s/.test(value) ? `"${value}"` : value}`)
  return [words, ...kept].filter((part) => part !== "").join(" ")
}

interface Named {
  id: string
  name: string
}

/** What operators can name. */
export interface Known {
  channels: readonly Named[]
  inboxes: readonly Named[]
  tags: readonly Named[]
  teammates: readonly Named[]
  me: string
}

export const states = [
  "open",
  "unassigned",
  "assigned",
  "archived",
  "snoozed",
  "trashed",
  "failed",
  "unread",
  "waiting",
]

const fold = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase()

function idOf(known: readonly Named[], value: string): string | null {
  const wanted = fold(value)
  const exact = known.find(({ id, name }) => id === value || fold(name) === wanted)
  return (
    (
      exact ??
      known.find(({ name }) => fold(name).startsWith(wanted)) ??
      known.find(({ name }) => fold(name).includes(wanted))
    )?.id ?? null
  )
}

/** The start of a day where the reader is, seconds; null when it is no date like 2026-01-31. */
function dayOf(value: string): string | null {
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(value)
  if (match === null) return null
  const date = new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]))
  return date.getMonth() === Number(match[2]) - 1 ? String(date.getTime() / 1000) : null
}

/** A filter as the server takes it; null: it names nothing that there is. */
export function resolve({ name, value }: Typed["filters"][number], known: Known): [string, string] | null {
  const named = (field: string, id: string | null): [string, string] | null => (id === null ? null : [field, id])
  switch (name) {
    case "channel":
      return named("channel_id", idOf(known.channels, value))
    case "inbox":
      return named("inbox_id", idOf(known.inboxes, value))
    case "tag":
      return named("tag_id", idOf(known.tags, value))
    case "assignee":
      return named("assignee_id", fold(value) === "me" ? known.me : idOf(known.teammates, value))
    case "is":
      return states.includes(value.toLowerCase()) ? ["is", value.toLowerCase()] : null
    case "from":
      return ["from", value]
    case "before":
    case "after":
      return named(name, dayOf(value))
  }
}
