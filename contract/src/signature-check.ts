import { createHmac } from "node:crypto"

/** How a signature that does not hold was made, where that can be told. */
export const signatureMistakes = [
  "re_serialised",
  "trailing_newline",
  "without_newline",
  "hex",
  "base64url",
  "unpadded",
  "seconds",
  "missing_colon",
  "body_only",
  "old_secret",
  "new_secret",
  "trimmed_secret",
  "sha1",
  "latin1",
  "escaped_unicode",
  "stale",
  "missing",
  "unknown",
] as const
export type SignatureMistake = (typeof signatureMistakes)[number]

export interface SignatureQuestion {
  /** The secret that should have signed. */
  secret: string
  /** Other live secrets, and whether each is the one before or after. */
  others?: readonly { secret: string; is: "old_secret" | "new_secret" }[]
  /** Milliseconds since 1970, as in the header. */
  timestamp: string
  body: string
  /** What was computed or came in the header. */
  given: string
  /** Milliseconds since 1970; unless given, age is not judged. */
  nowMs?: number
}

export interface SignatureFinding {
  /** What the signature should be: base64 of HMAC-SHA256 over `timestamp:body`. */
  expected: string
  isEqual: boolean
  /** Null where it holds. */
  mistake: SignatureMistake | null
  /** How far the timestamp is from now, ms; null where that is not judged. */
  skewMs: number | null
  /** Bytes that were signed. */
  bytes: number
}

const maxAgeMs = 5 * 60_000

/**
 * Names why a signature does not hold: recomputes it in every way that people get wrong and looks which of them gives the same text. Never throws for
 * what was given; the secrets do not appear in the finding.
 */
export function explainSignature(question: SignatureQuestion): SignatureFinding {
  const { secret, timestamp, body, nowMs } = question
  const given = question.given.trim()
  const expected = digest(secret, `${timestamp}:${body}`).toString("base64")
  const skewMs = nowMs === undefined || !/^\d+$/.test(timestamp) ? null : nowMs - Number(timestamp)
  const isStale = skewMs !== null && Math.abs(skewMs) > maxAgeMs
  const common = { expected, isEqual: given === expected, skewMs, bytes: Buffer.byteLength(`${timestamp}:${body}`) }
  if (given === "") return { ...common, mistake: "missing" }
  if (common.isEqual) return { ...common, mistake: isStale ? "stale" : null }
  const found = mistakesOf(question).find(([, value]) => value === given)
  return { ...common, mistake: found?.[0] ?? "unknown" }
}

const digest = (secret: string, text: string | Buffer): Buffer => createHmac("sha256", secret).update(text).digest()

/** What each mistake would have made. */
function mistakesOf({ secret, others = [], timestamp, body }: SignatureQuestion): [SignatureMistake, string | null][] {
  const signed = (over: string | Buffer, by = secret) => digest(by, over)
  const whole = signed(`${timestamp}:${body}`)
  const of = (text: string | null) => (text === null ? null : signed(`${timestamp}:${text}`).toString("base64"))
  return [
    ["hex", whole.toString("hex")],
    ["base64url", whole.toString("base64url")],
    ["unpadded", whole.toString("base64").replace(/=+$/, "")],
    ...others.map(({ secret: other, is }): [SignatureMistake, string] => [
      is,
      signed(`${timestamp}:${body}`, other).toString("base64"),
    ]),
    ["trimmed_secret", signed(`${timestamp}:${body}`, `${secret}\n`).toString("base64")],
    ...reSerialised(body).map((text): [SignatureMistake, string | null] => ["re_serialised", of(text)]),
    ["trailing_newline", of(`${body}\n`)],
    ["without_newline", of(body.replace(/\r?\n$/, ""))],
    ["escaped_unicode", of(escaped(body))],
    ["seconds", signed(`${Math.floor(Number(timestamp) / 1000)}:${body}`).toString("base64")],
    ["missing_colon", signed(`${timestamp}${body}`).toString("base64")],
    ["body_only", signed(body).toString("base64")],
    ["sha1", createHmac("sha1", secret).update(body).digest("base64")],
    ["sha1", createHmac("sha1", secret).update(`${timestamp}:${body}`).digest("base64")],
    ["latin1", signed(Buffer.from(`${timestamp}:${body}`, "latin1")).toString("base64")],
  ]
}

/** As frameworks write it again after they have parsed it: with spaces, indented, with sorted keys. */
function reSerialised(body: string): string[] {
  try {
    const value: unknown = JSON.parse(body)
    const plain = JSON.stringify(value)
    const sorted = JSON.stringify(sortKeys(value))
    const forms = [
      plain,
      JSON.stringify(value, null, 2),
      JSON.stringify(value, null, 4),
      sorted,
      spaced(value),
      spaced(sortKeys(value)),
    ]
    return [...forms, escaped(spaced(value)), escaped(sorted), slashed(plain)].filter((text) => text !== body)
  } catch {
    return []
  }
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  )
}

/** `{"a": 1, "b": [1, 2]}`, as Python writes it. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`
  if (typeof value !== "object" || value === null) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}: ${spaced(inner)}`)
    .join(", ")}}`
}

/** Everything beyond ASCII written as \uXXXX. */
const escaped = (text: string): string =>
  text.replace(/[\u0080-\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`)

/** As PHP writes slashes. */
const slashed = (text: string): string => text.replaceAll("/", "\\/")
