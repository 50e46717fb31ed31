import pg from "pg"

const oids = { int8: 20, date: 1082, timestamptz: 1184, int8Array: 1016, timestamptzArray: 1185 }

type Parser = (text: string) => unknown

/** Our ids and counters stay far below 2^53; a number that does not would be silently another number, so it throws. */
function parseInt8(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new Error(`bigint ${text} does not fit a number`)
  return value
}

const defaultTimestamptz = pg.types.getTypeParser(oids.timestamptz) as Parser

/** 'infinity' becomes the last Date there is: it compares and sorts as everyone expects, and is never "Invalid Date". */
function parseTimestamptz(text: string): Date {
  if (text === "infinity") return new Date(8.64e15)
  if (text === "-infinity") return new Date(-8.64e15)
  return defaultTimestamptz(text) as Date
}

/** Array texts whose elements hold no comma or quote: numbers and timestamps. */
const parseArray =
  <T>(parseElement: (text: string) => T) =>
  (text: string): (T | null)[] =>
    text === "{}"
      ? []
      : text
          .slice(1, -1)
          .split(",")
          .map((element) => (element === "NULL" ? null : parseElement(element.replaceAll('"', ""))))

const ours: Record<number, Parser> = {
  [oids.int8]: parseInt8,
  [oids.date]: (text) => text, // a calendar day has no time zone; a Date would invent one
  [oids.timestamptz]: parseTimestamptz,
  [oids.int8Array]: parseArray(parseInt8),
  [oids.timestamptzArray]: parseArray(parseTimestamptz),
}

/** How column values become ours; see `Tx.query`. */
export const typeParsers = {
  getTypeParser: (oid: number, format?: "text" | "binary") =>
    (format !== "binary" && ours[oid]) || pg.types.getTypeParser(oid, format as "text"),
} as pg.CustomTypesConfig
