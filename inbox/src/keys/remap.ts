import { type CommandId, commandIds, commands, type Where } from "./commands.ts"
import { whyReserved } from "./reserved.ts"
import { type KeySettings, keysOf } from "./settings.ts"

/** Why a command cannot have a key. */
export type Refusal =
  | { kind: "reserved"; why: NonNullable<ReturnType<typeof whyReserved>> }
  | { kind: "taken"; by: CommandId }

const ownPlaces: ReadonlySet<Where> = new Set(["call", "log", "composer"])

/** Whether two places can be where one is at the same time, so that one key cannot mean both. */
const meet = (one: Where, two: Where): boolean => one === two || !(ownPlaces.has(one) || ownPlaces.has(two))

/** Null: `id` may have `keys`. What a browser keeps, what types, and what another command of the same place has or begins with is refused. */
export function whyNot(id: CommandId, keys: string, settings: KeySettings): Refusal | null {
  const why = whyReserved(keys)
  if (why !== null) return { kind: "reserved", why }
  const by = commandIds.find(
    (other) =>
      other !== id &&
      meet(commands[other].where, commands[id].where) &&
      keysOf(other, settings).some((taken) => taken === keys || isBeginning(taken, keys)),
  )
  return by === undefined ? null : { kind: "taken", by }
}

const isBeginning = (one: string, two: string): boolean => one.startsWith(`${two} `) || two.startsWith(`${one} `)

/** The settings with a command's keys replaced; null: the usual ones again. */
export function withKeys(settings: KeySettings, id: CommandId, keys: readonly string[] | null): KeySettings {
  const { [id]: _before, ...rest } = settings.remapped
  return { ...settings, remapped: keys === null ? rest : { ...rest, [id]: keys } }
}
