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
const edits = new Map<string, Edit>()

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context)
    const variant = new URL(context.parentURL ?? "file:///").searchParams.get("variant")
    return variant !== null && varies.test(found.url) ? { ...found, url: `${found.url}?variant=${variant}` } : found
  },
  load(url, context, next) {
    const edit = edits.get(new URL(url).searchParams.get("variant") ?? "")
    if (edit === undefined || fileURLToPath(url.split("?")[0] as string) !== `${root}${edit.file}`)
      return next(url, context)
    return { ...next(url, context), source: edited(edit), shortCircuit: true }
  },
})

function edited({ file, from, to }: Edit): string {
  const parts = readFileSync(`${root}${file}`, "utf8").split(from)
  if (parts.length !== 2) throw new Error(`${file} holds ${parts.length - 1} times: ${from}`)
  return parts.join(to)
}

/** The simulator over the engine with this one change. `name` is used once in a process. */
export async function loadVariant(name: string, edit: Edit): Promise<typeof Simulate> {
  edits.set(name, edit)
  edited(edit)
  const { simulate } = await import(`./run.ts?variant=${encodeURIComponent(name)}`)
  return simulate
}
