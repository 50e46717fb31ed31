import { compile } from "html-to-text"
import sanitizeHtml from "sanitize-html"

/** A body as it is kept: `body` is safe HTML, `text` its plain form, `blurb` one short line, `source` what came in when it differs from `body`. */
export interface Body {
  body: string
  text: string
  blurb: string
  source: string | null
}

const blurbCharsMax = 200

const rules: sanitizeHtml.IOptions = {
  allowedTags: [
    ..."p br b strong i em u s strike del a ul ol li blockquote code pre h1 h2 h3 h4 h5 h6 span div hr img sub sup small".split(
      " ",
    ),
    ..."table thead tbody tfoot tr td th caption".split(" "),
  ],
  allowedAttributes: {
    a: ["href", "title"],
    img: ["src", "alt", "width", "height", "title"],
    td: ["colspan", "rowspan"],
    th: ["colspan", "rowspan"],
    "*": ["dir", "lang"],
  },
  allowedSchemes: ["http", "https", "mailto", "tel"],
  allowedSchemesByTag: { img: ["https", "http", "cid"] },
  allowProtocolRelative: false,
  nestingLimit: 50,
}

/**
 * A body from outside. The sync endpoints take HTML or plain text without saying which (Channel API): it is HTML when it holds a tag or an entity.
 * `text` given beside it wins over the one made from the body.
 */
export function readBody(source: string, options: { format?: "html" | "text"; text?: string } = {}): Body {
  const isHtml = options.format === "html" || (options.format === undefined && looksLikeHtml(source))
  const body = isHtml ? sanitizeHtml(source, rules) : textToHtml(source)
  const text = options.text ?? (isHtml ? htmlToText(body) : source)
  return { body, text, blurb: blurbOf(text), source: body === source ? null : source }
}

const looksLikeHtml = (source: string): boolean =>
  /<\/?[a-z][a-z0-9]*(\s[^<>]*)?\/?>|&(#\d+|#x[0-9a-f]+|[a-z]+);/i.test(source)

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }

export const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (char) => escapes[char] as string)

export const textToHtml = (text: string): string => escapeHtml(text).replace(/\r\n|\r|\n/g, "<br />")

/** Made once: it takes longer than to read a body with it. */
const convert = compile({
  wordwrap: false,
  limits: { maxInputLength: 1 << 20, maxDepth: 60 },
  selectors: [
    { selector: "a", options: { linkBrackets: ["(", ")"], hideLinkHrefIfSameAsText: true } },
    { selector: "img", format: "skip" },
    ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
})

/** Words with their links as "label (url)" and lists with their marks; no markup is left. */
const htmlToText = (body: string): string => convert(body).trim()

export const blurbOf = (text: string): string => text.replace(/\s+/g, " ").trim().slice(0, blurbCharsMax).toWellFormed()

const simpleTag = /<\/?([a-z0-9]+)((?:\s[^>]*)?)\/?>/gi
const simpleTags = new Set([
  "p",
  "br",
  "b",
  "strong",
  "i",
  "em",
  "s",
  "del",
  "strike",
  "a",
  "ul",
  "ol",
  "li",
  "blockquote",
])

/** Whether a sanitised body holds only what the composer can make: then it is shown in place, otherwise in a frame. */
export function isSimple(body: string): boolean {
  for (const [, tag, attributes] of body.matchAll(simpleTag)) {
    if (!simpleTags.has((tag as string).toLowerCase())) return false
    if (attributes?.trim() && tag?.toLowerCase() !== "a" && attributes.trim() !== "/") return false
  }
  return true
}
