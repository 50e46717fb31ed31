import { baseKeymap, chainCommands, lift, toggleMark, wrapIn } from "prosemirror-commands"
import { redo, undo } from "prosemirror-history"
import { undoInputRule } from "prosemirror-inputrules"
import type { NodeType } from "prosemirror-model"
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list"
import type { Command, EditorState } from "prosemirror-state"
import { schema } from "./schema.ts"

const { marks, nodes } = schema

/** The innermost list or quote around the selection. */
function containerOf(state: EditorState, types: readonly NodeType[]): NodeType | null {
  const { $from } = state.selection
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const { type } = $from.node(depth)
    if (types.includes(type)) return type
  }
  return null
}

const listTypes = [nodes.ordered_list, nodes.bullet_list]

/** In such a list: out of it. In the other kind: into this one. Elsewhere: a new list. */
const toggleList =
  (type: NodeType): Command =>
  (state, dispatch) => {
    const present = containerOf(state, listTypes)
    if (present === type) return liftListItem(nodes.list_item)(state, dispatch)
    if (present === null) return wrapInList(type)(state, dispatch)
    const { $from } = state.selection
    for (let depth = $from.depth; depth > 0; depth -= 1) {
      if ($from.node(depth).type !== present) continue
      dispatch?.(state.tr.setNodeMarkup($from.before(depth), type))
      return true
    }
    return false
  }

const toggleQuote: Command = (state, dispatch) =>
  containerOf(state, [nodes.blockquote]) === null ? wrapIn(nodes.blockquote)(state, dispatch) : lift(state, dispatch)

/** What the toolbar switches, but for links, which ask for an address. */
export const switches = {
  bold: { run: toggleMark(marks.strong), keys: "Mod-b", mark: marks.strong },
  italic: { run: toggleMark(marks.em), keys: "Mod-i", mark: marks.em },
  strike: { run: toggleMark(marks.strike), keys: "Mod-Shift-x", mark: marks.strike },
  ordered: { run: toggleList(nodes.ordered_list), keys: "Mod-Shift-7", list: nodes.ordered_list },
  bulleted: { run: toggleList(nodes.bullet_list), keys: "Mod-Shift-8", list: nodes.bullet_list },
  quote: { run: toggleQuote, keys: "Mod-Shift-9", list: nodes.blockquote },
} as const

export type Switch = keyof typeof switches

/** Which are on where the selection is, `link` included. */
export function activeAt(state: EditorState): ReadonlySet<Switch | "link"> {
  const { from, to, empty, $from } = state.selection
  const at = state.storedMarks ?? $from.marks()
  const names = Object.entries(switches).filter(([, feature]) => {
    if ("mark" in feature)
      return empty ? feature.mark.isInSet(at) !== undefined : state.doc.rangeHasMark(from, to, feature.mark)
    return feature.list === nodes.blockquote
      ? containerOf(state, [nodes.blockquote]) !== null
      : containerOf(state, listTypes) === feature.list
  })
  const isLink = empty ? marks.link.isInSet($from.marks()) !== undefined : state.doc.rangeHasMark(from, to, marks.link)
  return new Set([...names.map(([name]) => name as Switch), ...(isLink ? ["link" as const] : [])])
}

const breakLine: Command = (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView())
  return true
}

/**
 * Keys of the editor. `Mod-Shift-7` and the like are matched by the digit's key, since what Shift makes of it differs by layout. Tab is left to move the
 * focus on; lists are indented by Mod+] and Mod+[.
 */
export const editorKeys: Record<string, Command> = {
  ...baseKeymap,
  ...Object.fromEntries(Object.values(switches).map(({ keys, run }) => [keys, run])),
  "Mod-z": undo,
  "Mod-Shift-z": redo,
  "Mod-y": redo,
  Enter: chainCommands(splitListItem(nodes.list_item), baseKeymap.Enter as Command),
  "Shift-Enter": breakLine,
  "Mod-]": sinkListItem(nodes.list_item),
  "Mod-[": liftListItem(nodes.list_item),
  Backspace: chainCommands(undoInputRule, baseKeymap.Backspace as Command),
}
