import { existsSync, readdirSync, readFileSync } from "node:fs"
import { extname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { parseSync } from "vite"

export const root = fileURLToPath(new URL("..", import.meta.url))

/** A file of ours, not installed and not built. */
export interface SourceFile {
  /** From the root, with `/`. */
  path: string
  text: string
  lines: number
}

const passedOver = new Set(["node_modules", "dist", "data", "coverage", ".git", ".cache"])

export function listFiles(extensions: readonly string[], below = root): SourceFile[] {
  return readdirSync(below, { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name)
    if (passedOver.has(entry.name)) return []
    if (entry.isDirectory()) return listFiles(extensions, path)
    if (!extensions.includes(extname(entry.name))) return []
    const text = readFileSync(path, "utf8")
    return [{ path: relative(root, path), text, lines: text.split("\n").length - 1 }]
  })
}

export const folders = (path: string): string[] =>
  existsSync(join(root, path))
    ? readdirSync(join(root, path), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && !passedOver.has(entry.name))
        .map((entry) => entry.name)
    : []

export interface Parsed {
  /** Every module named in an import or a re-export, dynamic ones with a plain string included. */
  imports: string[]
  functions: { name: string; line: number; lines: number }[]
}

// biome-ignore lint/suspicious/noExplicitAny: nodes of many shapes, of which a few fields are looked at
type Node = any

export function parse({ path, text }: SourceFile): Parsed {
  const { program, errors } = parseSync(path, text)
  if (errors[0] !== undefined) throw new Error(`${path}: ${errors[0].message}`)
  const parsed: Parsed = { imports: [], functions: [] }
  const lineOf = (offset: number): number => text.slice(0, offset).split("\n").length
  walk(program, "", (node, name) => {
    if (/^(Import|Export)/.test(node.type) && typeof node.source?.value === "string")
      parsed.imports.push(node.source.value)
    if (/Function/.test(node.type) && node.body?.type === "BlockStatement") {
      const line = lineOf(node.start)
      parsed.functions.push({ name: node.id?.name ?? name, line, lines: lineOf(node.end) - line + 1 })
    }
  })
  return parsed
}

/** `name` is what the nearest declaration around the node is called. */
function walk(node: Node, name: string, see: (node: Node, name: string) => void): void {
  if (Array.isArray(node)) for (const each of node) walk(each, name, see)
  if (typeof node?.type !== "string") return
  see(node, name)
  const own = node.key?.name ?? node.id?.name ?? name
  for (const child of Object.values(node)) if (typeof child === "object" && child !== null) walk(child, own, see)
}
