import { isCharacter, isSingle } from "./chord.ts"
import { type CommandId, commandIds, commands, type Where } from "./commands.ts"
import { type KeySettings, keysOf } from "./settings.ts"

/** What the person is at when a key goes down. */
export interface Moment {
  settings: KeySettings
  /** Whether there is somebody to do it at this moment. */
  canDo(id: CommandId): boolean
  /** Whether the focus is where something is written, or a dialog is open: only keys with a modifier act. */
  isWriting: boolean
  /** The place with keys of its own that has the focus. */
  within: Where | null
}

/** Nothing to do; the beginning of a sequence; or commands, the nearest place's first, of which the first that does something ends it. */
export type Pressed = { kind: "nothing" } | { kind: "pending"; keys: string } | { kind: "commands"; ids: CommandId[] }

const nothing: Pressed = { kind: "nothing" }
const local: ReadonlySet<Where> = new Set(["call", "log"])

/** What a key means after the keys that are already pending ("" for none). */
export function press(pending: string, chord: string, moment: Moment): Pressed {
  if (moment.isWriting && isSingle(chord)) return nothing
  const { settings } = moment
  if (pending === "" && isCharacter(chord)) {
    if (settings.single === "off") return nothing
    if (settings.single === "leader")
      return chord === settings.leader ? { kind: "pending", keys: settings.leader } : nothing
  }
  const isAfterLeader = settings.single === "leader" && pending.startsWith(settings.leader)
  const typed = isAfterLeader ? pending.slice(settings.leader.length + 1) : pending
  const keys = typed === "" ? chord : `${typed} ${chord}`
  const offered = commandIds.filter((id) => isOffered(id, moment))
  const meant = offered.filter((id) => keysOf(id, settings).includes(keys))
  if (meant.length > 0) return { kind: "commands", ids: nearestFirst(meant, moment.within) }
  const isBegun = offered.some((id) => keysOf(id, settings).some((other) => other.startsWith(`${keys} `)))
  return isBegun ? { kind: "pending", keys: pending === "" ? chord : `${pending} ${chord}` } : nothing
}

function isOffered(id: CommandId, { within, canDo }: Moment): boolean {
  const { where, isOwn } = commands[id]
  return isOwn !== true && (!local.has(where) || where === within) && canDo(id)
}

const nearestFirst = (ids: CommandId[], within: Where | null): CommandId[] =>
  ids.toSorted((a, b) => Number(commands[b].where === within) - Number(commands[a].where === within))
