import { createValue } from "../value.ts"
import { type CommandId, commandIds, commands } from "./commands.ts"

/** What a teammate chose for the keys. */
export interface KeySettings {
  /** Single letters and signs: on, off, or only after the leader key. */
  single: "on" | "off" | "leader"
  /** Pressed first when `single` is "leader". */
  leader: string
  /** A command's own keys in place of the usual ones; empty: none. */
  remapped: Partial<Record<CommandId, readonly string[]>>
}

export const usualKeys: KeySettings = { single: "on", leader: ",", remapped: {} }

/** What holds on this page. */
export const keySettings = createValue<KeySettings>(usualKeys)

/** The keys of a command as this teammate has them. */
export const keysOf = (id: CommandId, settings: KeySettings): readonly string[] =>
  settings.remapped[id] ?? commands[id].keys

/** What was kept, with only what this version knows. */
export function readKeySettings(kept: unknown): KeySettings {
  if (typeof kept !== "object" || kept === null) return usualKeys
  const { single, leader, remapped } = kept as Record<string, unknown>
  const given = typeof remapped === "object" && remapped !== null ? (remapped as Record<string, unknown>) : {}
  const known = commandIds.flatMap((id) => {
    const keys = given[id]
    return Array.isArray(keys) && keys.every((key) => typeof key === "string") ? [[id, keys as string[]] as const] : []
  })
  return {
    single: single === "off" || single === "leader" ? single : "on",
    leader: typeof leader === "string" && leader !== "" ? leader : usualKeys.leader,
    remapped: Object.fromEntries(known),
  }
}
