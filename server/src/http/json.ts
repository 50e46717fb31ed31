import { jsonDepthMax } from "@causeway/contract/limits"
import { HttpError } from "./errors.ts"

/**
 * A JSON body from outside: empty means no body; keys that could reach an object's prototype are refused, and so is deep nesting.
 * The parser's own sentence goes to the caller, as the vendor's does for malformed JSON.
 */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined
  const text = decode(bytes)
  if (text.trim() === "") return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new HttpError(400, `Body is not JSON: ${(error as Error).message}`)
  }
  check(value, 0)
  return value
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch {
    throw new HttpError(400, "Body is not UTF-8")
  }
}

function check(value: unknown, depth: number): void {
  if (typeof value === "string") {
    refuseUnstorable(value)
    return
  }
  if (value === null || typeof value !== "object") return
  if (depth >= jsonDepthMax) throw new HttpError(400, `Body is nested deeper than ${jsonDepthMax} levels`)
  if (Array.isArray(value)) {
    for (const item of value) check(item, depth + 1)
    return
  }
  for (const key of Object.keys(value)) {
    refuseKey(key)
    check((value as Record<string, unknown>)[key], depth + 1)
  }
}

/** `__proto__` as a key becomes an own property after JSON.parse, and a hole once somebody copies it. */
export function refuseKey(key: string): void {
  if (key === "__proto__" || key === "constructor" || key === "prototype")
    throw new HttpError(400, `Body must not have a key named ${key}`)
  refuseUnstorable(key)
}

/** PostgreSQL's text holds every character but U+0000, and UTF-8 has no way to write half of a surrogate pair. */
export function refuseUnstorable(text: string, where = "Body"): void {
  if (text.includes("\u0000")) throw new HttpError(400, `${where} must not contain the character U+0000`)
  if (!text.isWellFormed()) throw new HttpError(400, `${where} must not contain half of a surrogate pair`)
}
