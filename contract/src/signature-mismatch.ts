import { createHmac } from "node:crypto"

/** A webhook, and the signature that somebody computed for it. */
export interface Claimed {
  /** What was computed or received: base64, or whatever it turned out to be. */
  signature: string
  /** Milliseconds since 1970, as in the header. */
  timestamp: string
  /** The exact body. */
  body: string
  secret: string
  /** The secret before the last rotation. */
  oldSecret?: string | undefined
}

/** `code` is stable. `said` is what happened, `fix` what to change. */
export interface Mismatch {
  code:
    | "reserialised"
    | "pretty"
    | "trailing_newline"
    | "seconds"
    | "missing_colon"
    | "body_only"
    | "hex"
    | "base64url"
    | "old_secret"
    | "sha1"
    | "unknown"
  said: string
  fix: string
}

interface Mistake {
  code: Exclude<Mismatch["code"], "unknown">
  said: string
  fix: string
  /** What was signed by mistake; the right text otherwise. */
  text?(claimed: Claimed): string | null
  secret?(claimed: Claimed): string | undefined
  algorithm?: "sha1"
  encoding?: "hex" | "base64url"
}

const overBody =
  (change: (body: string) => string | null) =>
  ({ timestamp, body }: Claimed): string | null => {
    const changed = change(body)
    return changed === null || changed === body ? null : `${timestamp}:${changed}`
  }

/** JSON again after parsing, with `sort` as Python's and Java's maps write it. Null: it is no JSON. */
function reserialised(body: string, indent = 0): string | null {
  try {
    return JSON.stringify(JSON.parse(body), null, indent)
  } catch {
    return null
  }
}

/** As Python's `json.dumps` writes: a space after colons and commas, other letters escaped. */
function likePython(body: string): string | null {
  try {
    return pythonJson(JSON.parse(body))
  } catch {
    return null
  }
}

function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(", ")}]`
  if (typeof value === "object" && value !== null)
    return `{${Object.entries(value)
      .map(([key, inner]) => `${pythonJson(key)}: ${pythonJson(inner)}`)
      .join(", ")}}`
  return JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  )
}

/** JSON with the keys of every object in order. */
function sorted(body: string): string | null {
  const inOrder = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inOrder)
    if (typeof value !== "object" || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, inner]) => [key, inOrder(inner)]),
    )
  }
  try {
    return JSON.stringify(inOrder(JSON.parse(body)))
  } catch {
    return null
  }
}

const rawBytes = "verify over the raw request bytes, before any JSON middleware"
const reparsed = (said: string, change: (body: string) => string | null): Mistake => ({
  code: "reserialised",
  said: `it is the signature of the body after parsing and writing it again${said}`,
  fix: rawBytes,
  text: overBody(change),
})

const mistakes: readonly Mistake[] = [
  { code: "hex", said: "it is the right digest, written in hex", fix: "write the digest in base64", encoding: "hex" },
  {
    code: "base64url",
    said: "it is the right digest, in URL-safe base64",
    fix: "use standard base64, with + / and =",
    encoding: "base64url",
  },
  {
    code: "old_secret",
    said: "it was made with the secret from before the last rotation",
    fix: "accept either secret until the overlap ends, then only the new one",
    secret: ({ oldSecret }) => oldSecret,
  },
  {
    code: "trailing_newline",
    said: "it is the signature of the body with a line break at its end",
    fix: "sign the body as it came: many editors and echo add a line break",
    text: overBody((body) => `${body}\n`),
  },
  {
    code: "trailing_newline",
    said: "it is the signature of the body without the line break at its end",
    fix: "sign the body as it came, its last line break included",
    text: overBody((body) => body.replace(/\r?\n$/, "")),
  },
  reparsed("", reserialised),
  reparsed(" (key order changed)", sorted),
  reparsed(" (a space after every colon and comma)", likePython),
  {
    code: "pretty",
    said: "it is the signature of the body with line breaks and indents",
    fix: rawBytes,
    text: overBody((body) => reserialised(body, 2)),
  },
  {
    code: "seconds",
    said: "it is the signature with the timestamp in seconds",
    fix: "use the timestamp header as it came: it is in milliseconds",
    text: ({ timestamp, body }) => `${timestamp.slice(0, -3)}:${body}`,
  },
  {
    code: "missing_colon",
    said: "it is the signature without the colon between timestamp and body",
    fix: "sign the timestamp, a colon, the body",
    text: ({ timestamp, body }) => timestamp + body,
  },
  {
    code: "body_only",
    said: "it is the signature of the body alone",
    fix: "sign the timestamp, a colon, the body",
    text: ({ body }) => body,
  },
  {
    code: "sha1",
    said: "it was made with SHA-1 over the body, as custom channels are signed",
    fix: "use HMAC-SHA256 over the timestamp, a colon, the body",
    text: ({ body }) => body,
    algorithm: "sha1",
  },
]

const encodings = ["base64", "hex", "base64url"] as const

/** The right signature. */
export const signatureOf = ({ secret, timestamp, body }: Claimed): string =>
  createHmac("sha256", secret).update(`${timestamp}:${body}`).digest("base64")

/**
 * What somebody did to get this signature: null when it is right. Tries the usual mistakes one by one, and each with each way of writing a digest;
 * `unknown` is a wrong secret, or a body that is not the one signed.
 */
export function explainMismatch(claimed: Claimed): Mismatch | null {
  const given = claimed.signature.trim()
  if (given === signatureOf(claimed)) return null
  for (const { code, said, fix, ...mistake } of mistakes) {
    const text = mistake.text === undefined ? `${claimed.timestamp}:${claimed.body}` : mistake.text(claimed)
    const secret = mistake.secret === undefined ? claimed.secret : mistake.secret(claimed)
    if (text === null || secret === undefined) continue
    const digest = createHmac(mistake.algorithm ?? "sha256", secret)
      .update(text)
      .digest()
    const written = mistake.encoding === undefined ? encodings : [mistake.encoding]
    const found = written.find((encoding) => same(given, digest.toString(encoding), encoding))
    if (found === undefined) continue
    const also = found === "base64" || mistake.encoding !== undefined ? "" : `, and in ${found} instead of base64`
    return { code, said: said + also, fix: also === "" ? fix : `${fix}; and write the digest in base64` }
  }
  return {
    code: "unknown",
    said: "it matches none of the usual mistakes: another secret, or another body than the one given",
    fix: "compare the secret with the app's, and give the body exactly as it came",
  }
}

const same = (given: string, digest: string, encoding: (typeof encodings)[number]): boolean =>
  encoding === "hex" ? given.toLowerCase() === digest : given === digest || given === digest.replace(/=+$/, "")
