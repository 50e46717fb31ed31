import { Readable } from "node:stream"
import type { FileStore } from "../attachments/files.ts"
import type { MessageRow } from "./read.ts"

/** A file of a message, under its name in the store. */
export interface EmlFile {
  filename: string
  content_type: string
  cid: string | null
  is_inline: boolean
  sha256: Buffer
}

/**
 * A message as RFC 5322 has it, with text and HTML beside each other and its files after them. `host` is what Message-ID ends with. Files are read
 * while they are sent; one that is gone is left out.
 */
export function emlOf(message: MessageRow, files: readonly EmlFile[], store: FileStore, host: string): Readable {
  return Readable.from(lines(message, files, store, host), { objectMode: false })
}

async function* lines(
  message: MessageRow,
  files: readonly EmlFile[],
  store: FileStore,
  host: string,
): AsyncGenerator<string> {
  const outer = `mixed-${message.uid}`
  const inner = `alternative-${message.uid}`
  const alternative = [
    `Content-Type: multipart/alternative; boundary="${inner}"`,
    "",
    ...part(inner, "text/plain", message.text),
    ...part(inner, "text/html", message.body),
    `--${inner}--`,
    "",
  ]
  const head = headersOf(message, host)
  if (files.length === 0) {
    yield `${[...head, ...alternative].join("\r\n")}`
    return
  }
  yield [...head, `Content-Type: multipart/mixed; boundary="${outer}"`, "", `--${outer}`, ...alternative, ""].join(
    "\r\n",
  )
  for (const file of files) yield* filePart(outer, file, store)
  yield `--${outer}--\r\n`
}

function headersOf(message: MessageRow, host: string): string[] {
  const people = (role: string) =>
    message.recipients
      .filter((recipient) => recipient.role === role)
      .map(mailbox)
      .join(",\r\n ")
  const lists = [
    ["From", people("from")],
    ["Reply-To", people("reply-to")],
    ["To", people("to")],
    ["Cc", people("cc")],
  ]
  return [
    ...lists.flatMap(([name, value]) => (value === "" ? [] : [`${name}: ${value}`])),
    `Subject: ${encodeWords(message.subject)}`,
    `Date: ${message.created_at.toUTCString().replace("GMT", "+0000")}`,
    `Message-ID: <${message.uid}@${host}>`,
    "MIME-Version: 1.0",
  ]
}

/** A name as encoded words or in quotes, and the address with nothing in it that could end the line. */
function mailbox({ name, handle }: { name: string | null; handle: string }): string {
  const address = encodeAddress(handle)
  if (!name) return address
  return `${/^[\w ]+$/.test(name) ? `"${name}"` : encodeWords(name, true)} <${address}>`
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what an address must not have
const encodeAddress = (handle: string): string => handle.replace(/[\x00-\x20<>,;"]/g, "")

const wordBytesMax = 45

/** RFC 2047: pieces of at most 75 characters, each a whole number of characters. Plain ASCII stays as it is unless `always`. */
function encodeWords(text: string, always = false): string {
  if (!always && /^[\x20-\x7e]*$/.test(text) && text.length <= 60 && !text.includes("=?")) return text
  const words: string[] = []
  let word = ""
  for (const character of text) {
    if (Buffer.byteLength(word + character) > wordBytesMax) {
      words.push(word)
      word = ""
    }
    word += character
  }
  words.push(word)
  return words.map((each) => `=?utf-8?B?${Buffer.from(each).toString("base64")}?=`).join("\r\n ")
}

const part = (boundary: string, type: string, text: string): string[] => [
  `--${boundary}`,
  `Content-Type: ${type}; charset=utf-8`,
  "Content-Transfer-Encoding: base64",
  "",
  wrap(Buffer.from(text).toString("base64")),
  "",
]

/** Lines of 76 characters (RFC 2045 6.8). */
const wrap = (base64: string): string => base64.replace(/.{76}(?=.)/g, "$&\r\n")

/** 57 bytes make one line of 76; whole lines are sent as they come from the disk. */
const lineBytes = 57

async function* filePart(boundary: string, file: EmlFile, store: FileStore): AsyncGenerator<string> {
  const found = await store.open(file.sha256)
  if (found === null) return
  const name = `filename*=UTF-8''${encodeURIComponent(file.filename).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)}`
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a line break in a header would begin another one
  const type = file.content_type.replace(/[\x00-\x1f]/g, "")
  yield [
    `--${boundary}`,
    `Content-Type: ${type}`,
    "Content-Transfer-Encoding: base64",
    `Content-Disposition: ${file.is_inline ? "inline" : "attachment"}; ${name}`,
    ...(file.cid === null ? [] : [`Content-ID: <${encodeAddress(file.cid)}>`]),
    "",
    "",
  ].join("\r\n")
  let rest = Buffer.alloc(0)
  for await (const piece of found.stream()) {
    const bytes = Buffer.concat([rest, piece as Buffer])
    const whole = bytes.length - (bytes.length % lineBytes)
    if (whole > 0) yield `${wrap(bytes.subarray(0, whole).toString("base64"))}\r\n`
    rest = bytes.subarray(whole)
  }
  yield `${rest.toString("base64")}\r\n`
}
