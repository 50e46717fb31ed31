/** How the preview of a provider's template is filled in, alike on the server and in the picker. Source: the vendor's guide, `{{1}}`-style variables. */

/** `{{uid}}`, blanks around it allowed. */
export const placeholder = /\{\{\s*([^{}\s]{1,200})\s*\}\}/g

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }

/** The preview's HTML with every placeholder that has a value replaced by it, as text: a value is never markup, and its own braces are left alone. */
export const fillTemplate = (preview: string, values: ReadonlyMap<string, string>): string =>
  preview.replace(placeholder, (whole, uid: string) => {
    const value = values.get(uid)
    return value === undefined
      ? whole
      : value.replace(/[&<>"]/g, (char) => escapes[char] as string).replaceAll("\n", "<br>")
  })
