import { type AppChange, type AppView, type Feature, features } from "@causeway/contract/endpoints/apps"
import { developerWords } from "../../developer-words.ts"
import { brokenLine } from "./json.ts"

const said = developerWords.types.known

/** What can be said of an app in its manifest: as the API takes it. */
export type Manifest = Pick<
  AppChange,
  "name" | "webhook_url" | "contact_type" | "composer" | "strict" | "server_auth"
> & { features?: Feature[] }

export interface ManifestProblem {
  /** From 1. */
  line: number
  problem: string
}

export const manifestOf = (app: AppView): Manifest => ({
  name: app.name,
  webhook_url: app.webhook_url,
  contact_type: app.contact_type,
  composer: app.composer,
  features: app.features as Manifest["features"],
  strict: app.strict,
  server_auth: app.server_auth,
})

/** The manifest as YAML. */
export function printManifest(manifest: Manifest): string {
  const lines = Object.entries(manifest).flatMap(([name, value]): string[] => {
    if (Array.isArray(value)) return [`${name}:`, ...value.map((item) => `  - ${item}`)]
    if (typeof value === "object" && value !== null)
      return [`${name}:`, ...Object.entries(value).map(([key, inner]) => `  ${key}: ${scalar(inner)}`)]
    return [`${name}: ${scalar(value)}`]
  })
  return `${lines.join("\n")}\n`
}

/** Bare where it is read back as the same text. */
function scalar(value: unknown): string {
  const text = String(value)
  return typeof value === "string" &&
    (!/^[A-Za-z/][\w /.@:+-]*$/.test(text) || / #|: |:$|^(true|false|null|yes|no)$/i.test(text) || text !== text.trim())
    ? JSON.stringify(text)
    : text
}

type Value = string | number | boolean | null | Value[] | { [name: string]: Value }
interface Line {
  number: number
  indent: number
  text: string
}

class LineError extends Error {
  readonly line: number
  constructor(line: number, problem: string) {
    super(problem)
    this.line = line
  }
}

/** Reads YAML as far as manifests need it (maps, lists, scalars, comments), or JSON; problems name their line. */
export function readManifest(text: string): { manifest: Manifest } | { problems: ManifestProblem[] } {
  const places = new Map<string, number>()
  try {
    const value = text.trimStart().startsWith("{") ? readJson(text, places) : readYaml(text, places)
    const problems = check(value, places)
    return problems.length > 0 ? { problems } : { manifest: value as Manifest }
  } catch (error) {
    if (!(error instanceof LineError)) throw error
    return { problems: [{ line: error.line, problem: error.message }] }
  }
}

function readJson(text: string, places: Map<string, number>): Value {
  for (const [i, line] of text.split("\n").entries()) {
    const name = /^\s*"(\w+)"\s*:/.exec(line)?.[1]
    if (name !== undefined && !places.has(name)) places.set(name, i + 1)
  }
  const line = brokenLine(text)
  if (line !== null) throw new LineError(line, developerWords.types.notJson)
  return JSON.parse(text) as Value
}

function readYaml(text: string, places: Map<string, number>): Value {
  const lines = text.split("\n").flatMap((raw, i): Line[] => {
    const plain = raw.replace(/\r$/, "")
    if (/^\s*(#.*)?$/.test(plain) || plain === "---") return []
    if (/^ *\t/.test(plain)) throw new LineError(i + 1, said.tab)
    const indent = plain.length - plain.trimStart().length
    return [{ number: i + 1, indent, text: plain.trim() }]
  })
  const map = readMap(lines, 0, places)
  return map
}

function readMap(lines: Line[], indent: number, places: Map<string, number>): { [name: string]: Value } {
  const map: { [name: string]: Value } = {}
  while (lines[0] !== undefined && lines[0].indent >= indent) {
    const line = lines.shift() as Line
    const [, name, rest = ""] = /^("?[\w.-]+"?):(?:\s+(.*))?$/.exec(line.text) ?? []
    if (name === undefined || line.indent !== indent) throw new LineError(line.number, said.form)
    const key = name.replaceAll('"', "")
    if (indent === 0) places.set(key, line.number)
    const value = withoutComment(rest)
    map[key] = value === "" ? readBlock(lines, indent, places) : readScalar(value, line.number)
  }
  return map
}

function readBlock(lines: Line[], indent: number, places: Map<string, number>): Value {
  const [first] = lines
  if (first?.text.startsWith("-") && first.indent >= indent) return readList(lines, first.indent)
  return first !== undefined && first.indent > indent ? readMap(lines, first.indent, places) : null
}

function readList(lines: Line[], indent: number): Value[] {
  const list: Value[] = []
  while (lines[0]?.text.startsWith("-") && lines[0].indent === indent) {
    const line = lines.shift() as Line
    list.push(readScalar(withoutComment(line.text.slice(1).trim()), line.number))
  }
  return list
}

const withoutComment = (text: string): string =>
  /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*(?:#.*)?$/.exec(text)?.[1] ??
  (/^["']/.test(text) ? text : text.replace(/(^|\s)#.*$/, "").trim())

function readScalar(text: string, line: number): Value {
  if (text.startsWith("[") && text.endsWith("]"))
    return text
      .slice(1, -1)
      .split(",")
      .filter((item) => item.trim() !== "")
      .map((item) => readScalar(item.trim(), line))
  if (text.startsWith('"') || text.startsWith("[") || text.startsWith("{")) {
    if (brokenLine(text) !== null) throw new LineError(line, developerWords.types.notJson)
    return JSON.parse(text) as Value
  }
  if (text.startsWith("'")) return text.replace(/^'|'$/g, "").replaceAll("''", "'")
  if (/^(true|false)$/.test(text)) return text === "true"
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  return text === "null" || text === "~" ? null : text
}

const oneOf = (values: readonly string[]) => ({
  fits: (value: unknown) => typeof value === "string" && values.includes(value),
  said: values.join(", "),
})
const text = { fits: (value: unknown) => typeof value === "string" && value !== "", said: "text" }

/** The fields of a manifest, and what each may be. The server checks the rest: it knows more. */
const fields: Record<string, { fits(value: unknown): boolean; said: string }> = {
  name: text,
  webhook_url: { fits: (value) => typeof value === "string" && /^https?:\/\/./.test(value), said: "https://…" },
  contact_type: oneOf(["custom", "email", "phone"]),
  composer: oneOf(["basic", "advanced"]),
  features: {
    fits: (value) => Array.isArray(value) && value.every((item) => features.some((feature) => feature === item)),
    said: features.join(", "),
  },
  strict: { fits: (value) => typeof value === "boolean", said: "true, false" },
  server_auth: {
    fits: (value) =>
      ["none", "api_key", "basic", "bearer", "oauth2"].includes((value as { type?: string } | null)?.type ?? ""),
    said: "type: none, api_key, basic, bearer, oauth2",
  },
}

function check(value: Value, places: Map<string, number>): ManifestProblem[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [{ line: 1, problem: said.form }]
  const problems = Object.entries(value).flatMap(([name, inner]): ManifestProblem[] => {
    const line = places.get(name) ?? 1
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (field === undefined) return [{ line, problem: said.unknownField(name) }]
    return field.fits(inner) ? [] : [{ line, problem: said.wrongValue(name, field.said) }]
  })
  const missing = ["name", "webhook_url"].filter((name) => !(name in value))
  return [...problems, ...missing.map((name) => ({ line: 1, problem: said.missing(name) }))].sort(
    (a, b) => a.line - b.line,
  )
}

/** What `to` says otherwise than `from`, as lines of YAML. */
export function changesBetween(from: Manifest, to: Manifest): { name: string; before: string; after: string }[] {
  const shown = (value: unknown): string =>
    typeof value === "string" ? value : value === undefined ? "–" : JSON.stringify(value)
  return Object.keys(fields).flatMap((key) => {
    const name = key as keyof Manifest
    const [before, after] = [shown(from[name]), name in to ? shown(to[name]) : shown(from[name])]
    return before === after ? [] : [{ name, before, after }]
  })
}
