import { DOMParser as DocumentParser, type Mark, type Node } from "prosemirror-model"
import { inertBody } from "../trusted.ts"
import { schema } from "./schema.ts"

/** Between a document and the HTML that goes out as `body`: a small fixed set of tags, of attributes only a link's address. */

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }
const escaped = (text: string): string => text.replace(/[&<>"]/g, (char) => escapes[char] as string)

const tags: Record<string, string> = {
  blockquote: "blockquote",
  ordered_list: "ol",
  bullet_list: "ul",
  list_item: "li",
}
/** From the outside in: a link is one element, whatever changes within it. */
const markTags: Record<string, string> = { link: "a", strong: "strong", em: "em", strike: "s" }

/** What is written, as HTML; "" when nothing is. */
export function htmlOfDoc(doc: Node): string {
  return isEmptyDoc(doc) ? "" : blocks(doc)
}

/** Whether nothing is written: blanks and line breaks are nothing. */
export const isEmptyDoc = (doc: Node): boolean => doc.textContent.trim() === ""

function blocks(parent: Node): string {
  let html = ""
  parent.forEach((node) => {
    html +=
      node.type.name === "paragraph" ? paragraph(node, parent) : wrapped(tags[node.type.name] as string, blocks(node))
  })
  return html
}

/** An item of one paragraph goes without `<p>`: read aloud and shown by others, it is one line. An empty paragraph keeps its height by a break. */
function paragraph(node: Node, parent: Node): string {
  const content = inline(node)
  if (parent.type.name === "list_item" && parent.childCount === 1) return content
  return wrapped("p", content === "" ? "<br>" : content)
}

const wrapped = (tag: string, content: string): string => `<${tag}>${content}</${tag}>`

function inline(node: Node): string {
  let html = ""
  let open: readonly Mark[] = []
  node.forEach((child) => {
    const marks = child.marks
    let shared = 0
    while (shared < open.length && shared < marks.length && (open[shared] as Mark).eq(marks[shared] as Mark))
      shared += 1
    html += open.slice(shared).toReversed().map(closing).join("")
    html += marks.slice(shared).map(opening).join("")
    html += child.isText ? escaped(child.text ?? "") : "<br>"
    open = marks
  })
  return html + open.toReversed().map(closing).join("")
}

const opening = (mark: Mark): string =>
  mark.type.name === "link" ? `<a href="${escaped(mark.attrs.href as string)}">` : `<${markTags[mark.type.name]}>`
const closing = (mark: Mark): string => `</${markTags[mark.type.name]}>`

const parser = DocumentParser.fromSchema(schema)

/** A document from HTML, whatever it holds: what has no place in the schema is left out, its words stay. Needs a browser. */
export function docOfHtml(html: string): Node {
  const body = inertBody(html)
  for (const element of body.querySelectorAll("script, style, template, title, noscript, iframe, object, svg, math"))
    element.remove()
  // A paragraph that holds nothing but a break is an empty one: see `paragraph`.
  for (const element of body.querySelectorAll("p"))
    if (element.childNodes.length === 1 && element.firstChild?.nodeName === "BR") element.replaceChildren()
  return parser.parse(body, { preserveWhitespace: "full" })
}
