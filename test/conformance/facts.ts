import facts from "./facts.json" with { type: "json" }

/**
 * One field of an answer: a type, `[]` after it for a list of such, `!` when the object around it must have it, `?` when it may be null. Types: string,
 * number, integer, boolean, object, any, and `@Name` for another schema of the facts.
 */
export type Field = string

export interface Operation {
  apis: readonly ("channel" | "core")[]
  /** Of a success. */
  status: number
  /** Its body; null: none. */
  schema: string | null
}

/** What the vendor's documents say of the operations in scope; made by make-facts.ts. Fields of inner objects have dotted names. */
export interface Facts {
  operations: Record<string, Operation>
  schemas: Record<string, Record<string, Field>>
}

export const { operations, schemas } = facts as Facts

/** What is wrong with an answer's body, one sentence a field. Fields that the documents do not know are welcome. */
export function problemsOf(schema: string, body: unknown, where = ""): string[] {
  return Object.entries(schemas[schema] ?? {}).flatMap(([path, field]) => {
    const owner = path
      .split(".")
      .slice(0, -1)
      .reduce<unknown>((at, name) => read(at, name), body)
    // An inner object that is absent or null is judged by its own field; a list of them is walked.
    return (Array.isArray(owner) ? owner : [owner]).flatMap((each) =>
      typeof each === "object" && each !== null
        ? judge(read(each, path.split(".").at(-1) as string), field, where + path)
        : [],
    )
  })
}

const read = (at: unknown, name: string): unknown =>
  Array.isArray(at)
    ? at.flatMap((each) => read(each, name) ?? [])
    : (at as Record<string, unknown> | null | undefined)?.[name]

function judge(value: unknown, field: Field, path: string): string[] {
  const [, type = "any", list, marks = ""] = /^(@?\w+)(\[\])?([!?]*)$/.exec(field) ?? []
  if (value === undefined) return marks.includes("!") ? [`${path} is missing`] : []
  if (value === null) return marks.includes("?") || type === "any" ? [] : [`${path} is null`]
  if (!list) return judgeOne(value, type, path)
  if (!Array.isArray(value)) return [`${path} is no list`]
  return value.flatMap((each, i) => judgeOne(each, type, `${path}[${i}]`))
}

function judgeOne(value: unknown, type: string, path: string): string[] {
  if (type.startsWith("@")) {
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value)
    return isObject ? problemsOf(type.slice(1), value, `${path}.`) : [`${path} is no object`]
  }
  const found = Array.isArray(value) ? "array" : value === null ? "null" : typeof value
  const wanted = type === "integer" ? "number" : type
  return wanted === "any" || wanted === found ? [] : [`${path} is ${found}, not ${type}`]
}
