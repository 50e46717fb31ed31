/** The line, from 1, at which a text stops being JSON; null: it is JSON. Engines say the place in their own words, and some only that there is one. */
export function brokenLine(text: string): number | null {
  try {
    JSON.parse(text)
    return null
  } catch (error) {
    const { message } = error as Error
    const line = /line (\d+)/.exec(message)?.[1]
    if (line !== undefined) return Number(line)
    const at = Number(/position (\d+)/.exec(message)?.[1] ?? text.length)
    return text.slice(0, at).split("\n").length
  }
}
