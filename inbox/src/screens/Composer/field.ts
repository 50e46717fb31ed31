/** What both ways of writing, plain and with formatting, let others do to them: the emoji picker, templates, keys. */
export interface ComposerField {
  focus(): void
  /** Puts text where the cursor is. */
  insertText(text: string): void
  /** What stands before the cursor in its paragraph. */
  textBefore(): string
  /** Puts text in place of so many characters before the cursor. */
  replaceBefore(length: number, text: string): void
  /** Puts HTML there, as far as it can be written here. */
  insertHtml(html: string, text: string): void
}
