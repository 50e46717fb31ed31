/** Brings a message into sight and gives it the focus; false when it is not on the page. */
export function jumpTo(messageId: string): boolean {
  const message = document.getElementById(messageId)
  if (message === null) return false
  message.focus({ preventScroll: true })
  message.scrollIntoView({ block: "center" })
  return true
}
