const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }

const escaped = (text: string): string => text.replace(/[&<>"]/g, (char) => escapes[char] as string)

/** What was typed as HTML: an empty line ends a paragraph, other line ends become `<br>`, and nothing that was typed is markup. */
export function htmlOf(text: string): string {
  const lines = text.replace(/\r\n?/g, "\n")
  const paragraphs = lines.split(/\n{2,}/).filter((paragraph) => paragraph.trim() !== "")
  return paragraphs.map((paragraph) => `<p>${escaped(paragraph).replaceAll("\n", "<br>")}</p>`).join("")
}
