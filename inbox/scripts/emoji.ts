import { readFileSync } from "node:fs"
import { createRequire } from "node:module"

/** Newer ones are empty boxes on the systems that people still have. */
const versionMax = 15
const prefix = "\0emoji/"
const { resolve } = createRequire(import.meta.url)

/** Whether a module of the build is emoji data. */
export const isEmoji = (id: string): boolean => id.startsWith(prefix)

interface Source {
  emoji: string
  label: string
  group?: number
  order?: number
  version: number
  tags?: string[]
  skins?: { emoji: string; tone: number | number[] }[]
}

const tones = ["light", "medium-light", "medium", "medium-dark", "dark"] as const

/** `import("./fr.emoji")`: one language's emoji as the picker reads them, out of emojibase-data, so that nothing comes from anywhere but our server. */
export const emoji = () => ({
  name: "causeway-emoji",
  resolveId(id: string): string | null {
    const locale = /([a-z]+)\.emoji$/.exec(id)?.[1]
    return locale === undefined ? null : prefix + locale
  },
  load(id: string): string | null {
    if (!isEmoji(id)) return null
    const data = JSON.stringify(emojiData(id.slice(prefix.length)))
    return `export default JSON.parse(${JSON.stringify(data)})`
  },
})

function emojiData(locale: string): object {
  const read = <T>(file: string): T =>
    JSON.parse(readFileSync(resolve(`emojibase-data/${locale}/${file}.json`), "utf8")) as T
  const messages = read<{
    groups: { key: string; message: string; order: number }[]
    skinTones: { key: string; message: string }[]
  }>("messages")
  // The components, of which emoji are made, are nothing to pick.
  const groups = messages.groups.filter(({ key }) => key !== "component")
  const shown = new Set(groups.map(({ order }) => order))
  const emojis = read<Source[]>("data")
    .filter(({ group, version }) => group !== undefined && shown.has(group) && version <= versionMax)
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
  return {
    locale,
    emojis: emojis.map((one) => ({
      emoji: one.emoji,
      category: one.group,
      label: one.label,
      version: one.version,
      tags: one.tags ?? [],
      ...skinsOf(one),
    })),
    categories: groups.map(({ order, message }) => ({ index: order, label: message })),
    skinTones: Object.fromEntries(messages.skinTones.map(({ key, message }) => [key, message])),
  }
}

function skinsOf({ skins = [] }: Source): object {
  const single = skins.filter(({ tone }) => typeof tone === "number")
  if (single.length !== tones.length) return {}
  return { skins: Object.fromEntries(single.map(({ emoji: skin, tone }) => [tones[(tone as number) - 1], skin])) }
}
