import type { World } from "./command.ts"

/** Rows under a head, columns wide enough for their longest cell; nothing after the last one. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], empty = "nothing yet"): string {
  if (rows.length === 0) return `${empty}\n`
  const all = [head, ...rows]
  const widths = head.map((_, i) => Math.max(...all.map((row) => (row[i] ?? "").length)))
  return all
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("")
}

/** `name  value` lines. */
export function fields(values: Record<string, unknown>): string {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined)
  const width = Math.max(...entries.map(([name]) => name.length))
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${plain(value)}\n`).join("")
}

const plain = (value: unknown): string =>
  value === null ? "–" : typeof value === "object" ? JSON.stringify(value) : String(value)

/** `14:31:58`, local time, of seconds since 1970. */
export function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toTimeString().slice(0, 8)
}

const codes = { red: 31, green: 32, yellow: 33, dim: 2 }

/** Colours on a terminal that wants them, and the text itself elsewhere. */
export function paint(world: World, colour: keyof typeof codes, text: string): string {
  return world.hasColours ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text
}

/** Seconds of `90s`, `15m`, `2h`, `1d`; null: it is none of these. */
export function parseDuration(text: string): number | null {
  const match = /^(\d{1,7})(s|m|h|d)?$/.exec(text)
  if (match === null) return null
  return Number(match[1]) * { s: 1, m: 60, h: 3600, d: 86_400 }[(match[2] ?? "s") as "s" | "m" | "h" | "d"]
}

const barChars = 20

/** `████░░ 104/132  12 s left`: over the line before it on a terminal, and on a new line when it is done; else a line of its own each time. */
export function progressText(
  columns: number | null,
  { done, of, note }: { done: number; of: number; note: string },
): string {
  const isDone = done >= of
  const said = `${done}/${of}${isDone ? "" : `   ${note}`}`
  if (columns === null) return `${said}\n`
  const full = of === 0 ? barChars : Math.floor((barChars * done) / of)
  const line = `${"█".repeat(full)}${"░".repeat(barChars - full)} ${said}`
  return `\r\u001b[K${line.slice(0, columns - 1)}${isDone ? "\n" : ""}`
}
