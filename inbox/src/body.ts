/** A message body as it is drawn: text, or one of the few elements that the composer can make. */
export type BodyNode = string | { tag: BodyTag; href?: string; children: BodyNode[] }

export const bodyTags = [
  "p",
  "br",
  "b",
  "strong",
  "i",
  "em",
  "s",
  "del",
  "a",
  "ul",
  "ol",
  "li",
  "blockquote",
  "pre",
  "code",
] as const
export type BodyTag = (typeof bodyTags)[number]

/** The part of a DOM node that is read; DOMParser's nodes have it. */
export interface ParsedNode {
  readonly nodeType: number
  readonly nodeName: string
  readonly nodeValue: string | null
  readonly childNodes: Iterable<ParsedNode>
  getAttribute?(name: string): string | null
}

const textNode = 3
const elementNode = 1
/** Deeper than any composer goes; what is below is drawn as if it stood here. */
const depthMax = 30

/** Elements that are not drawn at all, their words included. */
const dropped = new Set(["script", "style", "template", "head", "title", "noscript", "iframe", "object", "svg", "math"])
const other: Record<string, BodyTag> = { strike: "s", div: "p" }

/**
 * Reads a parsed body. What is not in the set is replaced by its children, so that nothing but these elements, and of their attributes only a
 * link's address, can reach the page, whatever the server let through.
 */
export function readBody(nodes: Iterable<ParsedNode>, depth = 0): BodyNode[] {
  return [...nodes].flatMap((node): BodyNode[] => {
    if (node.nodeType === textNode) return node.nodeValue ? [node.nodeValue] : []
    if (node.nodeType !== elementNode) return []
    const name = node.nodeName.toLowerCase()
    if (dropped.has(name)) return []
    const tag = tagOf(name)
    const children = tag === "br" ? [] : readBody(node.childNodes, depth + 1)
    if (tag === null || depth >= depthMax) return children
    if (tag !== "a") return [{ tag, children }]
    const href = safeHref(node.getAttribute?.("href") ?? "")
    return href === null ? children : [{ tag, href, children }]
  })
}

const tagOf = (name: string): BodyTag | null =>
  bodyTags.find((tag) => tag === name) ?? (Object.hasOwn(other, name) ? (other[name] as BodyTag) : null)

const schemes = new Set(["http:", "https:", "mailto:", "tel:"])

/** An address that a click may follow, or null. Relative ones would lead into the inbox itself. */
export function safeHref(href: string): string | null {
  const url = URL.parse(href.trim())
  return url !== null && schemes.has(url.protocol) ? url.href : null
}
