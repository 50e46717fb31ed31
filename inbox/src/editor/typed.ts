import { InputRule, inputRules, wrappingInputRule } from "prosemirror-inputrules"
import type { MarkType } from "prosemirror-model"
import type { Plugin } from "prosemirror-state"
import { safeHref } from "../body.ts"
import { schema } from "./schema.ts"

/** Marks as people type them: the closing sign makes the words before it bold, and both signs go. Undo brings the signs back. */
function markRule(match: RegExp, type: MarkType): InputRule {
  return new InputRule(match, (state, found, start, end) => {
    const [whole, before = "", words = ""] = found
    const from = start + before.length
    if (words.trim() === "" || state.doc.rangeHasMark(from, end, type)) return null
    const opening = (whole.length - before.length - words.length) / 2
    const tr = state.tr
    // The last sign is the one being typed: it is not there yet.
    tr.delete(from + opening + words.length, end)
    tr.delete(from, from + opening)
    tr.addMark(from, from + words.length, type.create())
    return tr.removeStoredMark(type)
  })
}

const linkRule = new InputRule(/\[([^[\]]{1,500})\]\(([^()\s]{1,2000})\)$/, (state, found, start, end) => {
  const [, label = "", address = ""] = found
  const href = safeHref(address)
  if (href === null) return null
  return state.tr
    .replaceWith(start, end, schema.text(label, [schema.marks.link.create({ href })]))
    .removeStoredMark(schema.marks.link)
})

/** **bold**, *italic*, _italic_, ~~strike~~, [label](address), and at the start of a line `> `, `- `, `* ` and `1. `. */
export const typedMarks = (): Plugin =>
  inputRules({
    rules: [
      markRule(/()\*\*([^*\s](?:[^*]*[^*\s])?)\*\*$/, schema.marks.strong),
      markRule(/(^|[^*])\*([^*\s](?:[^*]*[^*\s])?)\*$/, schema.marks.em),
      markRule(/(^|[^\w_])_([^_\s](?:[^_]*[^_\s])?)_$/, schema.marks.em),
      markRule(/()~~([^~\s](?:[^~]*[^~\s])?)~~$/, schema.marks.strike),
      linkRule,
      wrappingInputRule(/^\s*>\s$/, schema.nodes.blockquote),
      wrappingInputRule(/^\s*[-*]\s$/, schema.nodes.bullet_list),
      wrappingInputRule(/^\s*1[.)]\s$/, schema.nodes.ordered_list),
    ],
  })
