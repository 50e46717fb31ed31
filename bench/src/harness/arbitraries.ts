import type { Endpoint } from "@causeway/contract/endpoint"
import fc from "fast-check"

/** One request as it is tried: everything that a client decides. */
export interface Tried {
  path: string
  /** JSON text, so that keys and numbers are written as chosen; null: none. */
  json: string | null
}

/** Ids of things that are there, that another company has, and that nobody has. */
export interface Known {
  ids: readonly string[]
  /** The id that a path parameter or field of this name would have. */
  of(name: string): string | null
}

// biome-ignore lint/suspicious/noExplicitAny: schemas of every kind
type Schema = any

const odd = [
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "😀".repeat(20),
  "\u202eevil",
  "__proto__",
  "constructor",
  "null",
  "NaN",
  "-0",
  "1e999",
  "9007199254740993",
  "../../etc/passwd",
  "%00",
  "%",
  "'; drop table message; --",
  "<script>alert(1)</script>",
  "{{recipient.name}}",
  "alt:email:nobody@example.test",
  "alt:uid:x",
  "alt:",
  "a".repeat(300),
]

const anyString = (known: Known): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 30 }),
    fc.string({ unit: "binary", maxLength: 30 }),
    fc.constantFrom(...odd),
    fc.constantFrom(...known.ids),
  )

/** Values of no schema: each kind of JSON, and what breaks careless readers of it. */
const junk = (known: Known): fc.Arbitrary<unknown> =>
  fc.oneof(
    anyString(known),
    fc.constantFrom(
      null,
      true,
      false,
      0,
      -1,
      1.5,
      1e308,
      Number.MAX_SAFE_INTEGER + 2,
      -0.0000001,
      [],
      {},
      [[]],
      [null],
      {
        a: { b: { c: {} } },
      },
    ),
    fc.jsonValue({ maxDepth: 3 }),
    fc.constant("x".repeat(20_000)),
  )

/** A value that the schema takes, most of the time; at every level something else now and then. */
export function valueFor(schema: Schema, known: Known, name = ""): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 12, arbitrary: fitting(schema, known, name) }, { weight: 1, arbitrary: junk(known) })
}

function fitting(schema: Schema, known: Known, name: string): fc.Arbitrary<unknown> {
  if ("const" in schema) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((part: Schema) => fitting(part, known, name)))
  switch (schema.type) {
    case "object":
      return objectOf(schema, known)
    case "array":
      return fc.array(valueFor(schema.items ?? {}, known, name), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 5, (schema.minItems ?? 0) + 4),
      })
    case "string":
      return stringOf(schema, known, name)
    case "integer":
      return fc.integer({ min: bounded(schema.minimum, -1e15), max: bounded(schema.maximum, 1e15) })
    case "number":
      return fc.double({
        min: bounded(schema.minimum, -1e15),
        max: bounded(schema.maximum, 1e15),
        noNaN: true,
        noDefaultInfinity: true,
      })
    case "boolean":
      return fc.boolean()
    case "null":
      return fc.constant(null)
    default:
      return junk(known)
  }
}

const bounded = (value: number | undefined, fallback: number): number =>
  Math.max(-1e15, Math.min(1e15, value ?? fallback))

function stringOf(schema: Schema, known: Known, name: string): fc.Arbitrary<string> {
  const id = known.of(name)
  const long = typeof schema.maxLength === "number" && schema.maxLength <= 5_000
  return fc.oneof(
    ...(id === null ? [] : [{ weight: 6, arbitrary: fc.constant(id) }]),
    { weight: 4, arbitrary: fc.string({ unit: "grapheme", minLength: schema.minLength ?? 0, maxLength: 40 }) },
    { weight: 1, arbitrary: anyString(known) },
    ...(long
      ? [{ weight: 1, arbitrary: fc.constantFrom("é".repeat(schema.maxLength), "x".repeat(schema.maxLength + 1)) }]
      : []),
    ...(schema.pattern ? [{ weight: 6, arbitrary: fc.stringMatching(new RegExp(schema.pattern)) }] : []),
  )
}

/** Required fields nearly always, the others half the time, and now and then a field that nobody knows. */
function objectOf(schema: Schema, known: Known): fc.Arbitrary<unknown> {
  const properties: [string, Schema][] = Object.entries(schema.properties ?? {})
  const required = new Set<string>(schema.required ?? [])
  const fields = properties.map(([name, property]) =>
    fc
      .option(valueFor(property, known, name), { nil: undefined, freq: required.has(name) ? 40 : 1 })
      .map((value) => [name, value] as const),
  )
  const extra = fc.oneof(
    { weight: 8, arbitrary: fc.constant([] as [string, unknown][]) },
    { weight: 1, arbitrary: fc.array(fc.tuple(anyString(known), junk(known)), { maxLength: 2 }) },
  )
  return fc
    .tuple(extra, ...fields)
    .map(([more, ...entries]) => Object.fromEntries([...entries, ...more].filter(([, value]) => value !== undefined)))
}

/** What `JSON.stringify` writes, with a key that no object literal can have, or cut short, once in a while. */
const textOf = (value: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  fc.tuple(value, fc.integer({ min: 0, max: 60 })).map(([body, dice]) => {
    const text = JSON.stringify(body) ?? "null"
    if (dice === 0) return text.slice(0, -1)
    if (dice === 1) return text.replace(/^\{/, '{"__proto__":{"admin":true},')
    if (dice === 2) return "[".repeat(200) + "]".repeat(200)
    return text
  })

/** Addresses stay below the 16 KiB that Node reads of a request's head: beyond it the answer is 431 and the connection ends, whatever is asked. */
export function requestOf(endpoint: Endpoint, known: Known): fc.Arbitrary<Tried> {
  const names = [...endpoint.path.matchAll(/:(\w+)/g)].map(([, name]) => name as string)
  const params = fc.tuple(...names.map((name) => stringOf({ maxLength: 400 }, known, name)))
  const query = endpoint.query ? objectOf(endpoint.query, known) : fc.constant({})
  const body = endpoint.body ? textOf(valueFor(endpoint.body, known)) : fc.constant(null)
  return fc.tuple(params, query, body).map(([values, search, json]) => {
    let i = 0
    const path = endpoint.path.replace(/:\w+/g, () => encode(String(values[i++])) || "%20")
    const pairs = Object.entries(search as Record<string, unknown>).map(
      ([name, value]) =>
        `${encode(name.slice(0, 200))}=${encode((typeof value === "string" ? value : JSON.stringify(value)).slice(0, 1500))}`,
    )
    return { path: pairs.length > 0 ? `${path}?${pairs.join("&")}` : path, json }
  })
}

/** A lone surrogate has no UTF-8: it is sent as the bytes a careless client would send. */
const encode = (text: string): string =>
  encodeURIComponent(
    text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd"),
  ).replace(/^\.{1,2}$/, "%2E")
