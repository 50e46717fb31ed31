import type { Endpoint } from "@causeway/contract/endpoint"
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv"
import type { TSchema } from "typebox"
import { HttpError } from "./errors.ts"

// Nothing is coerced, removed or filled in: what a client sent is what is judged (Fastify's defaults turn null into "").
const strict = new Ajv({
  coerceTypes: false,
  removeAdditional: false,
  useDefaults: false,
  allErrors: false,
  strict: false,
  verbose: true,
})
// Multipart fields and query parameters are always strings.
const coercing = new Ajv({
  coerceTypes: "array",
  removeAdditional: false,
  useDefaults: false,
  allErrors: false,
  strict: false,
  verbose: true,
})

export type Check = (value: unknown, coerce: boolean) => void

/**
 * A check of `schema` that throws 400 with the field's name: `where` is what the field's path starts with ("body"). It is compiled when it is first
 * needed: a process is asked a few of its operations, and to compile all of them takes most of its start.
 */
export function compileCheck(schema: TSchema, where: string): Check {
  const exact = onFirstUse(() => strict.compile(schema))
  const lenient = onFirstUse(() => coercing.compile(schema))
  return (value, coerce) => {
    const validate = coerce ? lenient() : exact()
    if (!validate(value)) throw describe(validate, where, value)
  }
}

function onFirstUse<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** A check of what a handler is about to answer: its status is in the contract, and its body, as JSON, has the shape described there. */
export function compileAnswerCheck(endpoint: Endpoint): (answer: { status: number; body?: unknown }) => void {
  const checks = new Map(
    Object.entries(endpoint.responses).map(([status, schema]) => [Number(status), schema && strict.compile(schema)]),
  )
  const name = `${endpoint.method} ${endpoint.path}`
  return ({ status, body }) => {
    if (status >= 400 && !checks.has(status)) return // refusals have their own form, `_error` or OAuth's
    const validate = checks.get(status)
    if (validate === undefined) throw new Error(`${name} answered ${status}, which its contract does not know`)
    if (validate === null && body !== undefined)
      throw new Error(`${name} answered ${status} with a body, which its contract does not know`)
    const sent: unknown = body === undefined ? undefined : JSON.parse(JSON.stringify(body))
    if (validate && body !== undefined && !validate(sent))
      throw new Error(
        `${name} answered ${status} off its contract: ${JSON.stringify(validate.errors?.map(({ instancePath, message, params }) => ({ instancePath, message, params })))}`,
      )
  }
}

function describe(validate: ValidateFunction, where: string, value: unknown): HttpError {
  if (value === undefined)
    return new HttpError(400, `Body did not satisfy requirements: ${where} is missing`, {
      details: [`${where} is missing`],
    })
  const error = mostTelling(validate.errors ?? [])
  const sentence = error === undefined ? `${where} is not as described` : sentenceOf(error, where)
  return new HttpError(400, `Body did not satisfy requirements: ${sentence}`, { details: [sentence] })
}

/**
 * Of a union's complaints, the one that went deepest into the value: it is about the branch that was meant. "Or null" was never meant. Where all that
 * is wrong is the word, the union itself knows every word it takes.
 */
function mostTelling(errors: ErrorObject[]): ErrorObject | undefined {
  const meant = errors.filter((error) => !(error.keyword === "type" && error.params.type === "null"))
  const branches = meant.filter((error) => error.keyword !== "anyOf" && error.keyword !== "const")
  const unions = meant.filter((error) => error.keyword === "anyOf")
  const candidates = branches.length > 0 ? branches : unions.length > 0 ? unions : errors
  return candidates.toSorted((a, b) => depth(b) - depth(a))[0]
}

const depth = (error: ErrorObject): number =>
  error.instancePath.split("/").length + (error.keyword === "required" ? 1 : 0)

function sentenceOf(error: ErrorObject, where: string): string {
  const path =
    where +
    error.instancePath
      .split("/")
      .slice(1)
      .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
      .join("")
  switch (error.keyword) {
    case "required":
      return `${path}.${error.params.missingProperty} is required`
    case "type":
      return `${path} must be ${article(String(error.params.type))}, was ${kindOf(error.data)}`
    case "const":
    case "enum":
    case "anyOf":
      return `${path} must be ${choices(error)}`
    case "maxLength":
      return `${path} is longer than ${error.params.limit} characters`
    case "minLength":
      return `${path} must not be empty`
    default:
      return `${path} ${error.message ?? "is not as described"}`
  }
}

const article = (type: string): string =>
  type === "object" || type === "array" || type === "integer" ? `an ${type}` : `a ${type}`

function kindOf(value: unknown): string {
  if (value === null) return "null"
  return Array.isArray(value) ? "an array" : article(typeof value)
}

function choices(error: ErrorObject): string {
  const branches: { const?: unknown; type?: string }[] = (error.parentSchema as { anyOf?: object[] } | undefined)
    ?.anyOf ?? [{ const: error.params.allowedValue }]
  const words = branches.map((branch) =>
    branch.const === undefined ? article(branch.type ?? "value") : String(branch.const),
  )
  return `one of: ${words.join(", ")}`
}
