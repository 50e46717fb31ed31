import { invalid } from "./errors.ts"
import { nestFields } from "./fields.ts"
import { parseJson } from "./json.ts"

/**
 * The vendor's search object of a list: `q` as JSON (`q={"types":["web"]}`) or in brackets (`q[types][]=web`, `q[types]=web`); `query` is the whole
 * query of the request. Throws 400 for text that is no object. Source: Core API parameters *Query.
 */
export function readQ(query: object): Record<string, unknown> {
  const fields = Object.entries(query as Record<string, string | string[]>).flatMap(([name, value]) =>
    name.startsWith("q[") ? [value].flat().map((text) => [listed(name, value), String(text)] as const) : [],
  )
  const inBrackets = nestFields(fields).q as Record<string, unknown> | undefined
  const { q } = query as { q?: string }
  if (q === undefined || q === "") return inBrackets ?? {}
  if (!q.trimStart().startsWith("{"))
    throw invalid("query.q", 'must be an object, as {"types":["web"]} or q[types][]=web')
  return { ...inBrackets, ...(parseJson(Buffer.from(q)) as Record<string, unknown>) }
}

/** `q[statuses]=a&q[statuses]=b` is a list as well. */
const listed = (name: string, value: string | string[]): string =>
  Array.isArray(value) && !name.endsWith("[]") ? `${name}[]` : name

/** A list of words in a search object, or one word; null when it is not there. */
export function wordsOf(value: unknown, field: string): string[] | null {
  if (value === undefined || value === null) return null
  const words = Array.isArray(value) ? value : [value]
  if (words.length > 100) throw invalid(field, "names more than 100")
  if (!words.every((word) => typeof word === "string")) throw invalid(field, "must be a list of strings")
  return words as string[]
}
