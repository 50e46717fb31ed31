import { readFileSync } from "node:fs"
import { Ajv, type ValidateFunction } from "ajv"
import { findReference } from "../reference.ts"
import corrections from "./corrections.json" with { type: "json" }

// biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document
type Json = any

/**
 * Checks of answers against the vendor's own OpenAPI documents, by operation; null where the documents are not at hand. The documents are OpenAPI 3.0:
 * `nullable` becomes a type, also beside a `$ref`, where 3.0 ignores it but the prose and recorded answers mean it.
 */
export function vendorChecks(): ((operation: string, status: number, body: unknown) => string[]) | null {
  const files = ["core-api.json", "channel-api.json"].map(findReference)
  if (files.some((file) => file === null)) return null
  const checks = new Map<string, ValidateFunction | null>()
  for (const file of files as string[]) {
    const document = JSON.parse(readFileSync(file, "utf8"))
    correct(document.components.schemas)
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
    ajv.addSchema({ $id: "document", components: { schemas: convert(document.components.schemas) } })
    for (const [route, methods] of Object.entries<Json>(document.paths))
      for (const [method, operation] of Object.entries<Json>(methods)) {
        if (!/^(get|post|put|patch|delete)$/.test(method)) continue
        for (const [status, answer] of Object.entries<Json>(operation.responses)) {
          const schema = follow(document, answer).content?.["application/json"]?.schema
          const key = `${method.toUpperCase()} ${route.replace(/\/$/, "")} ${status}`
          checks.set(key, schema ? ajv.compile(convert(schema)) : null)
        }
      }
  }
  return (operation, status, body) => {
    const check = checks.get(`${operation} ${status}`)
    if (!check || check(body)) return []
    return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath || "/"} ${message}`)
  }
}

/** Where a schema is one of several, what corrections.json knows of it must be in the schema itself: one wrong field, and it is none of them. */
function correct(schemas: Json): void {
  for (const [name, fields] of Object.entries<object>(corrections.nullable))
    for (const field of Object.keys(fields)) {
      const path = field.split(".").flatMap((key) => ["properties", key])
      const schema = path.reduce((at: Json, key) => at?.[key], schemas[name])
      if (schema) schema.nullable = true
    }
  for (const schema of Object.values<Json>(schemas))
    if (schema.required && schema.properties)
      schema.required = schema.required.filter((field: string) => !(field in corrections.undefined))
}

function follow(document: Json, schema: Json): Json {
  if (!schema?.$ref) return schema ?? {}
  return follow(
    document,
    schema.$ref
      .split("/")
      .slice(1)
      .reduce((at: Json, key: string) => at[key], document),
  )
}

function convert(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(convert)
  if (typeof schema !== "object" || schema === null) return schema
  const { nullable, $ref, example: _example, ...rest } = schema
  // Their oneOf is meant as "any of these": InboxResponse requires nothing, so that everything with an id is one too.
  const converted = Object.fromEntries(
    Object.entries(rest).map(([key, part]) => [key === "oneOf" ? "anyOf" : key, convert(part)]),
  )
  if ($ref) {
    const target = { $ref: $ref.replace("#/", "document#/") }
    return nullable === true ? { anyOf: [target, { type: "null" }] } : target
  }
  if (nullable !== true) return converted
  return { anyOf: [{ ...converted, ...(converted.enum && { enum: converted.enum }) }, { type: "null" }] }
}
