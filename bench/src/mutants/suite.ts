import { isDeepStrictEqual } from "node:util"

/**
 * As much of Vitest as the unit tests of decisions use, so that they run hundreds of times in one process. Whatever they use beyond it throws, and then
 * the tests fail with the unchanged source already, which is looked at first.
 */
type Work = (...args: never[]) => void | Promise<void>

const tests: { name: string; work: Work; args: unknown[] }[] = []

/** Runs the tests that were collected since the last call. Returns the name of the first that fails, or null. */
export async function runCollected(): Promise<string | null> {
  const collected = tests.splice(0)
  if (collected.length === 0) throw new Error("no tests were collected")
  for (const { name, work, args } of collected) {
    try {
      await work(...(args as never[]))
    } catch (error) {
      return `${name}: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`
    }
  }
  return null
}

const each =
  (rows: readonly unknown[]) =>
  (name: string, work: Work): void => {
    for (const row of rows) tests.push({ name, work, args: Array.isArray(row) ? row : [row] })
  }

export const test = Object.assign((name: string, work: Work): void => void tests.push({ name, work, args: [] }), {
  each,
})
export const describe = (_name: string, collect: () => void): void => collect()

const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 200) ?? String(value)

function hold(holds: boolean, what: string, actual: unknown, expected?: unknown): void {
  if (!holds) throw new Error(`${shown(actual)} ${what} ${shown(expected)}`)
}

export function expect(actual: unknown) {
  const holding = (is: boolean) => ({
    toBe: (expected: unknown) => hold(Object.is(actual, expected) === is, "toBe", actual, expected),
    toEqual: (expected: unknown) =>
      hold(isDeepStrictEqual(plain(actual), plain(expected)) === is, "toEqual", actual, expected),
    toMatchObject: (expected: unknown) => hold(matches(actual, expected) === is, "toMatchObject", actual, expected),
    toBeNull: () => hold((actual === null) === is, "toBeNull", actual),
    toHaveLength: (length: number) =>
      hold(((actual as { length: number }).length === length) === is, "toHaveLength", actual, length),
    toBeGreaterThan: (least: number) => hold((actual as number) > least === is, "toBeGreaterThan", actual, least),
    toBeLessThan: (most: number) => hold((actual as number) < most === is, "toBeLessThan", actual, most),
  })
  return { ...holding(true), not: holding(false) }
}

/** Without fields that are undefined, which `toEqual` does not see. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, field]) => (field === undefined ? [] : [[name, plain(field)]])),
  )
}

/** Lists in full, objects in what is expected of them. */
function matches(actual: unknown, expected: unknown): boolean {
  if (typeof expected !== "object" || expected === null || expected instanceof Date)
    return isDeepStrictEqual(actual, expected)
  if (typeof actual !== "object" || actual === null) return false
  if (Array.isArray(expected) && (!Array.isArray(actual) || actual.length !== expected.length)) return false
  return Object.entries(expected).every(([name, field]) => matches((actual as Record<string, unknown>)[name], field))
}
