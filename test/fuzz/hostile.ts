import type { Method } from "@causeway/contract/endpoint"
import fc from "fast-check"
import type { Tried } from "./arbitraries.ts"

/** A request as it goes out, byte for byte. */
export interface Sent {
  method: Method | "HEAD" | "OPTIONS" | "PURGE"
  path: string
  headers: Record<string, string | string[]>
  body: Buffer | null
}

/** What no well-meaning client would do to a request, and some do. */
type Trick = (sent: Sent, random: Random) => void

interface Random {
  /** A whole number from 0 to below `count`. */
  below(count: number): number
  bytes: Buffer
}

/** A request as its schema says, most of the time; one in eight is spoiled by one trick. */
export function sentAs(method: Method, tried: fc.Arbitrary<Tried>): fc.Arbitrary<Sent> {
  const dice = fc.tuple(
    fc.integer({ min: 0, max: tricks.length * 8 - 1 }),
    fc.nat(),
    fc.uint8Array({ minLength: 4, maxLength: 64 }),
  )
  return fc.tuple(tried, dice).map(([{ path, json }, [which, seed, bytes]]) => {
    const sent: Sent = {
      method,
      path,
      headers: json === null ? {} : { "content-type": "application/json" },
      body: json === null ? null : Buffer.from(json),
    }
    const pick = seed >>> 0
    tricks[which]?.(sent, { below: (count) => pick % count, bytes: Buffer.from(bytes) })
    return sent
  })
}

const boundary = "xX"
const one = <Value>(values: readonly Value[], random: Random): Value => values[random.below(values.length)] as Value
const bodyOf = (sent: Sent): Buffer => sent.body ?? Buffer.from("{}")

function setBody(sent: Sent, body: string | Buffer, type: string | null): void {
  sent.body = Buffer.from(body)
  if (type === null) delete sent.headers["content-type"]
  else sent.headers["content-type"] = type
}

/** The fields of a JSON body as a form writes them, one level deep. */
function formOf(sent: Sent): [string, string][] {
  try {
    return Object.entries(JSON.parse(bodyOf(sent).toString()) as object).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ])
  } catch {
    return [["body", "x"]]
  }
}

const partsOf = (fields: readonly [string, string][]): string =>
  fields
    .map(([name, value]) => {
      const quoted = name.replace(/[\r\n"]/g, "_")
      return `--${boundary}\r\ncontent-disposition: form-data; name="${quoted}"\r\n\r\n${value}\r\n`
    })
    .join("")

const types = [
  "",
  "text/html",
  "application/xml",
  "application/json; charset=utf-16",
  "application/vnd.api+json",
  "APPLICATION/JSON",
  "application/json, text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data",
  "multipart/form-data; boundary=",
  "multipart/mixed; boundary=x",
  `multipart/form-data; boundary=${"b".repeat(252)}`,
  "x".repeat(4000),
]
const numbers = [
  "1e400",
  "-1e400",
  "1e-400",
  "123456789012345678901234567890",
  "-0",
  "0.1e1",
  "01",
  "0x1",
  "NaN",
  "Infinity",
]
const headers: [string, string | string[]][] = [
  ["accept", "text/html;q=0.9,*/*;q=2"],
  ["accept-encoding", "br;q=1.0, gzip;q=0, *;q=0"],
  ["accept-language", "x,".repeat(1000)],
  ["content-encoding", "gzip"],
  ["cookie", `a=${"b".repeat(3000)}; =; ;;; __proto__=1`],
  ["expect", "100-continue"],
  ["expect", "200-maybe"],
  ["if-match", '*, "a", W/"b"'],
  ["if-none-match", `"${"e".repeat(2000)}"`],
  ["if-modified-since", "yesterday"],
  ["last-event-id", "zzzzzzzz-999999999999999999"],
  ["origin", "null"],
  ["range", "bytes=0-0,-1,5-4,99999999999999999999-"],
  ["sec-fetch-site", "cross-site"],
  ["upgrade", "websocket"],
  ["x-forwarded-for", "127.0.0.1, ::1"],
  ["x-forwarded-host", "evil.example"],
  ["x-http-method-override", "DELETE"],
  ["content-disposition", "attachment; filename=x"],
  ["te", "trailers, deflate;q=0.5"],
]
const queries = [
  "?limit=1&limit=2",
  "?limit[]=1",
  "?limit[__proto__][x]=1",
  "?__proto__=1&constructor=2",
  "?q=%",
  "?q=%ff%fe",
  "?q=%00",
  "?=&&&=",
  "?page_token=%F0%9F%98%80",
  `?q=${"a".repeat(8000)}`,
  "?limit=-1&limit=1e9",
  "?a=1#b",
]
const places = [
  "//",
  "/./",
  "/%2e%2e/",
  "/%252e%252e/",
  "/%2f",
  "/%",
  "/%zz",
  "/%ff",
  "/;a=b",
  "/\\",
  "/%00",
  `/${"a".repeat(2000)}`,
]

const tricks: readonly Trick[] = [
  (sent, { bytes }) => setBody(sent, bytes, "application/json"),
  (sent, { bytes }) =>
    setBody(sent, Buffer.concat([bodyOf(sent).subarray(0, -1), bytes, Buffer.from("}")]), "application/json"),
  (sent, random) => setBody(sent, bodyOf(sent).subarray(0, random.below(bodyOf(sent).length + 1)), "application/json"),
  (sent) => setBody(sent, `\ufeff${bodyOf(sent)}`, "application/json"),
  (sent) => setBody(sent, Buffer.from(bodyOf(sent).toString(), "utf16le"), "application/json; charset=utf-16"),
  (sent, random) =>
    setBody(
      sent,
      bodyOf(sent)
        .toString()
        .replace(/-?\d[\d.eE+-]*/, one(numbers, random)),
      "application/json",
    ),
  // The same names twice: which one counts is a guess that must not end in a 5xx.
  (sent) =>
    setBody(
      sent,
      bodyOf(sent)
        .toString()
        .replace(/^\{(.+)\}$/s, "{$1,$1}"),
      "application/json",
    ),
  (sent, random) => setBody(sent, `${'{"a":'.repeat(1 + random.below(5_000))}1`, "application/json"),
  (sent, random) =>
    setBody(
      sent,
      bodyOf(sent)
        .toString()
        .replace(/"[^"]*"/, `"${"\\ud83d".repeat(1 + random.below(500))}"`),
      "application/json",
    ),
  (sent, random) => setBody(sent, bodyOf(sent), one(types, random)),
  (sent) => setBody(sent, bodyOf(sent), null),
  (sent) => setBody(sent, `${partsOf(formOf(sent))}--${boundary}--\r\n`, `multipart/form-data; boundary=${boundary}`),
  (sent, random) => {
    const form = Buffer.from(`${partsOf(formOf(sent))}--${boundary}--\r\n`)
    setBody(sent, form.subarray(0, random.below(form.length)), `multipart/form-data; boundary=${boundary}`)
  },
  (sent, { bytes }) => {
    const file = `--${boundary}\r\ncontent-disposition: form-data; name="attachments[0]"; filename="../${bytes.toString("base64url")}"\r\ncontent-type: x/${bytes.toString("hex")}\r\n\r\n`
    setBody(sent, `${file}A\r\n${partsOf(formOf(sent))}--${boundary}--`, `multipart/form-data; boundary="${boundary}"`)
  },
  (sent) => setBody(sent, new URLSearchParams(formOf(sent)).toString(), "application/x-www-form-urlencoded"),
  (sent) => setBody(sent, "a=1&a=2&__proto__=3&%ff=%00&=", "application/x-www-form-urlencoded"),
  (sent, random) => {
    const [name, value] = one(headers, random)
    sent.headers[name] = value
  },
  (sent, random) => {
    sent.path = sent.path.split("?")[0] + one(queries, random)
  },
  (sent, random) => {
    const [path = "", query = ""] = sent.path.split("?")
    const at = path.lastIndexOf("/")
    sent.path = `${path.slice(0, at)}${one(places, random)}${path.slice(at + 1)}${query && `?${query}`}`
  },
  (sent, random) => {
    sent.method = one(["HEAD", "OPTIONS", "PURGE", "GET", "POST", "PUT", "PATCH", "DELETE"] as const, random)
  },
  // A body where none is taken.
  (sent, { bytes }) => setBody(sent, bytes.toString("hex").repeat(100), "application/octet-stream"),
]
