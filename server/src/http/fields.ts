import { HttpError } from "./errors.ts"
import { refuseKey } from "./json.ts"

type Tree = { [key: string]: Tree | string } | (Tree | string)[]

/**
 * Form field names with brackets, as clients write them: `metadata[external_id]`, `to[0][handle]`, `to[][handle]`, `to[handle]`, `to[]`.
 * Returns plain nested objects and arrays of strings. Under `[]` a key that repeats starts the next item.
 */
export function nestFields(fields: readonly (readonly [name: string, value: string])[]): Record<string, unknown> {
  const root: Record<string, Tree | string> = {}
  for (const [name, value] of fields) {
    const path = pathOf(name)
    if (path !== null) put(root, path, value, name)
  }
  return arraysWhereIndexed(root) as Record<string, unknown>
}

const depthMax = 8

function pathOf(name: string): string[] | null {
  const head = /^[^[\]]+/.exec(name)?.[0]
  if (head === undefined) return null
  const path = [head]
  let rest = name.slice(head.length)
  while (rest !== "") {
    const bracket = /^\[([^[\]]*)\]/.exec(rest)
    if (bracket === null)
      throw new HttpError(400, `Body has a field whose brackets do not match: ${name.slice(0, 100)}`)
    path.push(bracket[1] ?? "")
    rest = rest.slice(bracket[0].length)
  }
  if (path.length > depthMax) throw new HttpError(400, `Body has a field nested deeper than ${depthMax} levels`)
  for (const key of path) refuseKey(key)
  return path
}

function put(root: Record<string, Tree | string>, path: string[], value: string, name: string): void {
  let node = root
  for (const [i, rawKey] of path.entries()) {
    const key = rawKey === "" ? openItem(node, path.slice(i + 1)) : rawKey
    if (i === path.length - 1) {
      if (node[key] !== undefined && typeof node[key] !== "string")
        throw new HttpError(400, `Body uses ${name.slice(0, 100)} both as a value and as a group`)
      node[key] = value
      return
    }
    node[key] ??= {}
    const next = node[key]
    if (typeof next === "string")
      throw new HttpError(400, `Body uses ${name.slice(0, 100)} both as a value and as a group`)
    node = next as Record<string, Tree | string>
  }
}

/** The index that `[]` means here: the last item while it lacks this key, else a new one. */
function openItem(node: Record<string, Tree | string>, rest: string[]): string {
  const last = Object.keys(node).length - 1
  const item = node[String(last)]
  const key = rest[0]
  if (
    item !== undefined &&
    typeof item === "object" &&
    key !== undefined &&
    key !== "" &&
    (item as Record<string, unknown>)[key] === undefined
  )
    return String(last)
  return String(last + 1)
}

function arraysWhereIndexed(node: Tree | string): unknown {
  if (typeof node === "string") return node
  const entries = Object.entries(node)
  if (entries.length > 0 && entries.every(([key]) => /^\d{1,4}$/.test(key))) {
    return entries
      .toSorted(([a], [b]) => Number(a) - Number(b))
      .map(([, value]) => arraysWhereIndexed(value as Tree | string))
  }
  return Object.fromEntries(entries.map(([key, value]) => [key, arraysWhereIndexed(value as Tree | string)]))
}
