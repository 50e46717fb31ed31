import { type MarkSpec, type NodeSpec, Schema } from "prosemirror-model"
import { safeHref } from "../body.ts"

/** What can be written with formatting: the vendor's eight features, of which emoji are text and attachments lie beside it. Nothing else has a place here. */
const nodes = {
  doc: { content: "block+" },
  paragraph: { content: "inline*", group: "block", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
  blockquote: {
    content: "block+",
    group: "block",
    defining: true,
    parseDOM: [{ tag: "blockquote" }],
    toDOM: () => ["blockquote", 0],
  },
  ordered_list: { content: "list_item+", group: "block", parseDOM: [{ tag: "ol" }], toDOM: () => ["ol", 0] },
  bullet_list: { content: "list_item+", group: "block", parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0] },
  list_item: { content: "paragraph block*", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
  text: { group: "inline" },
  hard_break: {
    inline: true,
    group: "inline",
    selectable: false,
    parseDOM: [{ tag: "br" }],
    toDOM: () => ["br"],
  },
} as const satisfies Record<string, NodeSpec>

const marks = {
  link: {
    attrs: { href: { validate: "string" } },
    inclusive: false,
    parseDOM: [
      {
        tag: "a[href]",
        getAttrs: (element: HTMLElement) => {
          const href = safeHref(element.getAttribute("href") ?? "")
          return href === null ? false : { href }
        },
      },
    ],
    toDOM: (mark) => ["a", { href: mark.attrs.href as string, rel: "noopener noreferrer nofollow" }, 0],
  },
  strong: {
    parseDOM: [
      { tag: "strong" },
      // Some word processors wrap all that is copied in <b style="font-weight: normal">.
      { tag: "b", getAttrs: (element: HTMLElement) => element.style.fontWeight !== "normal" && null },
      { style: "font-weight", getAttrs: (value: string) => /^(bold(er)?|[6-9]\d{2})$/.test(value) && null },
    ],
    toDOM: () => ["strong", 0],
  },
  em: {
    parseDOM: [
      { tag: "em" },
      { tag: "i", getAttrs: (element: HTMLElement) => element.style.fontStyle !== "normal" && null },
      { style: "font-style=italic" },
    ],
    toDOM: () => ["em", 0],
  },
  strike: {
    parseDOM: [{ tag: "s" }, { tag: "del" }, { tag: "strike" }, { style: "text-decoration=line-through" }],
    toDOM: () => ["s", 0],
  },
} as const satisfies Record<string, MarkSpec>

export const schema = new Schema({ nodes, marks })

export type MarkName = keyof typeof marks
export type NodeName = keyof typeof nodes
