import { readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { findReference } from "../reference.ts"
import corrections from "./corrections.json" with { type: "json" }
import type { Facts, Field, Operation } from "./facts.ts"

/**
 * Draws from the vendor's OpenAPI documents the facts that conformance is judged by: which operations there are, what they answer, which fields an answer
 * must have, and which may be null. Run by hand when the documents change: CAUSEWAY_REFERENCE=DIR node test/conformance/make-facts.ts
 */

/** What Causeway leaves out, by the path's beginning; docs/compatibility.md says why. */
const outOfScope = [
  /^\/accounts/,
  /^\/analytics/,
  /^\/applications/,
  /^\/knowledge_base/,
  /^\/teammate_groups/,
  /time_offs/,
  /(^|\/)views/,
]

// biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document
type Json = any

const schemas: Record<string, Record<string, Field>> = {}
const operations: Record<string, Operation> = {}

for (const file of ["channel-api.json", "core-api.json"]) {
  const path = findReference(file)
  if (path === null) process.exit(1)
  const document = JSON.parse(readFileSync(path, "utf8"))
  for (const [route, methods] of Object.entries<Json>(document.paths)) {
    if (outOfScope.some((pattern) => pattern.test(route))) continue
    for (const [method, operation] of Object.entries<Json>(methods)) {
      if (!/^(get|post|put|patch|delete)$/.test(method)) continue
      const key = `${method.toUpperCase()} ${route.replace(/\/$/, "")}`
      // One path and verb is in both documents, with two bodies.
      const apis = [...(operations[key]?.apis ?? []), file.startsWith("channel") ? "channel" : "core"] as const
      operations[key] = { ...answerOf(document, operation, key), apis }
    }
  }
}

function answerOf(document: Json, operation: Json, key: string): { status: number; schema: string | null } {
  const [status, answer] = Object.entries<Json>(operation.responses).find(([code]) => code.startsWith("2")) as [
    string,
    Json,
  ]
  const schema = follow(document, answer).content?.["application/json"]?.schema
  if (schema === undefined) return { status: Number(status), schema: null }
  return { status: Number(status), schema: noteSchema(document, schema, key) }
}

/** Notes a schema's fields under its name in the document, once; `fallback` names those that have none. */
function noteSchema(document: Json, schema: Json, fallback: string): string {
  const name = schema.$ref ? schema.$ref.split("/").at(-1) : fallback
  if (name in schemas) return name
  const fields: Record<string, Field> = {}
  schemas[name] = fields // before its parts, which may lead back to it
  noteFields(document, merge(document, schema), "", fields, name)
  return name
}

function noteFields(document: Json, at: Json, prefix: string, fields: Record<string, Field>, owner: string): void {
  for (const [name, property] of Object.entries<Json>(at.properties ?? {})) {
    const one = merge(document, property)
    const isNullable = one.nullable === true || property.nullable === true || (one.enum ?? []).includes(null)
    const marks = `${(at.required ?? []).includes(name) ? "!" : ""}${isNullable ? "?" : ""}`
    const path = `${prefix}${name}`
    const item = one.type === "array" ? (one.items ?? {}) : null
    const inner = item === null ? one : merge(document, item)
    const source = item ?? property
    const isShared = source.$ref !== undefined && inner.properties !== undefined
    const type = isShared ? `@${noteSchema(document, source, owner)}` : typeOf(inner)
    fields[path] = `${type}${item === null ? "" : "[]"}${marks}`
    if (!isShared && inner.properties) noteFields(document, inner, `${path}.`, fields, owner)
  }
}

function follow(document: Json, schema: Json): Json {
  if (!schema?.$ref) return schema ?? {}
  const found = schema.$ref
    .split("/")
    .slice(1)
    .reduce((at: Json, key: string) => at[key], document)
  return follow(document, found)
}

function merge(document: Json, schema: Json): Json {
  const at = follow(document, schema)
  if (at.allOf === undefined) return at
  const whole: Json = { ...at, properties: { ...at.properties }, required: [...(at.required ?? [])] }
  for (const part of at.allOf) {
    const { properties = {}, required = [], ...rest } = merge(document, part)
    Object.assign(whole, rest)
    Object.assign(whole.properties, properties)
    whole.required.push(...required)
  }
  return whole
}

function typeOf(schema: Json): string {
  if (schema.oneOf || schema.anyOf || schema.type === undefined) return schema.properties ? "object" : "any"
  return schema.type
}

for (const [schema, fields] of Object.entries(corrections.nullable))
  for (const field of Object.keys(fields)) {
    const known = schemas[schema]?.[field]
    if (known === undefined) throw new Error(`corrections.json names ${schema}.${field}, which is not there`)
    if (!known.includes("?")) (schemas[schema] as Record<string, Field>)[field] = `${known}?`
  }

for (const fields of Object.values(schemas))
  for (const name of Object.keys(corrections.types))
    if (fields[name] !== undefined) fields[name] = fields[name].replace(/^\w+/, "any")

const facts: Facts = { operations, schemas }
writeFileSync(fileURLToPath(new URL("facts.json", import.meta.url)), `${JSON.stringify(facts, null, 1)}\n`)
process.stdout.write(`${Object.keys(operations).length} operations, ${Object.keys(schemas).length} answers\n`)
