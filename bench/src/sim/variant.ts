import { readFileSync } from "node:fs"
import { registerHooks } from "node:module"
import { fileURLToPath } from "node:url"
import type { simulate as Simulate } from "./run.ts"

/** A change of one source file: `from` stands there exactly once. */
export interface Edit {
  /** From the root of the repository. */
  file: string
  from: string
  to: string
}

const root = fileURLToPath(new URL("../../../", import.meta.url))
/** Loaded anew for each variant; all else is shared. */
const varies = /\/(server\/src\/(delivery\/|ids\.ts|channels\/status\.ts)|bench\/src\/sim\/)/
/** The changed sources, by the names of their variants. */
const sources = new Map<string, { file: string; source: string }>()

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context)
    const variant = new URL(context.parentURL ?? "file:///").searchParams.get("variant")
    return variant !== null && varies.test(found.url) ? { ...found, url: `${found.url}?variant=${variant}` } : found
  },
  load(url, context, next) {
    const changed = sources.get(new URL(url).searchParams.get("variant") ?? "")
    if (changed === undefined || fileURLToPath(url.split("?")[0] as string) !== `${root}${changed.file}`)
      return next(url, context)
    return { ...next(url, context), source: changed.source, shortCircuit: true }
  },
})

/** The whole text of the file with this change. */
export function edited({ file, from, to }: Edit): string {
  const parts = readFileSync(`${root}${file}`, "utf8").split(from)
  if (parts.length !== 2) throw new Error(`${file} holds ${parts.length - 1} times: ${from}`)
  return parts.join(to)
}

/** A module and all that varies below it, over this text in place of one file's own. `name` is used once in a process. */
export async function loadVariant<Module>(name: string, file: string, source: string, url: string): Promise<Module> {
  sources.set(name, { file, source })
  return (await import(`${url}?variant=${encodeURIComponent(name)}`)) as Module
}

/** The simulator over such an engine. */
export async function simulatorOver(name: string, file: string, source: string): Promise<typeof Simulate> {
  const url = new URL("run.ts", import.meta.url).href
  return (await loadVariant<{ simulate: typeof Simulate }>(name, file, source, url)).simulate
}
