import type { Node } from "prosemirror-model"
import { EditorState } from "prosemirror-state"
import { EditorView } from "prosemirror-view"
import { docOfHtml, htmlOfDoc, isEmptyDoc } from "./html.ts"
import { schema } from "./schema.ts"
import { textOfDoc } from "./text.ts"

/** What runs in the page that scripts/goals/documents.ts opens: documents, made by chance from a seed, and what must hold of each. */

type Random = () => number

/** The same numbers for the same seed (mulberry32). */
function randomOf(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const below = (random: Random, most: number): number => Math.floor(random() * most)
const pick = <T>(random: Random, items: readonly T[]): T => items[below(random, items.length)] as T

const plainWords = ["Friday", "two", "straße", "سلام", "x", "order 7781", "ok.", "é", "🚀 go", "a  b", " led ", "line"]
const oddWords = ["<b>", "&amp;", "**no**", "~~", "1. one", "> q", "\\", "[a](b)", '"quoted"', "</p>", "`code`", "_x_"]
const addresses = ["https://example.com/", "https://example.com/a?b=c&d=e", "mailto:mia@example.com", "tel:+4366012"]

function inline(random: Random, words: readonly string[]): Node[] {
  return Array.from({ length: below(random, 5) }, () => {
    if (random() < 0.15) return schema.nodes.hard_break.create()
    const marks = [
      ...(random() < 0.2 ? [schema.marks.link.create({ href: pick(random, addresses) })] : []),
      ...(["strong", "em", "strike"] as const).filter(() => random() < 0.25).map((name) => schema.marks[name].create()),
    ]
    return schema.text(pick(random, words), marks)
  })
}

function blocks(random: Random, words: readonly string[], depth: number, least = 1): Node[] {
  return Array.from({ length: least + below(random, 3) }, () => {
    const kind = depth > 2 ? 0 : below(random, 6)
    if (kind === 1) return schema.nodes.blockquote.create(null, blocks(random, words, depth + 1))
    if (kind === 2 || kind === 3) {
      const items = Array.from({ length: 1 + below(random, 3) }, () =>
        schema.nodes.list_item.create(null, [
          paragraph(random, words),
          ...blocks(random, words, depth + 1, 0).slice(0, 2),
        ]),
      )
      return (kind === 2 ? schema.nodes.ordered_list : schema.nodes.bullet_list).create(null, items)
    }
    return paragraph(random, words)
  })
}

const paragraph = (random: Random, words: readonly string[]): Node =>
  schema.nodes.paragraph.create(null, inline(random, words))

const allowed = /^<(\/?(p|strong|em|s|ul|ol|li|blockquote|a)|br|a href="(https?:|mailto:|tel:)[^"<>]*")>$/
const strangeTags = (html: string): string[] => (html.match(/<[^>]*>/g) ?? []).filter((tag) => !allowed.test(tag))

/** Signs of HTML and Markdown that nobody typed here. */
const residue = /[<>*~`\\[\]_]|&\w+;/

function problemsOf(doc: Node, isPlain: boolean): string[] {
  const html = htmlOfDoc(doc)
  const text = textOfDoc(doc)
  const back = docOfHtml(html)
  back.check()
  const words: string[] = []
  doc.descendants((node) => void (node.isText && words.push((node.text ?? "").trim())))
  const quoteless = text.replace(/^(?:(?:>|-|\d+\.| ) ?)+/gm, "")
  return [
    ...(htmlOfDoc(back) === html ? [] : [`not the same again: ${html} became ${htmlOfDoc(back)}`]),
    ...strangeTags(html).map((tag) => `${tag} in ${html}`),
    ...(isPlain && residue.test(quoteless) ? [`markup in text: ${text}`] : []),
    ...words.filter((word) => !text.includes(word)).map((word) => `${word} is missing in ${text}`),
  ]
}

const hostile = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  '<a href="javascript:alert(1)">x</a>',
  '<a href=" java\tscript:alert(1)" onclick="alert(1)">y</a>',
  '<a href="data:text/html,<script>1</script>">z</a>',
  "<svg onload=alert(1)><style>*{}</style></svg>",
  "<iframe srcdoc='<script>1</script>'></iframe>",
  "<table><tr><td style='position:fixed' onmouseover=alert(1)>cell</td></tr></table>",
  "<p style='background:url(https://tracker.test)' class=x id=y data-z=1>p</p>",
  "<style>body{display:none}</style>",
  "<form action=https://evil.test><input name=a><button>go</button></form>",
  "<math><mi xlink:href='javascript:1'>m</mi></math>",
  "<ul><li><h1>head</h1><li><ol><li><b>deep</b></ol></ul>",
  "<blockquote><div><custom-tag onclick=1>tag</custom-tag></div></blockquote>",
  "<!--[if IE]><script>1</script><![endif]-->",
]

/** What is wrong, one line each; and how long the slowest editor took to be there. */
export function checkDocuments(count: number, seed: number): { problems: string[]; mountMs: number } {
  const random = randomOf(seed)
  const problems: string[] = []
  for (let at = 0; at < count; at += 1) {
    const isPlain = random() < 0.5
    const doc = schema.nodes.doc.create(null, blocks(random, isPlain ? plainWords : [...plainWords, ...oddWords], 0))
    doc.check()
    if (!isEmptyDoc(doc)) problems.push(...problemsOf(doc, isPlain))
  }
  const place = document.body.appendChild(document.createElement("div"))
  const mounts: number[] = []
  for (let at = 0; at < Math.ceil(count / 20); at += 1) {
    const pasted = Array.from({ length: 1 + below(random, 4) }, () => pick(random, hostile)).join(
      pick(random, ["", " ", "<p>"]),
    )
    const before = performance.now()
    const view = new EditorView({ mount: place }, { state: EditorState.create({ schema }) })
    mounts.push(performance.now() - before)
    view.pasteHTML(pasted)
    for (const html of [htmlOfDoc(view.state.doc), htmlOfDoc(docOfHtml(pasted))])
      problems.push(...strangeTags(html).map((tag) => `pasted ${pasted}: ${tag}`))
    const foreign = place.querySelector(
      "script, img:not(.ProseMirror-separator), iframe, svg, style, form, table, [onclick], [class=x]",
    )
    if (foreign !== null) problems.push(`pasted ${pasted}: ${foreign.outerHTML}`)
    view.destroy()
  }
  return { problems: problems.slice(0, 20), mountMs: Math.max(...mounts) }
}
