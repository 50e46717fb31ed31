/**
 * How well a line fits what was typed; the higher the better, null when it does not. Its beginning is best, then the beginning of one of its words, then
 * anything within, then its letters in their order with others between.
 */
export function fit(line: string, typed: string): number | null {
  const text = line.toLocaleLowerCase()
  const wanted = typed.trim().toLocaleLowerCase()
  const at = text.indexOf(wanted)
  if (at === 0) return 3
  if (at > 0) return /[\s’'-]/.test(text[at - 1] as string) ? 2 : 1
  let from = 0
  for (const letter of wanted.replaceAll(/\s/g, "")) {
    from = text.indexOf(letter, from) + 1
    if (from === 0) return null
  }
  return 0
}

/** The items whose line fits, best first and otherwise as they were. */
export function fitting<Item>(items: readonly Item[], typed: string, lineOf: (item: Item) => string): Item[] {
  return items
    .flatMap((item) => {
      const score = fit(lineOf(item), typed)
      return score === null ? [] : [{ item, score }]
    })
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item)
}
