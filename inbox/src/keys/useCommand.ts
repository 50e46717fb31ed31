import { useEffect, useLayoutEffect, useRef } from "react"
import { useValue } from "../value.ts"
import { chordOf } from "./chord.ts"
import { type CommandId, commandIds, type Where } from "./commands.ts"
import { press } from "./dispatch.ts"
import { keySettings, keysOf } from "./settings.ts"

/** Does it; `chord` is what was pressed last, null when it was chosen by name. False: there was nothing to do, and the key keeps its usual meaning. */
export type Run = (chord: string | null) => unknown

interface Offer {
  current: Run
  rank: number
}

const runs = new Map<CommandId, Offer[]>()

/**
 * Says what a command does while the component is there. null: it cannot be done now. The latest component to say so is the one that acts, unless another has
 * a higher rank: while conversations are chosen, a key is meant for all of them.
 */
export function useCommand(id: CommandId, run: Run | null, rank = 0): void {
  const latest = useRef<Run>(() => false)
  useLayoutEffect(() => {
    if (run !== null) latest.current = run
  })
  const isThere = run !== null
  useEffect(() => {
    if (!isThere) return
    const own: Offer = { current: (chord) => latest.current(chord), rank }
    runs.set(id, [...(runs.get(id) ?? []), own])
    return () =>
      void runs.set(
        id,
        (runs.get(id) ?? []).filter((other) => other !== own),
      )
  }, [id, isThere, rank])
}

const runOf = (id: CommandId): Run | undefined =>
  (runs.get(id) ?? []).reduce<Offer | undefined>(
    (best, next) => (best !== undefined && best.rank > next.rank ? best : next),
    undefined,
  )?.current

/** Does a command, by `chord` or by its name; false when there is nothing to do. */
export function runCommand(id: CommandId, chord: string | null = null): boolean {
  const run = runOf(id)
  return run !== undefined && run(chord) !== false
}

/** What can be done at this moment, in the table's order. */
export const offeredCommands = (): CommandId[] => commandIds.filter((id) => runOf(id) !== undefined)

/** The keys of a command as this teammate has them. */
export const useKeysOf = (id: CommandId): readonly string[] => keysOf(id, useValue(keySettings))

/** Keys of a sequence come within this time of each other. */
const sequenceMs = 1_500

const writable =
  'input:not([type="checkbox"], [type="radio"], [type="range"], [type="button"], [type="submit"]), textarea, select, [contenteditable]:not([contenteditable="false"])'

/** Listens for the keys of the whole page; once, at its top. */
export function useKeys(): void {
  useEffect(() => {
    let pending = ""
    let pressedAt = 0
    function onKeyDown(event: KeyboardEvent): void {
      // While an input method composes, keys choose words; Safari reports that by key code 229 alone.
      if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return
      const chord = chordOf(event)
      if (chord === null) return
      const before = event.timeStamp - pressedAt <= sequenceMs ? pending : ""
      const target = event.target as HTMLElement
      const pressed = press(before, chord, {
        settings: keySettings.get(),
        canDo: (id) => runOf(id) !== undefined,
        isWriting: target.matches(writable) || document.querySelector("dialog[open], [popover]:popover-open") !== null,
        within: (target.closest<HTMLElement>("[data-keys]")?.dataset.keys ?? null) as Where | null,
      })
      pending = pressed.kind === "pending" ? pressed.keys : ""
      pressedAt = event.timeStamp
      const isDone =
        pressed.kind === "commands" ? pressed.ids.some((id) => runCommand(id, chord)) : pressed.kind === "pending"
      if (isDone) event.preventDefault()
    }
    document.addEventListener("keydown", onKeyDown)
    return () => document.removeEventListener("keydown", onKeyDown)
  }, [])
}
