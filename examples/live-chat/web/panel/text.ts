import { h } from "../../../shared/web/dom.ts"

/** A text as text, in which addresses of the web can be followed. */
export function withLinks(text: string): (Node | string)[] {
  const parts: (Node | string)[] = []
  let end = 0
  for (const found of text.matchAll(/\bhttps?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]]/g)) {
    if (URL.parse(found[0]) === null) continue
    parts.push(text.slice(end, found.index))
    parts.push(h("a", { href: found[0], target: "_blank", rel: "noopener noreferrer nofollow ugc" }, found[0]))
    end = found.index + found[0].length
  }
  return [...parts, text.slice(end)]
}
