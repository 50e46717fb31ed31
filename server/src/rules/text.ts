import { type Body, escapeHtml, readBody } from "../messages/html.ts"
import type { Facts } from "./facts.ts"

/** What the text of an auto-reply may be filled in with. */
const fields = {
  "recipient.name": (facts: Facts) => facts.sender.name ?? "",
  "recipient.first_name": (facts: Facts) => (facts.sender.name ?? "").trim().split(/\s+/)[0] ?? "",
  "recipient.handle": (facts: Facts) => facts.sender.handle,
  "message.subject": (facts: Facts) => facts.subject,
  "channel.name": (facts: Facts) => facts.channelName,
  "inbox.name": (facts: Facts) => facts.inboxName,
} satisfies Record<string, (facts: Facts) => string>

type Field = keyof typeof fields
export const fieldNames = Object.keys(fields) as Field[]

/** `{{field}}` or `{{field|what to say when it is empty}}`. */
const placeholder = /\{\{\s*([a-z_.]{1,40})\s*(?:\|([^{}]{0,200}))?\}\}/gi

/** The first name in `template` that nothing is known by; null when all are. */
export function unknownField(template: string): string | null {
  for (const [, name = ""] of template.matchAll(placeholder)) if (!(name.toLowerCase() in fields)) return name
  return null
}

/** The exact reply to one message: its words as HTML and as plain text. What is filled in is text and never becomes markup. */
export function fillIn(template: string, facts: Facts): Body {
  const plain = readBody(template)
  const isPlain = plain.text === template
  const html = replaced(plain.body, facts, escapeHtml)
  return readBody(html, { format: "html", ...(isPlain && { text: replaced(template, facts, (value) => value) }) })
}

const replaced = (template: string, facts: Facts, safe: (value: string) => string): string =>
  template.replace(placeholder, (whole, name: string, otherwise: string | undefined) => {
    const read = fields[name.toLowerCase() as Field]
    if (read === undefined) return whole
    const value = read(facts)
    // The words for "otherwise" are the author's own, and part of the template already.
    return value === "" ? (otherwise ?? "") : safe(value)
  })
