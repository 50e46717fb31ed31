import type { Mark, Node } from "prosemirror-model"

/**
 * What is written as plain text, from the document itself: paragraphs an empty line apart, lists with their marks and numbers, quotes behind `>`, a link as
 * "label (address)". Of the formatting nothing is left that a customer could take for typing.
 */
export function textOfDoc(doc: Node): string {
  return linesOf(doc).join("\n").trim()
}

/** The lines of a node's blocks; an empty one stands between two of them, except between the items of a list. */
function linesOf(parent: Node): string[] {
  const lines: string[] = []
  parent.forEach((block, _offset, index) => {
    const own = block.type.name === "paragraph" ? lineOf(block) : containerLines(block)
    const isTight = parent.type.name === "list_item" && block.type.name.endsWith("_list")
    if (index > 0 && !isTight) lines.push("")
    lines.push(...own)
  })
  return lines
}

function containerLines(block: Node): string[] {
  if (block.type.name === "blockquote") return linesOf(block).map((line) => (line === "" ? ">" : `> ${line}`))
  const lines: string[] = []
  block.forEach((item, _offset, index) => {
    const mark = block.type.name === "ordered_list" ? `${index + 1}. ` : "- "
    const indent = " ".repeat(mark.length)
    for (const [at, line] of linesOf(item).entries())
      lines.push(at === 0 ? mark + line : line === "" ? "" : indent + line)
  })
  return lines
}

function lineOf(paragraph: Node): string[] {
  let text = ""
  let label = ""
  let link: Mark | null = null
  const endLink = (): void => {
    if (link !== null) text += labelled(label, link.attrs.href as string)
    label = ""
  }
  paragraph.forEach((child) => {
    const next = child.marks.find((mark) => mark.type.name === "link") ?? null
    if (!(next !== null && link !== null && next.eq(link))) {
      endLink()
      link = next
    }
    const words = child.isText ? (child.text ?? "") : "\n"
    if (link === null) text += words
    else label += words
  })
  endLink()
  return text.split("\n")
}

/** An address that is its own label is said once. */
function labelled(label: string, href: string): string {
  const bare = (address: string): string => address.replace(/^(mailto:|tel:|https?:\/\/)/, "").replace(/\/$/, "")
  return bare(label.trim()) === bare(href) ? label : `${label} (${href})`
}
