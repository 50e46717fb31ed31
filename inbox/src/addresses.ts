/** Up to the first space or bracket; the sentence's own punctuation at the end does not belong to it. */
const address = /\bhttps?:\/\/[^\s<>"()[\]{}]*[^\s<>"()[\]{}.,;:!?'…]/gi

/** Text with the web addresses in it taken out as links. Joined again, the parts are the text. */
export function withAddresses(text: string): (string | { href: string; text: string })[] {
  const parts: (string | { href: string; text: string })[] = []
  let from = 0
  for (const { 0: found, index } of text.matchAll(address)) {
    const url = URL.parse(found)
    if (url === null) continue
    if (index > from) parts.push(text.slice(from, index))
    parts.push({ href: url.href, text: found })
    from = index + found.length
  }
  if (from < text.length) parts.push(text.slice(from))
  return parts
}
