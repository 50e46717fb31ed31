/** Kinds that a browser may show in place: pictures, and what is played. */
export type ShownKind = "picture" | "sound or film"

const ascii =
  (text: string) =>
  (head: Buffer, at = 0) =>
    head.toString("latin1", at, at + text.length) === text
const riff = (form: string) => (head: Buffer) => ascii("RIFF")(head) && ascii(form)(head, 8)
const bytes = (hex: string) => (head: Buffer) => head.toString("hex", 0, hex.length / 2) === hex

/** By the bytes that a file of each kind begins with. Source: WHATWG MIME Sniffing, 6, and the formats' own documents. */
const beginnings: readonly [ShownKind, (head: Buffer) => boolean][] = [
  ["picture", bytes("89504e470d0a1a0a")],
  ["picture", bytes("ffd8ff")],
  ["picture", ascii("GIF87a")],
  ["picture", ascii("GIF89a")],
  ["picture", riff("WEBP")],
  ["sound or film", riff("WAVE")],
  ["sound or film", ascii("ID3")],
  ["sound or film", ascii("OggS")],
  ["sound or film", ascii("fLaC")],
  ["sound or film", ascii("#!AMR")],
  ["sound or film", ascii(".snd")],
  ["sound or film", ascii("caff")],
  ["sound or film", (head) => ascii("FORM")(head) && /^AIF[FC]$/.test(head.toString("latin1", 8, 12))],
  // WebM and Matroska
  ["sound or film", bytes("1a45dfa3")],
  // MP4, M4A, 3GPP: the size of the first box, then its name
  ["sound or film", (head) => ascii("ftyp")(head, 4)],
  // MPEG audio and AAC without a tag: eleven bits of ones
  ["sound or film", (head) => head[0] === 0xff && ((head[1] ?? 0) & 0xe0) === 0xe0],
]

/** So many bytes decide. */
export const headBytes = 16

/** What a file is by its first bytes, whatever it is called; null: nothing that is shown. */
export const kindOfBytes = (head: Buffer): ShownKind | null => beginnings.find(([, isIt]) => isIt(head))?.[0] ?? null

/** What a type says of the files that have it; null: they are saved rather than shown. */
export function kindOfType(contentType: string): ShownKind | null {
  if (/^image\/(png|jpeg|gif|webp)$/.test(contentType)) return "picture"
  return /^(audio\/[\w.+-]+|video\/(mp4|webm|ogg))$/.test(contentType) ? "sound or film" : null
}
