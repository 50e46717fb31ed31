import MarkdownIt from "markdown-it"
import { type Body, readBody } from "./html.ts"

// html: false writes raw tags as text; what comes out is sanitised like every body.
const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true })

/** A body written in markdown (`body_format: "markdown"`), kept as HTML with its source beside it. */
export function markdownToHtml(source: string): Body {
  return { ...readBody(markdown.render(source), { format: "html" }), source }
}
