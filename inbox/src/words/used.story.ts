import { readFileSync } from "node:fs"

/**
 * Which sentences a program says, read from its text. A file's own name for a part of a catalogue (`const said = words.call`) is followed; what is chosen
 * while it runs (`said.roles[role]`), or handed on whole, counts as saying all that is below.
 */
export interface Saying {
  /** "call.status" where the text goes no further: all below it. */
  says(path: string): boolean
}

export function readSaying(files: readonly string[]): Saying {
  const texts = files.map((file) => withoutComments(readFileSync(file, "utf8")))
  const catalogues = texts.flatMap((text) => [...text.matchAll(declared)].map(([, name = ""]) => name))
  const all = [...new Set(texts.flatMap((text) => chainsOf(text, catalogues)))]
  return {
    says: (path) =>
      all.some((chain) => chain === "" || path === chain || isWithin(path, chain) || isWithin(chain, path)),
  }
}

/** Where a catalogue gets the name that it has everywhere. */
const declared = /^export const (\w+)(?:: \w+)? = await catalogues\[language\]/gm

const isWithin = (path: string, of: string): boolean => path.startsWith(`${of}.`)

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, "$1")

/** Every path that is followed from a catalogue or from a name for a part of one. */
function chainsOf(text: string, catalogues: readonly string[]): string[] {
  const names = new Map(catalogues.map((name) => [name, ""]))
  const declaration = /\bconst (\w+|\{[^}]*\}) = (\w+)((?:\.\w+)*)$/gm
  const chains: string[] = []
  const rest = text.replace(declaration, (whole, name: string, root: string, path: string) => {
    const from = names.get(root)
    if (from === undefined) return whole
    if (name.startsWith("{"))
      for (const part of name.slice(1, -1).split(",")) chains.push(join(from, path, part.split(":")[0]?.trim() ?? ""))
    else names.set(name, join(from, path))
    return ""
  })
  for (const [name, from] of names)
    for (const [, path = ""] of rest.matchAll(
      new RegExp(`(?<![\\w$"]|(?<!\\.\\.)\\.)${name}(?![\\w"])((?:\\s*\\??\\.\\s*\\w+)*)`, "g"),
    ))
      if (path !== "" || from !== "") chains.push(join(from, path.replace(/[\s?]/g, "")))
  return chains
}

const join = (...parts: string[]): string =>
  parts
    .flatMap((part) => part.split("."))
    .filter((part) => part !== "")
    .join(".")
