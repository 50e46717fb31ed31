import type { EmojiData } from "frimousse"
import { type Language, language } from "./language.ts"

/** Arabic has no names of its own in the data: English ones are better than none. */
const sources: Record<Language, () => Promise<{ default: EmojiData }>> = {
  en: () => import("./en.emoji"),
  fr: () => import("./fr.emoji"),
  de: () => import("./de.emoji"),
  ar: () => import("./en.emoji"),
  pseudo: () => import("./en.emoji"),
}

/** The emoji with their names in the teammate's language; loaded when they are first asked for. */
export const loadEmoji = async (): Promise<EmojiData> => (await sources[language]()).default

export interface FoundEmoji {
  emoji: string
  label: string
}

/** Those whose name or a tag begins with what is typed, names first. */
export function findEmoji(data: EmojiData, typed: string, most: number): FoundEmoji[] {
  const wanted = typed.toLocaleLowerCase()
  const rank = ({ label, tags }: EmojiData["emojis"][number]): number => {
    if (label.toLocaleLowerCase().startsWith(wanted)) return 0
    if (
      label
        .toLocaleLowerCase()
        .split(/[\s-]+/)
        .some((word) => word.startsWith(wanted))
    )
      return 1
    return tags.some((tag) => tag.toLocaleLowerCase().startsWith(wanted)) ? 2 : 3
  }
  return data.emojis
    .map((one) => ({ one, rank: rank(one) }))
    .filter((found) => found.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map(({ one }) => ({ emoji: one.emoji, label: one.label }))
}
