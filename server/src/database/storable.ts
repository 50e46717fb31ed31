/** A text as the database can keep it: PostgreSQL's text holds no U+0000, and JSON no half of a surrogate pair. */
export const storable = (text: string): string =>
  text.includes("\0") || !text.isWellFormed() ? text.replaceAll("\0", "\ufffd").toWellFormed() : text
